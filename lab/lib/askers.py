# SPDX-License-Identifier: Apache-2.0
"""Who asks a running server: tlsdoctor, or the lab's own prober. Both return a Result."""

import json
import re
import sys
from dataclasses import dataclass, field

import compare
import complete
import jsonschema
import processes
import prober
from cases import name_for, summary


@dataclass
class Result:
    """What came of one question. `expected` is the case's, or a phrase; `document` tlsdoctor's, where there is one."""

    label: str
    expected: dict | str
    got: str
    differences: list = field(default_factory=list)
    document: dict = None

    def expected_phrase(self):
        """Returns the expected verdict in one short phrase."""
        return self.expected if isinstance(self.expected, str) else summary(self.expected)


class Doctor:
    """Asks with tlsdoctor."""

    def __init__(self, program, schema_file, recordings=None):
        self.program = program
        self.recordings = recordings
        self.schema = json.loads(schema_file.read_text()) if schema_file.exists() else None
        if self.schema is None:
            print(f"lab: {schema_file.name} is not there; the documents' form is not checked", file=sys.stderr)

    def document(self, server, expected, *more):
        """Runs `check --json` on a question. Returns (exit code, document or None, output, errors)."""
        after = expected.get("signal_after")
        command = [self.program, "check", "--json", *more, *self.arguments(server, expected)]
        code, out, err = processes.run(command, after)
        try:
            return code, json.loads(out), out, err
        except ValueError:
            return code, None, out, err

    def arguments(self, server, expected):
        """Returns the question's words: the lab's root, its options, its target."""
        words = map(server.fill, [*expected.get("args", []), expected["target"]])
        return ["--ca", str(server.words["pki"] / "root.pem"), *words]

    def ask(self, server, label, expected):
        """Runs `check` twice, for the JSON and for the screen, and compares."""
        code, document, out, err = self.document(server, expected, *self.record(label))
        if document is None:
            last = (err.strip() or out.strip() or "no output").splitlines()[-1]
            return Result(label, expected, f"no JSON, exit {code}", [last])
        differences = self.judge(expected, document, code)
        command = [self.program, "check", *self.arguments(server, expected)]
        screen_code, screen, _ = processes.run(command, expected.get("signal_after"))
        differences += compare.compare_screen(screen)
        if screen_code != code and not expected.get("stateful"):
            differences.append(f"exit code {screen_code} with the screen, {code} with JSON")
        verdict = document.get("verdict", {})
        got = f"{verdict.get('cause')} {verdict.get('status')}, exit {code}, {document.get('connections')} connections"
        return Result(label, expected, got, differences, document)

    def record(self, label):
        """Returns the options that keep the evidence of a question in a file of its own."""
        if self.recordings is None:
            return []
        return ["--record", str(self.recordings / (re.sub(r"[^A-Za-z0-9_]+", "_", label) + ".json"))]

    def judge(self, expected, document, code):
        """Holds a document against the published schema, and against the case."""
        differences = []
        if self.schema is not None:
            validator = jsonschema.validators.validator_for(self.schema)(self.schema)
            errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.path)))
            differences = [f"schema: {'/'.join(map(str, e.path)) or 'document'}: {e.message[:200]}" for e in errors[:3]]
        try:
            return differences + compare.compare(expected, document, code)
        except (KeyError, TypeError, AttributeError) as error:
            return [*differences, f"the document cannot be read: {type(error).__name__} {error}"]


class Prober:
    """Asks with lib/prober.py and lib/complete.py: the lab's own truth."""

    def ask(self, server, label, expected):
        """Holds what every address answers against the expected outcomes, then asks what `wire` says."""
        args = expected.get("args", [])
        timeout = 1.5 if "--timeout" in args else 5.0
        got, differences = [], []
        for address, special in (expected.get("endpoints") or {"127.0.0.1": {}}).items():
            wanted = {**expected, **special}
            state = prober.reach(address, server.words["port"])
            differences += compare.differs(f"{address} state", wanted.get("state"), state)
            versions = wanted.get("versions", {}) if state == "open" else {}
            outcomes = prober.ask_all(address, server.words["port"], name_for(expected), timeout) if versions else {}
            got.append(f"{address} {state} {' | '.join(outcomes.values())}")
            for version, outcome in versions.items():
                differences += compare.outcome_differs(f"{address} {version}", outcome, outcomes[version])
        for item in expected.get("wire", []):
            differences += self.ask_wire(server.words["port"], item, name_for(expected), timeout)
        return Result(label, expected, "; ".join(got), differences)

    def ask_wire(self, port, item, name, timeout):
        """Asks one thing that the table of versions does not show, and returns what differs."""
        sni, version = item.get("sni", name), item["version"]
        told = ", ".join(f"{key} {value}" for key, value in item.items() if key != "version")
        where = f"wire {version} ({told})"
        differences = []
        if "outcome" in item or "shows" in item:
            outcome, data = prober.ask_bytes("127.0.0.1", port, version, sni, timeout, item)
            shown = prober.shown(data)
            differences += compare.outcome_differs(where, item.get("outcome", "accepted"), outcome)
            wanted = item.get("shows", [])
            differences += [f"{where}: {fact} is not shown, but {shown}" for fact in wanted if fact not in shown]
        if "completed" in item:
            completed = complete.head("127.0.0.1", port, version, sni, item.get("alpn"), timeout)
            differences += compare.differs(where, item["completed"], completed)
        return differences
