#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that tally.py and the cross-check see what they are there for: confusions, costs, false words."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cross_check  # noqa: E402, I001
import askers  # noqa: E402
import tally  # noqa: E402


def result(expected, cause, connections=9, **more):
    """Returns a Result whose document has this verdict and this cost."""
    document = {"verdict": {"cause": cause}, "connections": connections}
    return askers.Result("case", {"cause": expected, **more}, "", [], document)


class ConfusionTest(unittest.TestCase):
    """Expected causes against verdicts."""

    def test_right_verdicts_are_counted_and_no_problem(self):
        lines, problems = tally.sum_up([result("healthy", "healthy"), result("healthy", "healthy")])
        self.assertEqual(problems, 0)
        self.assertIn(f"{'healthy':42}  {'healthy':30}  {2:9}", lines)
        self.assertIn("0 confused", lines)

    def test_any_of_several_alternatives_is_right(self):
        self.assertEqual(tally.sum_up([result(["weak_dh", "healthy"], "healthy")])[1], 0)

    def test_a_confusion_is_marked_and_a_problem(self):
        lines, problems = tally.sum_up([result("weak_dh", "healthy"), result("healthy", "healthy")])
        self.assertEqual(problems, 1)
        self.assertTrue(any(line.startswith("weak_dh") and line.endswith("CONFUSED") for line in lines))

    def test_a_question_without_a_document_is_confused(self):
        unasked = askers.Result("case", {"cause": "healthy"}, "not asked")
        self.assertEqual(tally.sum_up([unasked])[1], 1)

    def test_a_question_that_expects_no_cause_has_no_row(self):
        self.assertEqual(tally.confusion([({}, {"verdict": {"cause": "healthy"}})]), {})


class ConnectionsTest(unittest.TestCase):
    """What a question may cost."""

    def test_median_and_maximum_are_told(self):
        lines, problems = tally.connections_lines([("a", {}, 8), ("b", {}, 10), ("c", {}, 40)])
        self.assertEqual((lines, problems), (["connections: median 10, maximum 40 (c)"], []))

    def test_more_than_forty_is_a_problem(self):
        _, problems = tally.connections_lines([("a", {}, 8), ("b", {}, 10), ("c", {}, 41)])
        self.assertEqual(problems, ["c: 41 connections, more than 40"])

    def test_a_case_may_set_its_own_limit(self):
        rows = [("a", {}, 8), ("b", {}, 10), ("c", {"connections_max": 60}, 60)]
        self.assertEqual(tally.connections_lines(rows)[1], [])

    def test_a_median_above_twenty_is_a_problem(self):
        _, problems = tally.connections_lines([("a", {}, 20), ("b", {}, 21), ("c", {}, 30)])
        self.assertEqual(problems, ["the median of 21 connections is more than 20"])


class JudgeTest(unittest.TestCase):
    """False words about a version."""

    def test_what_somebody_reaches_must_be_accepted(self):
        self.assertEqual(cross_check.judge("x", "accepted", "curl"), [])
        for outcome in ("refused", "other_version", "silent", "not_tested", "missing"):
            with self.subTest(outcome):
                self.assertIn('false "no"', "".join(cross_check.judge("x", outcome, "curl")))

    def test_what_is_accepted_somebody_must_reach(self):
        self.assertEqual(cross_check.judge("x", "refused", None), [])
        self.assertIn('false "yes"', "".join(cross_check.judge("x", "accepted", None)))


if __name__ == "__main__":
    unittest.main()
