#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that the benchmark and the soak believe right answers, and no others."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import soak
from lib import measure, network, table, truth, watch

DOCUMENT = {
    "target": {"host": "127.1.0.1"},
    "verdict": {"cause": "healthy"},
    "endpoints": [
        {
            "versions": [{"version": "TLS 1.1", "outcome": "refused"}, {"version": "TLS 1.2", "outcome": "accepted"}],
            "cipher_suites": [{"version": "TLS 1.2", "accepted": [{"name": "TLS_RSA_WITH_AES_128_CBC_SHA"}]}],
        }
    ],
}


class Truth(unittest.TestCase):
    def test_versions(self):
        truth.wants_versions(("TLS 1.2",))(json.dumps(DOCUMENT))
        for wrong in (("TLS 1.1", "TLS 1.2"), ("TLS 1.1",), ()):
            with self.assertRaises(measure.WrongAnswer):
                truth.wants_versions(wrong)(json.dumps(DOCUMENT))

    def test_pairs(self):
        pair = ("TLS 1.2", "TLS_RSA_WITH_AES_128_CBC_SHA")
        truth.wants_pairs({pair})(json.dumps(DOCUMENT))
        for wrong in (set(), {pair, ("TLS 1.0", pair[1])}, {("TLS 1.0", pair[1])}):
            with self.assertRaises(measure.WrongAnswer):
                truth.wants_pairs(wrong)(json.dumps(DOCUMENT))

    def test_loop_of_openssl(self):
        said = "pair -tls1_2 ECDHE-RSA-AES128-GCM-SHA256\npair -tls1_3 TLS_AES_128_GCM_SHA256\n"
        wanted = {("TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), ("TLS 1.3", "TLS_AES_128_GCM_SHA256")}
        self.assertEqual(truth.pairs_of_loop(said), wanted)
        with self.assertRaises(measure.WrongAnswer):
            truth.pairs_of_loop("connect: refused\n")

    def test_lines(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lines"
            path.write_text(json.dumps(DOCUMENT) + "\n")
            truth.wants_lines(path, 1, ("TLS 1.2",))("")
            for hosts, versions in ((2, ("TLS 1.2",)), (1, ("TLS 1.3",))):
                with self.assertRaises(measure.WrongAnswer):
                    truth.wants_lines(path, hosts, versions)("")


class Table(unittest.TestCase):
    def test_verdict(self):
        good, bad, unknown = (table.Goal("", "", reached) for reached in (True, False, None))
        self.assertEqual(table.Row(1, "", [good]).verdict(), "reached")
        self.assertEqual(table.Row(1, "", [good, bad]).verdict(), "not reached")
        self.assertEqual(table.Row(1, "", [good, unknown]).verdict(), "not measured")
        self.assertEqual(table.Row(1, "", [good], error="no").verdict(), "FAILED")

    def test_page(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.md"
            page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
            table.put_into(page, ["new"])
            self.assertEqual(page.read_text(), f"before\n{table.BEGIN}\nnew\n{table.END}\nafter\n")


class Soak(unittest.TestCase):
    def judge(self, lines, targets):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out"
            path.write_text("".join(lines))
            return soak.judge_lines(path, targets)[0]

    def line(self, number, cause, elapsed_ms=20):
        target = {"host": soak.address_of(number)}
        return json.dumps({"target": target, "verdict": {"cause": cause}, "elapsed_ms": elapsed_ms}) + "\n"

    def test_lines(self):
        number = next(n for n in range(12) if soak.kind_of(soak.address_of(n)) == "answers")
        right = self.line(number, "healthy")
        self.assertEqual(self.judge([right], 1), [])
        for name, lines, targets in (
            ("lost", [right], 2),
            ("twice", [right, right], 1),
            ("torn", [right, right[:20]], 1),
            ("late", [self.line(number, "healthy", 20_000)], 1),
            ("wrong verdict", [self.line(number, "silent_after_hello")], 1),
        ):
            with self.subTest(name):
                self.assertEqual(len(self.judge(lines, targets)), 1)

    def test_a_third_is_hostile(self):
        kinds = [soak.kind_of(soak.address_of(n)) for n in range(1200)]
        self.assertEqual(kinds.count("answers"), 800)

    def test_growth(self):
        def seen(rss, descriptors):
            return watch.Watched(0, 10, [watch.Sample(2, 10_000, 100, 0), watch.Sample(9, rss, descriptors, 0)])

        self.assertEqual(soak.judge_growth(seen(10_500, 110), 1000)[0], [])
        self.assertEqual(len(soak.judge_growth(seen(90_000, 110), 1000)[0]), 1)
        self.assertEqual(len(soak.judge_growth(seen(10_500, 900), 1000)[0]), 1)


class Network(unittest.TestCase):
    def test_addresses(self):
        self.assertEqual([network.near(1), network.near(65536)], ["127.1.0.1", "127.2.0.0"])
        self.assertEqual(network.far(300), "10.67.1.44")


if __name__ == "__main__":
    unittest.main()
