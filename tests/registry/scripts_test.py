#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of the scripts that turn files of the source tree into C++ (tools/gen_tables.py, gen_embed.py)."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(script, *arguments):
    command = [sys.executable, str(ROOT / "tools" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def table(self, name, content):
        """Runs gen_tables.py on a file of that name; returns its messages and the rows."""
        source, out = self.path / name, self.path / "out.inc"
        source.write_bytes(content)
        out.unlink(missing_ok=True)
        done = run("gen_tables.py", out, source)
        self.assertEqual(done.returncode == 0, out.exists())
        return done.stderr.strip(), out.read_text().splitlines()[1:] if out.exists() else None

    def test_a_row_becomes_a_designated_initialiser(self):
        message, rows = self.table("groups.tsv", b"# c\nbits\tnumber\tsource\tname\tkind\n256\t0x0017\tRFC\tsecp256r1\telliptic_curve\n")
        self.assertEqual(message, "")
        expected = '{.id = NamedGroup{23}, .name = "secp256r1", .kind = GroupKind::elliptic_curve, .bits = 256},'
        self.assertEqual(rows, [expected])

    def test_text_is_safe_in_a_string_literal(self):
        cases = [
            ("plain", "plain"),
            ('say "hi"', "say \\042hi\\042"),
            ("a\\nb\\tc", "a\\012b\\011c"),
            ("back\\\\slash", "back\\134slash"),
            ("\\\\n", "\\134n"),
            ("é1", "\\303\\2511"),
            ("\U0001f512", "\\360\\237\\224\\222"),
            ("??/%{}", "??/%{}"),
        ]
        for cell, expected in cases:
            with self.subTest(cell):
                message, rows = self.table("extensions.tsv", f"number\tname\n1\t{cell}\n".encode())
                self.assertEqual((message, rows), ("", [f'{{.id = ExtensionType{{1}}, .name = "{expected}"}},']))

    def test_a_malformed_table_is_refused_with_its_line(self):
        head = b"# comment\n\nnumber\tname\n"
        cases = [
            ("too few cells", head + b"1\n", ":4: 1 cells, but the header names 2 columns"),
            ("too many cells", head + b"1\ta\tb\n", ":4: 3 cells"),
            ("not a number", head + b"1\ta\nx\tb\n", ":5: column number: 'x' is not a number"),
            ("a number too large", head + b"65536\ta\n", ":4: column number: 65536 is more than 65535"),
            ("no number", head + b"\ta\n", ":4: column number: a number is missing"),
            ("no name", head + b"1\t\n", ":4: column name: must not be empty"),
            ("not UTF-8", head + b"1\t\xff\n", ":4: byte 3 is not UTF-8"),
            ("a control character", head + b"1\ta\r\n", ":4: control character '\\r'"),
            ("an unknown escape", head + b"1\t\\x\n", ":4: column name: '\\\\x'"),
            ("a lone backslash at the end", head + b"1\ta\\\n", ":4: column name: '\\\\'"),
            ("a missing column", b"number\tnaem\n1\ta\n", ":1: the header must name once: name"),
            ("a column twice", b"number\tname\tname\n1\ta\tb\n", ":1: the header must name once: name"),
            ("no rows", head, ":1: the table has no rows"),
            ("an empty file", b"", ":1: the header must name once: number, name"),
        ]
        for name, content, expected in cases:
            with self.subTest(name):
                message, rows = self.table("extensions.tsv", content)
                self.assertIsNone(rows)
                self.assertIn("extensions.tsv" + expected, message)

    def test_typed_columns_refuse_other_values(self):
        head = (
            b"id\tname\tplatform\tcategory\treleased\tlowest\thighest\ttelling"
            b"\thello_class\tja4\tlibrary\tfidelity\tpermutes\tsource\n"
        )
        good = b"a\tb\tc\td\t2020\tTLS 1.0\tTLS 1.3\tyes\t0123\tt13\t\tparrot\tno\te\n"
        self.assertEqual(self.table("clients.tsv", head + good)[0], "")
        self.assertEqual(self.table("clients.tsv", head + good.replace(b"TLS 1.0", b"none").replace(b"2020", b""))[0], "")
        self.assertIn(":2: column lowest", self.table("clients.tsv", head + good.replace(b"TLS 1.0", b"TLS 1.4"))[0])
        self.assertIn(":2: column telling", self.table("clients.tsv", head + good.replace(b"yes", b"maybe"))[0])
        self.assertIn("no entry for other.tsv", self.table("other.tsv", head + good)[0])

    def test_every_table_of_the_tree_is_well_formed(self):
        sys.path.insert(0, str(ROOT / "tools"))
        from gen_tables import TABLES

        found = [file for file in (ROOT / "data").rglob("*.tsv") if file.name in TABLES]
        self.assertGreaterEqual(len(found), 7)
        for file in found:
            with self.subTest(file.name):
                self.assertEqual(run("gen_tables.py", self.path / "out.inc", file).stderr, "")

    def test_tables_are_what_their_generator_writes(self):
        sys.path.insert(0, str(ROOT / "tools"))
        import gen_registry

        for file in gen_registry.TABLES:
            with self.subTest(file):
                self.assertEqual((ROOT / "data/registry" / file).read_text(encoding="utf-8"), gen_registry.table_text(file))

    def test_embedded_files_come_back_byte_for_byte(self):
        contents = {"b": "", "a": 'é )txt" )txt_" \\ "\n' * 3000, "c_d": "x"}
        for name, content in contents.items():
            (self.path / f"{name}.md").write_text(content, encoding="utf-8", newline="\n")
        done = run("gen_embed.py", self.path / "e.cpp", "pages", *[self.path / f"{name}.md" for name in contents])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        main = "\n".join([
            "#include <cstdio>", "#include <span>", '#include "base/embedded.hpp"',
            "namespace tlsdoctor::embedded { std::span<const EmbeddedFile> pages(); }",
            "int main() { for (auto f : tlsdoctor::embedded::pages())",
            '{ std::printf("%s:%zu:", f.name.data(), f.text.size()); std::fwrite(f.text.data(), 1, f.text.size(), stdout); } }',
        ])  # fmt: skip
        (self.path / "main.cpp").write_text(main)
        compiler = ["c++", "-std=c++23", f"-I{ROOT / 'src'}", "-o", self.path / "t", self.path / "main.cpp", self.path / "e.cpp"]
        subprocess.run(compiler, check=True, timeout=120)
        expected = "".join(f"{name}:{len(text.encode())}:{text}" for name, text in sorted(contents.items()))
        shown = subprocess.run([self.path / "t"], capture_output=True, check=True, timeout=60).stdout
        self.assertEqual(shown, expected.encode())

    def test_files_that_cannot_be_embedded_are_refused(self):
        (self.path / "nul.md").write_bytes(b"a\nb\0")
        (self.path / "latin.md").write_bytes(b"\xe9")
        (self.path / "x.md").write_text("x")
        (self.path / "x.txt").write_text("x")
        for files, expected in [(["nul.md"], "in line 2"), (["latin.md"], "utf-8"), (["x.md", "x.txt"], "same name"), (["no.md"], "No such file")]:
            with self.subTest(files):
                done = run("gen_embed.py", self.path / "e.cpp", "pages", *[self.path / file for file in files])
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(expected, done.stderr)
                self.assertFalse((self.path / "e.cpp").exists())


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
