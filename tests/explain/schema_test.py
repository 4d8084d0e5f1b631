#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what `tlsdoctor explain --json` prints to schema/explain.schema.json, and the schema to being strict.

    schema_test.py TLSDOCTOR SCHEMA.json
"""

import copy
import json
import subprocess
import sys
import unittest

import jsonschema

PROGRAM, SCHEMA = sys.argv[1:3]
ALERT = "curl: (35) OpenSSL/3.0.15: error:0A000410:SSL routines::sslv3 alert handshake failure at https://a.example/"
LOG = "".join(
    f"2024/01/01 10:00:0{i} [error] {i}#0: {line}\n"
    for i, line in enumerate([ALERT, "nothing", ALERT, "error:0A00010B:SSL routines::wrong version number"])
)
TEXTS = {
    "one message": ALERT,
    "a log": LOG,
    "an alert that no row knows": "mylib: TLS error, got alert 86 from peer",
    "nothing known": "good morning",
    "nothing": "",
    "bytes": "\x1b[31m\x00\u202e" + ALERT,
}
BROKEN = [
    (["command"], "check"),
    (["observer"], "nobody"),
    (["raised"], "peer"),
    (["stack"], "Open SSL"),
    (["alert", "code"], 256),
    (["alert", "extra"], 1),
    (["candidates"], []),
    (["candidates", 0, "weight"], 1.5),
    (["candidates", 0, "side"], "peer"),
    (["candidates", 0, "fixes"], None),
    (["next"], ["rm -rf /"]),
    (["port"], 0),
    (["recognised"], False),
    (["unrecognised"], -1),
    (["groups"], [{"count": 1}]),
]


def run(text, *options):
    """Returns exit code and document for a text on standard input."""
    done = subprocess.run([PROGRAM, "explain", "--json", *options, "-"], input=text.encode(), capture_output=True)
    return done.returncode, json.loads(done.stdout)


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def test_every_document_is_valid(self):
        for name, text in TEXTS.items():
            with self.subTest(name):
                code, document = run(text)
                self.assertEqual([e.message for e in self.validator.iter_errors(document)], [])
                self.assertEqual(code, 0 if document["recognised"] else 4)
                for group in [document, *document.get("groups", [])]:
                    if group["candidates"]:
                        self.assertAlmostEqual(sum(c["weight"] for c in group["candidates"]), 1)

    def test_a_log_has_groups_and_the_first_one_at_the_top(self):
        _, document = run(LOG)
        self.assertEqual([group["count"] for group in document["groups"]], [2, 1])
        self.assertEqual(document["unrecognised"], 1)
        self.assertEqual(document["candidates"], document["groups"][0]["candidates"])
        self.assertNotIn("groups", run(ALERT)[1])

    def test_the_schema_refuses_what_is_wrong(self):
        _, good = run(ALERT)
        for path, value in BROKEN:
            with self.subTest(path=path):
                broken = copy.deepcopy(good)
                place = broken
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = value
                self.assertFalse(self.validator.is_valid(broken))

    def test_a_text_comes_from_everywhere(self):
        expected = run(ALERT)[1]["candidates"]
        for words, given in (([ALERT], b""), (ALERT.split(), b""), ([], ALERT.encode()), (["-f", "-"], ALERT.encode())):
            with self.subTest(words=words[:1]):
                done = subprocess.run([PROGRAM, "explain", "--json", *words], input=given, capture_output=True)
                self.assertEqual(json.loads(done.stdout)["candidates"], expected)

    def test_the_quiet_form_is_one_line(self):
        done = subprocess.run([PROGRAM, "explain", "-q", ALERT], capture_output=True, text=True)
        self.assertEqual(done.stdout.count("\n"), 1)
        self.assertEqual(done.stdout.split()[0] in ("FAIL", "UNSURE"), True)

    def test_run_needs_a_host(self):
        done = subprocess.run([PROGRAM, "explain", "--run", "SSL alert number 40"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 4)
        self.assertIn("names no host", done.stderr)

    def test_run_asks_the_host_of_the_text(self):
        text = "error:0A00010B:SSL routines::wrong version number connecting to 127.0.0.1:1"
        code, document = run(text, "--run")
        self.assertEqual(code, 3)
        self.assertEqual([e.message for e in self.validator.iter_errors(document)], [])
        self.assertEqual(document["verdict"]["cause"], "port_closed")
        self.assertEqual(document["runs"][0]["candidates"][0]["ruling"], "confirmed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
