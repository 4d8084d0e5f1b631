#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Results over time, end to end: real result lines, made from recordings, into files and databases, compared and
shown as a page.

    results_over_time.py TLSDOCTOR SOURCE_FOLDER

No network is used: `check --replay` makes the results.
"""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import html5lib
import jsonschema

PROGRAM = Path(sys.argv[1]).resolve()
SOURCE = Path(sys.argv[2]).resolve()


def recording(cause, name):
    """Returns the visit of a recorded case."""
    return json.loads((SOURCE / "tests/causes" / cause / name).read_text())["visit"]


def named(visit, host):
    """Returns the visit as one of another host."""
    visit = json.loads(json.dumps(visit))
    visit["target"].update(input=host, host=host, sni=host)
    return visit


class ResultsOverTime(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = Path(self.holder.name)
        healthy = recording("healthy", "nginx.json")
        legacy = recording("legacy_versions_enabled", "gnutls.json")
        self.runs = {
            "old": [named(healthy, "a.example"), named(healthy, "b.example"), named(healthy, "c.example")],
            "new": [named(healthy, "a.example"), named(legacy, "b.example"), named(healthy, "d.example")],
        }
        for name, visits in self.runs.items():
            (self.folder / f"{name}.visits").write_text("".join(json.dumps(visit) + "\n" for visit in visits))

    def run_program(self, *words, code=0, text=None):
        done = subprocess.run(
            [PROGRAM, *words], cwd=self.folder, capture_output=True, input=text, encoding="utf-8",
            env={**os.environ, "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "100"}, timeout=60, check=False,
        )
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def check(self, name, *words):
        return self.run_program("check", "--replay", f"{name}.visits", "-k", *words)

    def database(self):
        for name in self.runs:
            self.check(name, "-q", "--db", "r.db")
        return "r.db"

    def rows(self, query):
        with sqlite3.connect(self.folder / "r.db") as connection:
            return connection.execute(query).fetchall()

    def test_files_and_databases_compare_alike(self):
        for name in self.runs:
            (self.folder / f"{name}.jsonl").write_text(self.check(name, "--json").stdout)
        self.database()
        schema = json.loads((SOURCE / "schema/diff.schema.json").read_text())
        documents = []
        for words in (["old.jsonl", "new.jsonl"], ["r.db"], ["r.db:previous", "r.db:2"], ["old.jsonl", "r.db"]):
            document = json.loads(self.run_program("diff", "--json", *words, code=1).stdout)
            jsonschema.validate(document, schema)
            documents.append([document["counts"], document["targets"]])
        self.assertEqual([one for one in documents if one != documents[0]], [])
        counts = documents[0][0]
        self.assertEqual((counts["targets"], counts["worse"]), (4, 1))
        self.assertEqual((counts["appeared"], counts["disappeared"]), (1, 1))
        text = self.run_program("diff", "old.jsonl", "new.jsonl", code=1).stdout
        self.assertIn("3 of 4 targets changed: 1 got worse, 1 new, 1 gone.\n", text)
        self.assertIn("WORSE   b.example:443  OK healthy → WARN legacy_versions_enabled", text)
        self.assertIn("TLS 1.0  refused → accepted", text)
        line = self.run_program("diff", "-q", "-", "new.jsonl", code=1, text=(self.folder / "old.jsonl").read_text())
        self.assertEqual(line.stdout.count("\n"), 1)

    def test_the_same_run_is_the_same(self):
        self.check("old", "-oJ", "one.jsonl", "-q")
        self.assertIn("no change in 3 targets.", self.run_program("diff", "one.jsonl", "one.jsonl").stdout)
        self.run_program("diff", "one.jsonl", "one.jsonl", "-oJ", "same.json")
        self.assertTrue(json.loads((self.folder / "same.json").read_text())["same"])

    def test_one_document_over_many_lines_is_a_run(self):
        visit = self.folder / "one.visit"
        visit.write_text(json.dumps(self.runs["old"][0]))
        self.run_program("check", "--replay", "one.visit", "-k", "-q", "-oJ", "one.json")
        self.assertIn("no change in 1 target.", self.run_program("diff", "one.json", "one.json").stdout)

    def test_what_cannot_be_read_is_a_usage_error(self):
        (self.folder / "text").write_text("hello\n")
        (self.folder / "empty").write_text("")
        self.check("old", "-oJ", "one.jsonl", "-q")
        self.check("old", "-q", "--db", "r.db")
        for words in (
            ["text", "one.jsonl"], ["empty", "one.jsonl"], ["absent", "one.jsonl"], ["one.jsonl"], ["r.db"],
            ["r.db:7", "r.db"], ["-", "-"], [], ["a", "b", "c"], ["old.visits", "one.jsonl"],
        ):
            with self.subTest(words):
                done = self.run_program("diff", *words, code=2)
                self.assertEqual(done.stdout, "")
                self.assertTrue(done.stderr.startswith("tlsdoctor: "))

    def test_a_foreign_file_stays_as_it_is(self):
        (self.folder / "r.db").write_text("my notes, which are precious\n" * 100)
        before = (self.folder / "r.db").read_bytes()
        done = self.run_program("check", "--replay", "old.visits", "-q", "--db", "r.db", code=2)
        self.assertIn("--db: r.db: the file is no database", done.stderr)
        self.assertEqual((self.folder / "r.db").read_bytes(), before)

    def test_the_queries_of_the_manual_work(self):
        self.database()
        blocks = re.findall(r"(?:^    .*\n)+", (SOURCE / "docs/manual/db.md").read_text(), re.MULTILINE)
        queries = [block for block in blocks if block.lstrip().startswith("SELECT")]
        self.assertGreaterEqual(len(queries), 5)
        for query in queries:
            with self.subTest(query):
                self.rows(query)
        self.assertEqual(self.rows(queries[0]), [("b.example:443",)])

    def test_no_password_is_kept(self):
        self.run_program(
            "check", "--replay", "old.visits", "-k", "-q", "--db", "r.db", "-x", "http://me:secret@proxy.example:3128"
        )
        self.assertNotIn(b"secret", (self.folder / "r.db").read_bytes())

    def test_a_killed_writer_leaves_a_whole_database(self):
        visits = "".join(json.dumps(named(self.runs["old"][0], f"h{i}.example")) + "\n" for i in range(3000))
        (self.folder / "many.visits").write_text(visits)
        words = [PROGRAM, "check", "--replay", "many.visits", "-k", "--json", "--versions-only", "--db", "r.db"]
        with subprocess.Popen(words, cwd=self.folder, stdout=subprocess.PIPE) as process:
            for _ in range(2500):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.stdout.read()
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(self.rows("SELECT finished, interrupted FROM runs"), [(None, 0)])
        kept = self.rows("SELECT count(*) FROM results")[0][0]
        self.assertGreater(kept, 0)  # a batch is 2,000 results, or those of a second
        self.run_program("diff", "r.db", code=2)
        self.check("old", "-q", "--db", "r.db")
        self.run_program("diff", "r.db:1", "r.db:2", code=1)

    def test_the_page_is_valid_and_complete(self):
        self.database()
        self.run_program("report", "r.db", "-o", "r.html")
        page = (self.folder / "r.html").read_text()
        parser = html5lib.HTMLParser(strict=True)
        document = parser.parse(page)
        space = "{http://www.w3.org/1999/xhtml}"
        self.assertEqual("".join(document.find(f".//{space}h1").itertext()), "3 targets: 1 with warnings")
        ids = [element.get("id") for element in document.iter() if element.get("id")]
        self.assertEqual(len(ids), len(set(ids)))
        for link in document.iter(f"{space}a"):
            self.assertIn(link.get("href").removeprefix("#"), ids)
        rows = document.findall(f".//{space}table[@class='targets']/{space}tbody/{space}tr")
        self.assertEqual([row.get("data-status") for row in rows], ["warn", "ok", "ok"])
        self.assertIn("b.example:443", "".join(rows[0].itertext()))
        self.assertEqual(self.run_program("report", "r.db").stdout, page)
        self.assertIn("exists; --overwrite", self.run_program("report", "r.db", "-o", "r.html", code=2).stderr)
        self.run_program("report", "r.db:1", "-oH", "r.html", "--overwrite")
        self.check("old", "-q", "-oH", "own.html")
        parser.parse((self.folder / "own.html").read_text())

    def test_hostile_names_stay_text(self):
        visit = named(self.runs["old"][0], "x")
        visit["target"].update(input="<script>alert(1)</script>", host="</title><script>alert(1)</script>", sni=None)
        (self.folder / "h.visits").write_text(json.dumps(visit))
        self.run_program("check", "--replay", "h.visits", "-k", "-q", "-oJ", "h.json", "-oH", "h.html")
        self.run_program("report", "h.json", "-o", "h2.html")
        for name in ("h.html", "h2.html"):
            document = html5lib.HTMLParser(strict=True).parse((self.folder / name).read_text())
            scripts = list(document.iter("{http://www.w3.org/1999/xhtml}script"))
            self.assertEqual(len(scripts), 1)
            self.assertNotIn("alert", scripts[0].text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
