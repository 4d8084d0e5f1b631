# SPDX-License-Identifier: Apache-2.0
"""Holds what was seen against what a case expects. Pure: values in, a list of differences out."""

import json
import re

FIRST_WORD = re.compile(r"^(OK|WARN|FAIL|UNSURE)\b")


def one_of(expected):
    """Returns the alternatives: a single value stands for itself."""
    return expected if isinstance(expected, list) else [expected]


def differs(what, expected, got):
    """Returns the difference as a list of at most one line."""
    if expected is None or got in one_of(expected):
        return []
    return [f"{what}: expected {' or '.join(map(str, one_of(expected)))}, got {got}"]


def outcome_differs(where, expected, got):
    """Compares an outcome such as `refused 70`; an expected `refused` allows every alert."""
    if any(got == word or got.split()[0] == word for word in one_of(expected)):
        return []
    return [f"{where}: expected {' or '.join(one_of(expected))}, got {got}"]


def outcome_of(row):
    """Spells a row of the document's versions like the cases do."""
    alert = row.get("alert")
    return f"{row['outcome']} {alert['code']}" if row["outcome"] == "refused" and alert else row["outcome"]


def compare_versions(where, expected, rows):
    """Compares the six rows of one address."""
    got = {row["version"]: outcome_of(row) for row in rows}
    out = []
    for version, outcome in expected.items():
        out += outcome_differs(f"{where} {version}", outcome, got.get(version, "missing"))
    return out


def after_of(row):
    """Spells what failed after an acceptance: `alert 120`, `encrypted alert 40`, or `nothing`."""
    after = row.get("after")
    if not after:
        return "nothing"
    alert = f"alert {after['alert']['code']}" if after.get("alert") else "no alert"
    return f"encrypted {alert}" if after.get("encrypted") else alert


def compare_after(where, expected, rows):
    """Compares what failed after the acceptance of a version."""
    got = {row["version"]: after_of(row) for row in rows}
    out = []
    for version, after in expected.items():
        out += differs(f"{where} {version} after", after, got.get(version, "missing"))
    return out


def compare_endpoints(expected, document):
    """Compares states, protocols and versions of all addresses."""
    out, seen = [], {}
    for endpoint in document["endpoints"]:
        address = endpoint["address"]
        wanted = {**expected, **expected.get("endpoints", {}).get(address, {})}
        seen[address] = endpoint
        out += differs(f"{address} state", wanted.get("state"), endpoint["state"])
        out += differs(f"{address} protocol", wanted.get("protocol"), endpoint.get("protocol"))
        out += compare_versions(address, wanted.get("versions", {}), endpoint["versions"])
        out += compare_after(address, wanted.get("after", {}), endpoint["versions"])
    if expected.get("versions") and not seen:
        out.append("no endpoint was reported")
    return out + [f"{a} was not visited" for a in expected.get("endpoints", {}) if a not in seen]


def compare_claims(document):
    """Checks what must hold for every document: the first finding is the verdict, and citations exist."""
    out = []
    first = document["findings"][0]["cause"] if document["findings"] else "none"
    out += differs("first finding", document["verdict"]["cause"], first)
    known = {item["id"] for item in document["evidence"]}
    for finding in document["findings"]:
        out += [f"{finding['cause']} cites {i}, which is not there" for i in finding["evidence"] if i not in known]
    return out


def compare_says(expected, document):
    """Looks for the texts that a conclusion must mention, not only the evidence."""
    parts = ("verdict", "findings", "endpoints", "fixes", "error_note")
    said = json.dumps({part: document.get(part) for part in parts}, ensure_ascii=False)
    return [f"it does not say {text!r}" for text in expected.get("says", []) if text not in said]


def compare(expected, document, exit_code):
    """Returns all differences between a case's expectation and the program's JSON and exit code."""
    verdict = document["verdict"]
    out = differs("exit code", expected.get("exit"), exit_code)
    for key in ("cause", "status", "side", "confidence"):
        out += differs(key, expected.get(key), verdict.get(key))
    causes = [finding["cause"] for finding in document["findings"]]
    out += [f"finding {cause} is missing" for cause in expected.get("findings", []) if cause not in causes]
    out += [f"finding {cause} must not be there" for cause in expected.get("must_not", []) if cause in causes]
    for key in ("connections", "elapsed_ms"):
        most = expected.get(f"{key}_max")
        if most is not None and document[key] > most:
            out.append(f"{key}: expected at most {most}, got {document[key]}")
    return out + compare_endpoints(expected, document) + compare_claims(document) + compare_says(expected, document)


def compare_screen(text):
    """Checks that the screen begins with the verdict's word."""
    first = text.split("\n", 1)[0]
    return [] if FIRST_WORD.match(first) else [f"the screen begins with {first!r}"]
