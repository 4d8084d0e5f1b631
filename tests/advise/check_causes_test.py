#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/check_causes.py finds each kind of fault, and only that, in a small tree that is right but for it."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools/check_causes.py"
HEADINGS = "What you see,Why,Who must act,How we know,Fix,Check,Not to be confused with,References"
PAGE = "# a_cause\n\nSentence.\n" + "".join(f"\n## {name}\n\nText.\n" for name in HEADINGS.split(","))

GOOD = {
    "data/causes.tsv": "# comment\nname\tstatus\na_cause\tfail\nother\tok\n",
    "data/fixes.tsv": "cause\ttext\na_cause\tdo it\n",
    "docs/causes/a_cause.md": PAGE,
    "docs/causes/other.md": PAGE.replace("# a_cause", "# other"),
    "src/diagnose/rules.cpp": '{.id = "a_cause"},\n// .id = "only_in_a_comment"\n',
    "tests/causes/a_cause/proof.json": json.dumps({"must": ["a_cause"], "must_not": ["other"]}),
    "tests/causes/a_cause/near_miss.json": json.dumps({"must": ["other"], "must_not": ["a_cause"]}),
}

# What is changed in the good tree (None removes the file), and the words that the one fault must hold.
FAULTS = {
    "no row": ({"src/diagnose/more.cpp": '{.cause = "new"}'}, "new has no row"),
    "no page": ({"docs/causes/a_cause.md": None}, "has no page"),
    "no page, no rule": ({"docs/causes/other.md": None}, "other has no page"),
    "no proof": ({"tests/causes/a_cause/proof.json": None}, "has no proof"),
    "no near miss": ({"tests/causes/a_cause/near_miss.json": None}, "has no near miss"),
    "heading missing": ({"docs/causes/a_cause.md": PAGE.replace("## Check", "Check")}, "lacks Check"),
    "empty section": ({"docs/causes/a_cause.md": PAGE[: -len("Text.\n")]}, "nothing stands under"),
    "other title": ({"docs/causes/a_cause.md": PAGE.replace("# a_cause", "# b", 1)}, "first line"),
    "too wide": ({"docs/causes/a_cause.md": PAGE + "x" * 97 + "\n"}, "97 columns"),
    "page of nothing": ({"docs/causes/b.md": PAGE.replace("# a_cause", "# b")}, "b is not in"),
    "fix of nothing": ({"data/fixes.tsv": "cause\ttext\nb\tx\n"}, "b is not in"),
    "not JSON": ({"tests/causes/a_cause/x.json": "{"}, "not a recording"),
    "no lists": ({"tests/causes/a_cause/x.json": '{"must": "a", "must_not": []}'}, "are lists"),
    "unknown name": ({"tests/causes/a_cause/x.json": '{"must": ["b"], "must_not": []}'}, "b is not in"),
    "row twice": ({"data/causes.tsv": "name\na_cause\nother\nother\n"}, "twice"),
}


def run(changes):
    """Runs the tool on the good tree with changes; returns exit code, lines and complaint."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**GOOD, **changes}.items():
            if content is not None:
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
        done = subprocess.run([sys.executable, TOOL, "--root", folder], capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines(), done.stderr


class CheckCauses(unittest.TestCase):
    def test_a_good_tree_passes(self):
        self.assertEqual(run({})[:2], (0, []))

    def test_each_fault_is_found(self):
        for name, (changes, words) in FAULTS.items():
            with self.subTest(name):
                code, lines, _ = run(changes)
                self.assertEqual(code, 1)
                self.assertTrue(any(words in line for line in lines), lines)

    def test_nothing_to_check_is_no_success(self):
        self.assertEqual(run({"src/diagnose/rules.cpp": None})[0], 2)
        self.assertEqual(run({"data/causes.tsv": None})[0], 2)


if __name__ == "__main__":
    unittest.main()
