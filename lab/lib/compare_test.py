#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that compare.py sees every kind of difference: a lab that cannot fail would prove nothing."""

import copy
import unittest

import compare

EXPECTED = {
    "cause": "server_only_tls13", "status": "fail", "side": "server", "exit": 1, "state": "open", "protocol": "tls",
    "versions": {"TLS 1.2": "refused 70", "TLS 1.3": "accepted"}, "findings": ["server_only_tls13"],
    "must_not": ["server_only_legacy"], "connections_max": 12, "elapsed_ms_max": 1000,
    "after": {"TLS 1.3": "encrypted alert 40"}, "says": ["shown.example"],
}  # fmt: skip
FINDING = {"cause": "server_only_tls13", "evidence": ["e1"]}
DOCUMENT = {
    "verdict": {"cause": "server_only_tls13", "status": "fail", "side": "server", "confidence": "proven"},
    "findings": [FINDING], "evidence": [{"id": "e1"}], "connections": 9, "elapsed_ms": 41,
    "endpoints": [{"address": "127.0.0.1", "state": "open", "protocol": "tls", "versions": [
        {"version": "TLS 1.2", "outcome": "refused", "alert": {"code": 70}},
        {"version": "TLS 1.3", "outcome": "accepted", "after": {"alert": {"code": 40}, "encrypted": True}}]}],
    "fixes": [{"text": "ask for shown.example"}],
}  # fmt: skip

AFTER = ("endpoints", 0, "versions", 1, "after")
#: (what is wrong, where in the document, the wrong value, what the difference must mention)
WRONG = [
    ("another cause", ("verdict", "cause"), "healthy", "cause: expected server_only_tls13, got healthy"),
    ("another status", ("verdict", "status"), "warn", "status: expected fail"),
    ("another side", ("verdict", "side"), "client", "side: expected server"),
    ("a missing finding", ("findings", 0, "cause"), "no_tls13", "finding server_only_tls13 is missing"),
    ("a forbidden finding", ("findings",), [FINDING, {"cause": "server_only_legacy", "evidence": []}], "must not be"),
    ("a citation of nothing", ("findings", 0, "evidence"), ["e7"], "cites e7"),
    ("another alert", ("endpoints", 0, "versions", 0, "alert", "code"), 40, "expected refused 70, got refused 40"),
    ("another outcome", ("endpoints", 0, "versions", 1, "outcome"), "closed", "TLS 1.3: expected accepted, got closed"),
    ("a missing version", ("endpoints", 0, "versions"), [], "TLS 1.2: expected refused 70, got missing"),
    ("nothing after the acceptance", AFTER, None, "after: expected encrypted alert 40, got nothing"),
    ("another alert after it", (*AFTER, "alert", "code"), 120, "got encrypted alert 120"),
    ("no alert after it", (*AFTER, "alert"), None, "got encrypted no alert"),
    ("an alert in clear", (*AFTER, "encrypted"), False, "got alert 40"),
    ("a text that is missing", ("fixes",), [], "does not say 'shown.example'"),
    ("another state", ("endpoints", 0, "state"), "filtered", "state: expected open"),
    ("another protocol", ("endpoints", 0, "protocol"), "http", "protocol: expected tls"),
    ("no endpoint", ("endpoints",), [], "no endpoint"),
    ("too many connections", ("connections",), 13, "at most 12"),
    ("too much time", ("elapsed_ms",), 1001, "at most 1000"),
]


def changed(path, value):
    """Returns the good document with one value replaced."""
    document = copy.deepcopy(DOCUMENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


class CompareTest(unittest.TestCase):
    """One good document, and one wrong thing at a time."""

    def test_a_document_as_expected_has_no_difference(self):
        self.assertEqual(compare.compare(EXPECTED, DOCUMENT, 1), [])

    def test_every_wrong_value_is_a_difference_that_names_it(self):
        for name, path, value, mention in WRONG:
            with self.subTest(name):
                self.assertIn(mention, "\n".join(compare.compare(EXPECTED, changed(path, value), 1)))

    def test_the_exit_code_is_compared(self):
        self.assertEqual(compare.compare(EXPECTED, DOCUMENT, 0), ["exit code: expected 1, got 0"])

    def test_any_of_several_alternatives_is_right(self):
        expected = {**EXPECTED, "cause": ["no_common_cipher", "server_only_tls13"], "exit": [1, 4]}
        self.assertEqual(compare.compare(expected, DOCUMENT, 1), [])

    def test_an_expected_address_must_be_visited(self):
        expected = {**EXPECTED, "endpoints": {"127.0.0.1": {}, "127.0.0.2": {}}}
        self.assertEqual(compare.compare(expected, DOCUMENT, 1), ["127.0.0.2 was not visited"])

    def test_refused_alone_allows_every_alert_and_an_alert_no_other(self):
        self.assertEqual(compare.outcome_differs("x", "refused", "refused 112"), [])
        self.assertNotEqual(compare.outcome_differs("x", "refused 70", "refused"), [])

    def test_the_screen_begins_with_a_word_of_the_verdict(self):
        self.assertEqual(compare.compare_screen("WARN  localhost:443 ...\n"), [])
        for text in ("", "\n", "FAILED x", "ok x", " OK x"):
            with self.subTest(text):
                self.assertNotEqual(compare.compare_screen(text), [])


if __name__ == "__main__":
    unittest.main()
