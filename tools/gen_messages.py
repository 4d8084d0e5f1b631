#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns data/messages/*.toml into C++ rows for src/explain.

    gen_messages.py OUT_FOLDER CAUSES.tsv IN.toml...

It writes message_texts.inc, message_shares.inc, message_rows.inc, hint_rows.inc, alert_rows.inc (for
src/explain/knowledge.cpp) and message_examples.inc (for the tests). What a row may say stands in
docs/manual/how-to-add-an-error-message.md; every row is held to it here, and a mistake ends the build
with FILE: ROW: the reason.
"""

import re
import sys
import tomllib
from pathlib import Path

try:
    from re import _parser as parser
except ImportError:  # before Python 3.11
    import sre_parse as parser

OBSERVERS = ["client", "server", "proxy_upstream", "both", "unknown"]
RAISED = [
    "local_before_send",
    "local_after_receive",
    "peer_alert",
    "bytes_not_tls",
    "transport",
    "timeout",
    "unknown",
]
SIDES = ["server", "client", "middlebox", "network", "not_tls", "none", "unclear"]

MESSAGE = {"id", "pattern", "stack", "observer", "raised", "alert", "specificity", "causes", "sides", "why", "ask"}
MESSAGE |= {"server_causes", "examples", "note"}
HINT = {"id", "pattern", "when", "factors", "sides", "observer", "stack", "why", "ask", "examples", "note"}
ALERT = {"number", "causes", "server_causes", "sides", "why", "ask", "note"}
KINDS = {"message", "hint", "alert"}

ID = re.compile(r"[a-z0-9][a-z0-9._+-]*")
STACK = re.compile(r"[a-z][a-z0-9_+.-]*")


class Malformed(Exception):
    """The reason, with FILE: ROW in front."""


def literal(value):
    """A C++ string literal; everything but plain ASCII is octal, which no compiler reinterprets."""
    plain = lambda byte: 0x20 <= byte < 0x7F and byte not in b'"\\?'
    return '"' + "".join(chr(b) if plain(b) else f"\\{b:03o}" for b in value.encode()) + '"'


class Tables:
    """Collects the rows of all files."""

    def __init__(self, causes):
        self.causes = causes
        self.ids = {}
        self.messages, self.hints, self.alerts = [], [], []
        self.texts, self.shares, self.examples = [], [], []

    def take(self, path):
        """Reads one file."""
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise Malformed(f"{path}: {e}") from None
        unknown = set(document) - KINDS
        if unknown:
            raise Malformed(f"{path}: unknown table {', '.join(sorted(unknown))}")
        for kind, take in (("message", self.message), ("hint", self.hint), ("alert", self.alert)):
            for at, row in enumerate(document.get(kind, []), start=1):
                name = row.get("id", row.get("number", f"number {at}"))
                try:
                    take(row, f"{path}: {kind} {name}")
                except ValueError as e:
                    raise Malformed(f"{path}: {kind} {name}: {e}") from None

    def message(self, row, where):
        only(row, MESSAGE)
        name = self.new_id(row, where)
        fields = [
            f".id = {literal(name)}",
            f".pattern = {literal(pattern(row))}",
            f".literals = {self.span_of(literals(row))}",
            f".stack = {literal(word(row, 'stack', STACK))}",
            f".observer = Observer::{one_of(row, 'observer', OBSERVERS)}",
            f".raised = Raised::{one_of(row, 'raised', RAISED)}",
            f".alert = {number(row, 'alert', -1, 0, 255)}",
            f".specificity = {number(row, 'specificity', 50, 1, 1000)}",
            f".causes = {self.share_span(row, 'causes')}",
            f".server_causes = {self.share_span(row, 'server_causes', optional=True)}",
            f".ask = {self.text_span(row, 'ask')}",
        ]
        examples = strings(row, "examples")
        if not examples:
            raise ValueError("it needs at least one example")
        for example in examples:
            self.examples.append(f"{{{literal(name)}, {literal(example)}}},")
        self.messages.append("{" + ", ".join(fields) + "},")

    def hint(self, row, where):
        only(row, HINT)
        name = self.new_id(row, where)
        observer = one_of(row, "observer", OBSERVERS) if "observer" in row else None
        fields = [
            f".id = {literal(name)}",
            f".pattern = {literal(pattern(row))}",
            f".literals = {self.span_of(literals(row))}",
            f".when = {self.text_span(row, 'when')}",
            f".factors = {self.share_span(row, 'factors', optional=True)}",
            f".observer = {'Observer::' + observer if observer else 'std::nullopt'}",
            f".stack = {literal(word(row, 'stack', STACK) if 'stack' in row else '')}",
            f".ask = {self.text_span(row, 'ask')}",
        ]
        self.hints.append("{" + ", ".join(fields) + "},")

    def alert(self, row, where):
        only(row, ALERT)
        at = number(row, "number", -1, 0, 255)
        if at < 0:
            raise ValueError("a number is missing")
        if f"alert {at}" in self.ids:
            raise ValueError(f"stands already in {self.ids[f'alert {at}']}")
        self.ids[f"alert {at}"] = where
        fields = [
            f".number = {at}",
            f".causes = {self.share_span(row, 'causes')}",
            f".server_causes = {self.share_span(row, 'server_causes', optional=True)}",
            f".ask = {self.text_span(row, 'ask')}",
        ]
        self.alerts.append((at, "{" + ", ".join(fields) + "},"))

    def new_id(self, row, where):
        name = word(row, "id", ID)
        if name in self.ids:
            raise ValueError(f"the same id stands already in {self.ids[name]}")
        self.ids[name] = where
        return name

    def text_span(self, row, key):
        return self.span_of(strings(row, key))

    def span_of(self, values):
        at = len(self.texts)
        self.texts += [f"{literal(value)}," for value in values]
        return f"texts({at}, {len(values)})"

    def share_span(self, row, key, optional=False):
        """The causes of a row with their weights, and what it says of each."""
        table = row.get(key, {} if optional else None)
        if not isinstance(table, dict) or not (table or optional):
            raise ValueError(f"{key}: a table of causes and weights is wanted")
        sides, why = row.get("sides", {}), row.get("why", {})
        for name, extra in (("sides", sides), ("why", why)):
            if not isinstance(extra, dict):
                raise ValueError(f"{name}: a table is wanted")
            unknown = set(extra) - set(self.causes)
            if unknown:
                raise ValueError(f"{name}: unknown cause {', '.join(sorted(unknown))}")
        at = len(self.shares)
        for cause, weight in table.items():
            if cause not in self.causes:
                raise ValueError(f"{key}: unknown cause {cause!r}")
            if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight <= 10000:
                raise ValueError(f"{key}: the weight of {cause} is not a number of 0 to 10000")
            if cause in sides and sides[cause] not in SIDES:
                raise ValueError(f"sides: {sides[cause]!r} is none of {', '.join(SIDES)}")
            side = f"Side::{sides[cause]}" if cause in sides else "std::nullopt"
            sentence = why.get(cause, "")
            if not isinstance(sentence, str):
                raise ValueError(f"why: {cause}: a sentence is wanted")
            self.shares.append(f"{{{literal(cause)}, {float(weight)}, {side}, {literal(sentence)}}},")
        return f"shares({at}, {len(table)})"


def only(row, known):
    unknown = set(row) - known
    if unknown:
        raise ValueError(f"unknown key {', '.join(sorted(unknown))}")


def word(row, key, shape):
    value = row.get(key)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError(f"{key}: {value!r} is not a name")
    return value


def one_of(row, key, known):
    if row.get(key) not in known:
        raise ValueError(f"{key}: {row.get(key)!r} is none of {', '.join(known)}")
    return row[key]


def number(row, key, missing, least, most):
    value = row.get(key, missing)
    if value is missing:
        return missing
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{key}: {value!r} is not a whole number of {least} to {most}")
    return value


def strings(row, key):
    values = row.get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise ValueError(f"{key}: a list of texts is wanted")
    return values


def pattern(row):
    """A regular expression of RE2; what Python can see of its mistakes is seen here, the rest by a test."""
    value = row.get("pattern")
    if not isinstance(value, str) or len(value) < 2:
        raise ValueError("pattern: a regular expression is wanted")
    if "\n" in value:
        raise ValueError("pattern: it is held to one line at a time")
    if re.search(r"\(\?(=|!|<=|<!)|\\[1-9]", value):
        raise ValueError("pattern: RE2 has neither look-around nor back-references")
    python = re.sub(r"\\z", r"\\Z", value)
    try:
        compiled = re.compile(python, re.IGNORECASE)
    except re.error as e:
        raise ValueError(f"pattern: {e}") from None
    if compiled.search(""):
        raise ValueError("pattern: it matches an empty line")
    return value


# --- literals -------------------------------------------------------------------------------------------
# A line can only match a pattern if it holds one of a few literals, which are worked out here from the
# pattern's syntax tree: the program looks for these first, and compiles a pattern when it meets one.

SHORTEST, LONGEST, MOST = 3, 16, 64


def product(left, right):
    """All texts of `left` followed by one of `right`; None where that is too many."""
    if len(left) * len(right) > MOST:
        return None
    return {a + b for a in left for b in right}


def better(a, b):
    """The set whose shortest literal is longer, then the smaller one."""
    if not a or not b:
        return a or b
    rank = lambda literals: (-min(min(map(len, literals)), LONGEST), len(literals))
    return min(a, b, key=rank)


def members(items):
    """The characters of a small class, None for others."""
    if len(items) > 4 or any(op is not parser.LITERAL for op, _ in items):
        return None
    return {chr(value).lower() for _, value in items}


def exact_of(op, value):
    """What an element is, if that is a few texts, and what any match of it must hold."""
    if op is parser.LITERAL:
        return {chr(value).lower() if value < 128 else chr(value)}, None
    if op is parser.AT:
        return {""}, None
    if op is parser.IN:
        return members(value), None
    if op is parser.SUBPATTERN:
        return literals_of(value[-1])
    if op is parser.BRANCH:
        parts = [literals_of(branch) for branch in value[1]]
        exact = set().union(*(part[0] for part in parts)) if all(part[0] for part in parts) else None
        required = [part[0] or part[1] for part in parts]
        held = set().union(*required) if all(usable(r) for r in required) else None
        return (exact if exact and len(exact) <= MOST else None), held
    if op in (parser.MAX_REPEAT, parser.MIN_REPEAT):
        least, most, inner = value
        exact, required = literals_of(inner)
        if least == 0:
            return (exact | {""} if exact and most == 1 else None), None
        return (exact if least == most == 1 else None), exact or required
    return None, None


def usable(literals):
    return bool(literals) and min(map(len, literals)) >= SHORTEST


def literals_of(tree):
    """Returns (exact, required) of a sequence: all its texts or None, and one set that each match meets."""
    run, required, exact_so_far = {""}, None, True
    for op, value in tree:
        exact, inner = exact_of(op, value)
        longer = product(run, exact) if exact else None
        if usable(inner):
            required = better(required, inner)
        if longer is None:
            exact_so_far = False
            required = better(required, run) if usable(run) else required
            run = exact or {""}
        else:
            run = longer
    if exact_so_far:
        return run, (run if usable(run) else None)
    return None, better(required, run) if usable(run) else required


def literals(row):
    """The literals of a row's pattern, of which every line that matches holds one."""
    exact, required = literals_of(parser.parse(re.sub(r"\\z", r"\\Z", row["pattern"])))
    found = exact if usable(exact) else required
    if not usable(found):
        raise ValueError(f"pattern: each alternative needs a literal of {SHORTEST} characters")
    cut = {literal[:LONGEST] for literal in found}
    return sorted(a for a in cut if not any(b != a and b in a for b in cut))


def cause_names(path):
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [line.split("\t")[0] for line in lines[1:]]


def main(arguments):
    if len(arguments) < 3:
        sys.exit(__doc__)
    out = Path(arguments[0])
    try:
        tables = Tables(cause_names(Path(arguments[1])))
        for path in sorted(map(Path, arguments[2:])):
            tables.take(path)
        if not tables.messages:
            raise Malformed(f"{arguments[2]}: no [[message]] in any file")
    except (Malformed, OSError) as e:
        sys.exit(str(e))
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "message_texts.inc": tables.texts or ['"",'],
        "message_shares.inc": tables.shares,
        "message_rows.inc": tables.messages,
        "hint_rows.inc": tables.hints,
        "alert_rows.inc": [row for _, row in sorted(tables.alerts)],
        "message_examples.inc": tables.examples,
    }
    head = f"// Made by {Path(__file__).name} from data/messages/; change the files there instead.\n"
    for name, rows in files.items():
        (out / name).write_text(head + "\n".join(rows) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
