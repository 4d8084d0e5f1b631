#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`make run TARGET=...` with a program that only exits: which codes are a success, and what is printed.

The program and the build are replaced; the recipe is the Makefile's own.
"""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = {0, 1, 3, 4}
INHERITED = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "TARGET", "ARGS"}
CODES = [0, 1, 2, 3, 4, 5, 139]


def make(folder, *words):
    """Runs the Makefile in `folder` with a build that is up to date."""
    command = ["make", "--no-print-directory", "-f", ROOT / "Makefile", "-o", "build", *words]
    # `make test` hands its own variables on to whatever it runs; these runs are nobody's part.
    environment = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


class FrontDoor(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        (self.folder / "build/release").mkdir(parents=True)

    def pretend(self, code):
        program = self.folder / "build/release/tlsdoctor"
        program.write_text(f'#!/bin/sh\nprintf "<%s>" "$@"\nexit {code}\n')
        program.chmod(0o755)

    def test_run_with_a_target_prints_the_code_and_accepts_every_diagnosis(self):
        for code in CODES:
            with self.subTest(code):
                self.pretend(code)
                done = make(self.folder, "run", "TARGET=a.example:443")
                self.assertIn("<check><a.example:443>", done.stdout)
                self.assertIn(f"exit code: {code}\n", done.stdout)
                self.assertEqual(done.returncode == 0, code in ACCEPTED)

    def test_run_without_a_target_is_the_demonstration_and_must_succeed(self):
        for code in (0, 1, 5):
            with self.subTest(code):
                self.pretend(code)
                done = make(self.folder, "run")
                self.assertIn("<demo>", done.stdout)
                self.assertEqual(done.returncode == 0, code == 0)

    def test_a_target_is_one_word_to_the_shell(self):
        self.pretend(0)
        done = make(self.folder, "run", "TARGET=a; touch x `touch x`")
        self.assertIn("<check><a; touch x `touch x`>", done.stdout)
        self.assertFalse((self.folder / "x").exists())


if __name__ == "__main__":
    unittest.main()
