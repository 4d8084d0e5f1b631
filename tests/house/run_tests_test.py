#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/run_tests.py: a stage that failed, or ran nothing, is never counted as a success."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from run_tests import closing_lines, judged  # noqa: E402

# name, exit code, output, passed, failed, note
CASES = [
    ("ctest", 0, ["100% tests passed, 0 tests failed out of 31"], 31, 0, ""),
    ("ctest with failures", 2, ["94% tests passed, 2 tests failed out of 31"], 29, 2, ""),
    ("lab", 0, ["88 passed, 0 failed"], 88, 0, ""),
    ("lab with failures", 1, ["87 passed, 1 failed in 40 s"], 87, 1, ""),
    ("each program of a stage counts", 1, ["1 passed, 1 failed", "another", "5 passed, 0 failed"], 6, 1, ""),
    ("a build that failed", 2, ["ninja: build stopped"], 0, 1, "ended with 2"),
    ("a failure after good counts", 2, ["5 passed, 0 failed"], 5, 1, "ended with 2"),
    ("nothing ran", 0, ["No tests were found!!!"], 0, 1, "ran nothing"),
    ("counts of nothing", 0, ["0 passed, 0 failed"], 0, 1, "ran nothing"),
]


class RunTests(unittest.TestCase):
    def test_a_stage_is_judged_by_its_code_and_its_counts(self):
        for name, code, lines, passed, failed, note in CASES:
            with self.subTest(name):
                result = judged("stage", code, lines, 1.0)
                self.assertEqual((result.passed, result.failed, result.note), (passed, failed, note))

    def test_the_closing_lines_sum_up(self):
        results = [judged("unit", 0, ["3 passed, 0 failed"], 2.0), judged("lab", 1, ["4 passed, 1 failed"], 3.0)]
        self.assertEqual(
            closing_lines(results),
            [
                "ok    unit  3 passed, 0 failed  2 s",
                "FAIL  lab   4 passed, 1 failed  3 s",
                "7 passed, 1 failed in 5 s",
            ],
        )


if __name__ == "__main__":
    unittest.main()
