#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes data/stacks.tsv, by which src/diagnose/stack.cpp names the TLS stack, from data/stacks/measured.tsv.

    tools/gen_stacks.py              writes the table
    tools/gen_stacks.py --check      the table is fresh, and no set-up that was left out gets a wrong name
    tools/gen_stacks.py --evaluate   prints right, unknown and wrong for every way of leaving out

A row says which answers one style of refusing gave to one probe, while this was the newest version that the
server accepted: over all set-ups, so a set of answers is what the style does whatever is enabled. The naming
is repeated here (`named`) for one purpose: to judge each set-up by a table that was made without it.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "data" / "stacks" / "measured.tsv"
TABLE = ROOT / "data" / "stacks.tsv"

VERSIONS = {"ssl2": "0002", "ssl3": "0300", "tls10": "0301", "tls11": "0302", "tls12": "0303", "tls13": "0304"}
ORDER = list(VERSIONS)
TRAITS = {"scsv12": "tls12", "nosig12": "tls12", "wrong12": "tls12", "wrong13": "tls13"}

# Server -> style, family. A style is a way of refusing: servers that swallow their library's alerts have one
# of their own. All others are named after the library alone.
STYLES = {
    "node0.10": ("OpenSSL 1.0.1", "OpenSSL 1.0.x"),
    "node4": ("OpenSSL 1.0.2", "OpenSSL 1.0.x"),
    "node10": ("OpenSSL 1.1.1", "OpenSSL 1.1.1"),
    "node24": ("OpenSSL 3.5", "OpenSSL 3.5"),
    "dovecot": ("OpenSSL 3.0, silent", "OpenSSL 3.0"),
    "gnutls-serv": ("GnuTLS", "GnuTLS"),
    "exim": ("GnuTLS", "GnuTLS"),
    "lighttpd-gnutls": ("GnuTLS, silent", "GnuTLS"),
    "lighttpd-mbedtls": ("mbedTLS", "mbedTLS"),
    "mbedtls": ("mbedTLS", "mbedTLS"),
    "lighttpd-wolfssl": ("wolfSSL", "wolfSSL"),
    "wolfssl": ("wolfSSL", "wolfSSL"),
    "selfserv": ("NSS", "NSS"),
    "boringssl": ("BoringSSL", "BoringSSL"),
    "bearssl": ("BearSSL", "BearSSL"),
    "botan": ("Botan", "Botan"),
    "java17": ("Java (JSSE)", "Java (JSSE)"),
    "java25": ("Java (JSSE)", "Java (JSSE)"),
    "go": ("Go", "Go"),
    "caddy": ("Go", "Go"),
}
REST = ("OpenSSL 3.0", "OpenSSL 3.0")

# Documented: these never learnt TLS 1.3. Of the others some release did, even where the measured one had not.
STOPS_AT_TLS_1_2 = {"OpenSSL 1.0.x", "BearSSL"}

HEAD = """\
# SPDX-License-Identifier: Apache-2.0
# How TLS stacks refuse. Made by tools/gen_stacks.py from data/stacks/measured.tsv (33 servers of Debian 12 and
# Node.js in 27 variants, measured on 2026-11-23); change those instead.
# style     a way of refusing; the rows of a style stand together
# family    the name to give: a library, with its generation where that shows
# probe     the version that was offered alone, scsv12 nosig12 wrong12 wrong13 as in measured.tsv, or `accepts`:
#           which newest version the library can accept at all
# newest    the newest version that the server accepted; - none
# answers   every answer that was seen: A70/0301 is alert 70 in a record of version 0301, `ok` an acceptance
style\tfamily\tprobe\tnewest\tanswers
"""


def style_of(server):
    return STYLES.get(server, REST)


def measured():
    """Yields (server, variant, {probe: answer})."""
    lines = [line for line in MEASURED.read_text().splitlines() if not line.startswith("#")]
    header = lines[0].split("\t")
    for line in lines[1:]:
        cells = dict(zip(header, line.split("\t"), strict=True))
        yield cells.pop("server"), cells.pop("variant"), cells


def newest_accepted(answers):
    accepted = [v for v in ORDER if answers[v][1:] == VERSIONS[v] and answers[v][0] in "SH"]
    return accepted[-1] if accepted else "-"


def is_about_the_setup(probe, newest, answer):
    """Alerts 40 and 112 say what is configured, not who says it: no suite in common, no such name."""
    if answer.startswith("A112/"):
        return True
    above = newest != "-" and ORDER.index(probe) > ORDER.index(newest)
    legacy = min(VERSIONS[probe], VERSIONS["tls12"])
    return not above and probe >= "tls10" and answer == f"A40/{legacy}"


def observations(answers, traits):
    """Returns {(probe, newest): answer} of what may tell one stack from another."""
    newest = newest_accepted(answers)
    seen = {}
    for probe in ORDER:
        answer = answers[probe]
        if answer[0] in "AFR" and not is_about_the_setup(probe, newest, answer):
            seen[probe, newest] = answer
    for probe, base in TRAITS.items() if traits else ():
        accepted = answers[base][0] in "SH" and answers[base][1:] == VERSIONS[base]
        answer = "ok" if answers[probe][0] in "SH" else answers[probe]
        if accepted and answer[0] in "AFRo" and not answer.startswith(("A40/", "A112/")):
            seen[probe, newest] = answer
    return seen


def learnt(setups):
    """Returns {(style, family): {(probe, newest): answers}}."""
    table = defaultdict(lambda: defaultdict(set))
    for server, _, answers in setups:
        cells = table[style_of(server)]
        for key, answer in observations(answers, True).items():
            cells[key].add(answer)
    for (_, family), cells in table.items():
        cells["accepts", "-"] = set(ORDER[1:-1] if family in STOPS_AT_TLS_1_2 else ORDER[1:])
    return table


def is_wordless(answer):
    return answer in ("FIN", "RST")


def lineage(family):
    return family.split(" ")[0]


def contradiction(cells, seen):
    """2 for each answer that the style never gave, 1 for all the wordless ones together."""
    score = wordless = 0
    for (probe, newest), answer in seen.items():
        known = cells.get((probe, newest))
        if known is None:  # that situation was never measured: any answer to this probe counts
            known = set().union(*(answers for key, answers in cells.items() if key[0] == probe))
            if not known:  # nor this probe at all
                continue
        if answer not in known:
            wordless, score = (1, score) if is_wordless(answer) else (wordless, score + 2)
    return score + wordless


def named(table, answers, traits):
    """Returns (name or `unknown`, confidence, candidates)."""
    seen = observations(answers, traits)
    newest = newest_accepted(answers)
    words = [answer for answer in seen.values() if not is_wordless(answer)]
    if newest != "-":
        seen["accepts", "-"] = newest
    scores = {style: contradiction(cells, seen) for style, cells in table.items()}
    candidates = sorted({family for (_, family), score in scores.items() if score < 2})
    enough = len(words) >= 2 and (newest != "-" or len(set(words)) >= 2)
    if not enough or len({lineage(family) for family in candidates}) != 1:
        return "unknown", None, candidates
    line = lineage(candidates[0])
    near = sorted({family for (_, family), score in scores.items() if lineage(family) == line and score < 3})
    margin = min(score for (_, family), score in scores.items() if lineage(family) != line)
    if newest == "-" and margin < 4:
        return "unknown", None, candidates
    confidence = "likely" if newest != "-" and margin >= 3 else "possible"
    return near[0] if len(near) == 1 else line, confidence, near


def text_of(table):
    rows = [
        "\t".join([style, family, probe, newest, ",".join(sorted(answers))])
        for (style, family), cells in sorted(table.items())
        for (probe, newest), answers in sorted(cells.items())
    ]
    return HEAD + "\n".join(rows) + "\n"


LEAVING_OUT = {
    "nothing": lambda a, b: False,
    "the set-up": lambda a, b: a[:2] == b[:2],
    "the variant": lambda a, b: a[1] == b[1],
    "the server": lambda a, b: a[0] == b[0],
}


def evaluated(setups, leaves_out, traits):
    """Returns the counts, and what was wrong."""
    tables, counts, wrong = {}, Counter(), Counter()
    for setup in setups:
        kept = [other for other in setups if not leaves_out(other, setup)]
        key = frozenset((server, variant) for server, variant, _ in kept)
        if key not in tables:
            tables[key] = learnt(kept)
        name, confidence, candidates = named(tables[key], setup[2], traits)
        family = style_of(setup[0])[1]
        if name == "unknown":
            counts["unknown"] += 1
        elif family in candidates or name == lineage(family):
            counts[f"right, {confidence}"] += 1
        else:
            counts[f"wrong, {confidence}"] += 1
            wrong[f"{setup[0]} taken for {name}"] += 1
    return counts, wrong


def evaluate():
    setups = list(measured())
    for traits in (False, True):
        print("the version probes and the traits:" if traits else "the version probes alone:")
        for what, leaves_out in LEAVING_OUT.items():
            counts, wrong = evaluated(setups, leaves_out, traits)
            print(f"  without {what}: {dict(sorted(counts.items()))} {dict(wrong) or ''}")


def check():
    setups = list(measured())
    if TABLE.read_text() != text_of(learnt(setups)):
        sys.exit(f"{TABLE} is not what tools/gen_stacks.py makes of {MEASURED.name}")
    for what in ("nothing", "the set-up", "the variant"):
        for traits in (False, True):
            counts, wrong = evaluated(setups, LEAVING_OUT[what], traits)
            if wrong:
                sys.exit(f"learnt without {what}: {dict(counts)}: {dict(wrong)}")


def main(arguments):
    if arguments == ["--check"]:
        check()
    elif arguments == ["--evaluate"]:
        evaluate()
    elif not arguments:
        TABLE.write_text(text_of(learnt(measured())))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
