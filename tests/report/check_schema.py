#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds golden documents to a JSON Schema, and the schema to being strict.

    check_schema.py SCHEMA.json FOLDER

Every *.json in FOLDER must be valid. Each document of BROKEN of that schema, which is a valid one with one
thing made wrong, must be refused: a schema that accepts everything would pass otherwise.
"""

import copy
import json
import sys
from pathlib import Path

import jsonschema

# A path into a document, and what is put there; REMOVED takes the member away.
REMOVED = object()
CHECK = [
    (["schema"], "tlsdoctor/2"),
    (["command"], "explain"),
    (["evidence"], REMOVED),
    (["clients"], REMOVED),
    (["endpoints"], []),
    (["findings"], []),
    (["elapsed_ms"], -1),
    (["started"], "yesterday"),
    (["tool", "extra"], 1),
    (["target", "sni"], REMOVED),
    (["target", "port"], 65536),
    (["verdict", "status"], "FAIL"),
    (["verdict", "side"], "nobody"),
    (["verdict", "confidence"], "certain"),
    (["verdict", "summary"], ""),
    (["findings", 0, "evidence"], ["3"]),
    (["endpoints", 0, "state"], "closed"),
    (["endpoints", 0, "protocol"], ""),
    (["endpoints", 0, "trust", "status"], "fine"),
    (["policy"], REMOVED),
    (["policy"], {"name": "old@5.8"}),
    (["endpoints", 0, "inventory"], REMOVED),
    (["endpoints", 0, "inventory"], {}),
    (["endpoints", 0, "cipher_suites"], [{"version": "TLS 1.2"}]),
    (["endpoints", 0, "groups"], [{"version": "TLS 1.2", "preference": "nobody", "accepted": [], "undecided": []}]),
    (["endpoints", 0, "stack"], "OpenSSL"),
    (["endpoints", 0, "stack", "confidence"], "proven"),
    (["endpoints", 0, "stack", "evidence"], ["2"]),
    (["endpoints", 0, "versions", 5], REMOVED),
    (["endpoints", 0, "versions", 0, "version"], "TLS 1.3"),
    (["endpoints", 0, "versions", 4, "outcome"], "disabled"),
    (["endpoints", 0, "versions", 4, "alert"], None),
    (["endpoints", 0, "versions", 4, "alert", "code"], 256),
    (["endpoints", 0, "versions", 4, "cipher_suite"], "TLS_AES_128_GCM_SHA256"),
    (["endpoints", 0, "versions", 5, "after"], {"alert": None}),
    (["endpoints", 0, "versions", 5, "evidence"], REMOVED),
    (["clients", 0, "outcome"], "maybe"),
    (["evidence", 0, "kind"], "rumour"),
    (["evidence", 0, "sent"], "1603"),
    (["fixes", 0, "verified"], "no"),
]

CLIENT = [
    (["schema"], "tlsdoctor/2"),
    (["command"], "check"),
    (["label"], 1),
    (["program"], {}),
    (["program", "ending"], "gone"),
    (["hellos", 0, "bytes"], "abc"),
    (["hellos", 0, "versions"], ["TLS 9"]),
    (["hellos", 0, "ja3"], "x"),
    (["hellos", 0, "ja4"], REMOVED),
    (["hellos", 0, "sni"], REMOVED),
    (["hellos", 0, "likeness"], "twin"),
    (["others"], [{"id": "e1"}]),
    (["accepts"], None),
    (["accepts"], {"versions": {}}),
    (["accepts"], {"versions": {"TLS 1.2": {"accepted": True}}}),
    (["exit_code"], "35"),
    (["exit_code"], REMOVED),
    (["output_tail"], None),
    (["verdict", "status"], "good"),
    (["findings"], []),
    (["fixes", 0, "verified"], "no"),
]
LOCAL = [
    (["command"], "check"),
    (["verdict"], {}),
    (["programs", 0, "offers"], ["TLS 9"]),
    (["programs", 0, "accepts"], {"TLS 1.2": "maybe"}),
    (["programs", 0, "settings", 0, "line"], 0),
    (["programs", 0, "settings", 0, "file"], ""),
    (["programs", 0, "verdict"], None),
    (["settings"], REMOVED),
]
DIFF = [
    (["command"], "check"),
    (["same"], "no"),
    (["counts", "worse"], -1),
    (["counts", "not_comparable"], REMOVED),
    (["before", "complete"], REMOVED),
    (["after", "run"], "latest"),
    (["targets", 0, "turn"], "bad"),
    (["targets", 0, "before", "status"], "good"),
    (["targets", 0, "changes", 0, "kind"], "time"),
    (["targets", 0, "changes", 0, "before"], None),
    (["targets", 0, "changes", 0, "added"], ["TLS_A"]),
    (["targets", 0, "not_comparable"], REMOVED),
]
CONFIG = [
    (["schema"], "tlsdoctor/2"),
    (["command"], "check"),
    (["server"], "Nginx 1"),
    (["verdict", "status"], "FAIL"),
    (["version_source"], "guessed"),
    (["endpoints", 0, "sni"], REMOVED),
    (["endpoints", 0, "starttls"], REMOVED),
    (["endpoints", 0, "accepted"], ["TLSv1.2"]),
    (["endpoints", 0, "versions", 0, "obstacle"], None),
    (["endpoints", 0, "decided_by", 0, "line"], 0),
    (["endpoints", 0, "decided_by", 0, "role"], "innocent"),
    (["findings"], []),
    (["findings", 0, "decided_by", 0, "file"], ""),
    (["fixes", 0, "edits"], []),
    (["fixes", 0, "edits", 0, "old"], None),
    (["fixes", 0, "diff"], ""),
    (["not_understood", 0, "what"], ""),
    (["action"], {"asked": "reload"}),
]
# By the schema's file: a golden document with every part, and how it is broken.
BROKEN = {
    "check.schema.json": ("only_tls13.json", CHECK),
    "client.schema.json": ("pinned.json", CLIENT),
    "config.schema.json": ("default_server.json", CONFIG),
    "diff.schema.json": ("every_kind.json", DIFF),
    "client_local.schema.json": ("two.json", LOCAL),
}


def changed(document, path, value):
    """Returns a copy of the document that differs in one place."""
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    schema = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    complaints = []

    files = sorted(Path(arguments[1]).glob("*.json"))
    for file in files:
        for error in validator.iter_errors(json.loads(file.read_text(encoding="utf-8"))):
            where = "/".join(map(str, error.absolute_path))
            complaints.append(f"{file.name}: {where}: {error.message[:300]}")

    whole, broken = BROKEN[Path(arguments[0]).name]
    good = json.loads((Path(arguments[1]) / whole).read_text(encoding="utf-8"))
    for path, value in broken:
        if validator.is_valid(changed(good, path, value)):
            complaints.append(f"the schema accepts a document with {path} made wrong")

    print(f"{len(files)} documents, {len(broken)} broken ones, {len(complaints)} complaints")
    sys.exit("\n".join(complaints) if complaints or not files else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
