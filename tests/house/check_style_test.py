#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/check_style.py finds each kind of fault, and only that, in a small tree that is right but for it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools/check_style.py"
HEAD = "// SPDX-License-Identifier: Apache-2.0\n// What it is for.\n"
HASH = "# SPDX-License-Identifier: Apache-2.0\n"
LONG_FUNCTION = "int f() {\n" + "    g();\n" * 59 + "}\n"

GOOD = {
    "src/a/a.hpp": HEAD + "#pragma once\n\nnamespace a {\n\n/// A type.\nstruct A {\n    int b{};\n};\n"
    "class Known;\n\n/// Returns.\nint f();\n\n} // namespace a\n",
    "src/a/a.cpp": HEAD + 'const char* k = "new A; using namespace std; std::cout";\n// a new A, using namespace\n'
    "using namespace std::string_view_literals;\nint million = 1'000'000;\nchar quote = '\"';\n",
    "src/a/table.cpp": HEAD + '    {"row"},\n' * 600,
    "src/a/CMakeLists.txt": HASH,
    "tests/a/long_test.cpp": "// SPDX-License-Identifier: Apache-2.0\nusing namespace a;\n" + "f();\n" * 700,
    "tools/a.py": "#!/usr/bin/env python3\n" + HASH,
    "fine.md": "Run /usr/bin/python3, or see https://host.example/home/page and /etc/nginx.\n",
}

# The file that is added, its content, and the fault, which must be the only one.
FAULTS = {
    "no SPDX line": ("src/a/b.cpp", "// What it is for.\n", "b.cpp:1: the line"),
    "no SPDX line in a script": ("tools/b.py", "#!/usr/bin/env python3\n", "b.py:2: the line"),
    "no SPDX line in CMake": ("cmake/b.cmake", "include(c)\n", "b.cmake:1: the line"),
    "no prose": ("src/a/b.cpp", HEAD.split("\n")[0] + '\n#include "a/a.hpp"\n', "b.cpp:2: say in two"),
    "long header": ("src/a/b.hpp", HEAD + "#pragma once\n" + "int a;\n" * 150, "153 lines, more than 150"),
    "long source": ("src/a/b.cpp", HEAD + "int a;\n" * 350, "352 lines, more than 350"),
    "long function": ("src/a/b.cpp", HEAD + LONG_FUNCTION, "b.cpp:3: a function of 61 lines"),
    "long function, wrapped head": (
        "src/a/b.cpp",
        HEAD + LONG_FUNCTION.replace("f() {", "f(\n    int a\n) {"),
        "b.cpp:5: a function of 61 lines",
    ),
    "no pragma": ("src/a/b.hpp", HEAD, "`#pragma once` is missing"),
    "type without comment": ("src/a/b.hpp", HEAD + "#pragma once\n\nstruct B {\n};\n", "b.hpp:5: B has no"),
    "enum without comment": ("src/a/b.hpp", HEAD + "#pragma once\n\nenum class E : int { x };\n", "E has no"),
    "using namespace": ("src/a/b.cpp", HEAD + "using namespace std;\n", "b.cpp:3: using namespace"),
    "new": ("src/a/b.cpp", HEAD + "auto* a = new A;\n", "b.cpp:3: new"),
    "macro": ("src/a/b.cpp", HEAD + "#define A 1\n", "b.cpp:3: a macro"),
    "iostream": ("src/a/b.cpp", HEAD + "std::cout << 1;\n", "b.cpp:3: iostream"),
    "system": ("src/a/b.cpp", HEAD + 'system("ls");\n', "b.cpp:3: system()"),
    "space at the end": ("src/a/b.cpp", HEAD + "int a; \n", "b.cpp:3: space at the end"),
    "tab": ("src/a/b.cpp", HEAD + "\tint a;\n", "b.cpp:3: a tab"),
    "TODO": ("src/a/b.cpp", HEAD + "// TODO: later\n", "b.cpp:3: a TODO"),
    "path of one machine": ("docs/b.md", "cd " + "/ho" + "me/someone\n", "b.md:1: a path of one machine"),
}


def run(files):
    """Runs the tool on a tree; returns exit code and lines."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        done = subprocess.run([sys.executable, TOOL, "--root", folder], capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()


class CheckStyle(unittest.TestCase):
    def test_a_good_tree_passes(self):
        self.assertEqual(run(GOOD), (0, []))

    def test_each_fault_is_found_alone(self):
        for name, (file, content, words) in FAULTS.items():
            with self.subTest(name):
                code, lines = run({**GOOD, file: content})
                self.assertEqual(code, 1)
                self.assertEqual(len(lines), 1, lines)
                self.assertIn(words, lines[0])

    def test_a_tree_without_sources_is_no_success(self):
        self.assertEqual(run({"README.md": "text\n"})[0], 2)


if __name__ == "__main__":
    unittest.main()
