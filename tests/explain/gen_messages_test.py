#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows each kind of mistake to tools/gen_messages.py, planted alone."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = """
[[message]]
id = "a-row"
pattern = 'some text'
stack = "openssl"
observer = "client"
raised = "peer_alert"
causes = { sni_missing = 2 }
examples = ["some text"]
"""
HINT = """
[[hint]]
id = "a-hint"
pattern = ':25\\b'
factors = { starttls_needed = 6 }
"""

# What is replaced by what, and what the error says.
MISTAKES = [
    ('stack = "openssl"', 'stak = "openssl"', "unknown key stak"),
    ('stack = "openssl"', "", "stack: None"),
    ('stack = "openssl"', 'stack = "Open SSL"', "stack: 'Open SSL'"),
    ('observer = "client"', 'observer = "me"', "observer: 'me' is none of"),
    ('raised = "peer_alert"', 'raised = "peer"', "raised: 'peer' is none of"),
    ("sni_missing = 2", "sni_mising = 2", "unknown cause 'sni_mising'"),
    ("sni_missing = 2", "sni_missing = -1", "weight of sni_missing"),
    ("sni_missing = 2", "sni_missing = true", "weight of sni_missing"),
    ("{ sni_missing = 2 }", "{}", "causes: a table"),
    ('examples = ["some text"]', "", "at least one example"),
    ('examples = ["some text"]', "examples = []", "at least one example"),
    ('examples = ["some text"]', 'examples = ["some text"]\nalert = 256', "alert: 256"),
    ('examples = ["some text"]', 'examples = ["some text"]\nspecificity = 0', "specificity: 0"),
    ('examples = ["some text"]', 'examples = ["some text"]\nsides = { sni_missing = "x" }', "sides: 'x'"),
    ('examples = ["some text"]', 'examples = ["some text"]\nwhy = { nothing = "x" }', "why: unknown cause nothing"),
    ("'some text'", "'some (text'", "pattern:"),
    ("'some text'", "'some (?=text)'", "look-around"),
    ("'some text'", "'(some)? ?(text)?'", "matches an empty line"),
    ('id = "a-row"', 'id = "a-hint"', "the same id stands already in"),
    ('id = "a-row"', 'id = "A Row"', "id: 'A Row'"),
    ("[[message]]", "[[mesage]]", "unknown table mesage"),
    ("factors", "factor", "unknown key factor"),
    ("stack =", "stack", "Expected"),
]


def generate(text):
    """Returns exit code, standard error and what was written."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.toml"
        file.write_text(text, encoding="utf-8")
        script = [sys.executable, ROOT / "tools/gen_messages.py", Path(folder) / "out", ROOT / "data/causes.tsv"]
        done = subprocess.run([*script, file], capture_output=True, text=True)
        written = {path.name: path.read_text() for path in sorted((Path(folder) / "out").glob("*.inc"))}
        return done.returncode, done.stderr, written


class GenMessages(unittest.TestCase):
    def test_good_rows_become_tables(self):
        code, errors, written = generate(ROW + HINT)
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(len(written), 6)
        self.assertIn('.id = "a-row"', written["message_rows.inc"])
        self.assertIn('{"a-row", "some text"}', written["message_examples.inc"])
        self.assertIn('":25\\134b"', written["hint_rows.inc"])

    def test_each_mistake_is_named_with_its_file_and_row(self):
        for old, new, expected in MISTAKES:
            with self.subTest(new):
                self.assertIn(old, ROW + HINT)
                code, errors, written = generate((ROW + HINT).replace(old, new, 1))
                self.assertEqual(code, 1)
                self.assertIn("rows.toml", errors)
                self.assertIn(expected, errors)
                self.assertEqual(written, {})


if __name__ == "__main__":
    unittest.main()
