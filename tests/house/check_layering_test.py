#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/check_layering.py finds each kind of fault, and only that, in a small tree that is right but for it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools/check_layering.py"

PAGE = """# Architecture

| module | may include | owns |
|---|---|---|
| base | – | fmt |
| wire | base | |
| net | base | Boost.Asio, c-ares |
| probe | net wire base | |
| cli | everything | CLI11 |

| library | lent to | because |
|---|---|---|
| Boost.Asio | `probe/lent.cpp` | a reason |

- Pure modules are `wire`: nothing else.
- Coroutines appear in `net probe` only.
"""

GOOD = {
    "ARCHITECTURE.md": PAGE,
    "src/base/CMakeLists.txt": "tlsdoctor_module(base SOURCES a.cpp)\n",
    "src/base/a.cpp": "#include <fmt/core.h>\n#include <fstream>\n",
    "src/wire/CMakeLists.txt": "# tlsdoctor_module(wire DEPENDS net)\ntlsdoctor_module(wire DEPENDS base)\n",
    "src/wire/a.cpp": '#include "wire/a.hpp"\n#include "base/a.hpp"\n#include <fmt/core.h>\n#include "rows.inc"\n',
    "src/net/CMakeLists.txt": "tlsdoctor_module(net DEPENDS base LIBS cares)\n",
    "src/net/a.cpp": "#include <boost/asio/buffer.hpp>\n#include <ares.h>\n#include <netdb.h>\nco_await f();\n",
    "src/probe/CMakeLists.txt": "tlsdoctor_module(\n    probe\n    DEPENDS net base\n    SOURCES a.cpp\n)\n",
    "src/probe/a.cpp": '#include "net/a.hpp"\n// co_await in prose, #include <ares.h>\nco_return 1;\n',
    "src/probe/lent.cpp": "#include <boost/asio/post.hpp>\n",
    "src/cli/CMakeLists.txt": "tlsdoctor_module(cli DEPENDS probe wire)\n",
    "src/cli/sub/a.cpp": '#include "probe/a.hpp"\n#include "cli/a.hpp"\n#include <CLI/App.hpp>\n/* co_await\n */\n',
}

# What is changed in the good tree, and the words that the one fault must hold.
FAULTS = {
    "not in DEPENDS": ({"src/probe/b.cpp": '#include "wire/a.hpp"\n'}, "src/probe/b.cpp:1: "),
    "along with another": ({"src/cli/b.cpp": '\n#include "net/a.hpp"\n'}, "net is not among the DEPENDS of cli"),
    "upwards": ({"src/wire/CMakeLists.txt": "tlsdoctor_module(wire DEPENDS base net)"}, "does not allow wire"),
    "no path": ({"src/wire/b.cpp": '#include "a.hpp"\n'}, "write the path from src/"),
    "no module": ({"src/wire/b.cpp": '#include "nowhere/a.hpp"\n'}, "nowhere is no module"),
    "another's library": ({"src/wire/b.cpp": "#include <boost/asio/buffer.hpp>\n"}, "belongs to net"),
    "a lent file only": ({"src/probe/b.cpp": "#include <boost/asio/post.hpp>\n"}, "belongs to net"),
    "c-ares elsewhere": ({"src/cli/b.cpp": "#  include <ares.h>\n"}, "c-ares belongs to net"),
    "unowned library": ({"src/cli/b.cpp": "#include <boost/json/value.hpp>\n"}, "Boost.JSON belongs to no module"),
    "unknown library": ({"src/cli/b.cpp": "#include <lzma.h>\n"}, "an unknown library"),
    "test library": ({"src/cli/b.cpp": "#include <doctest/doctest.h>\n"}, "doctest belongs to no module"),
    "impure": ({"src/wire/b.cpp": "#include <random>\n"}, "wire is pure"),
    "impure by POSIX": ({"src/wire/b.cpp": "#include <sys/socket.h>\n"}, "wire is pure"),
    "coroutine": ({"src/wire/b.cpp": "int i;\nco_await f();\n"}, "src/wire/b.cpp:2: co_await: wire has no"),
    "coroutine's type": ({"src/cli/b.hpp": "asio::awaitable<void> f();\n"}, "awaitable: cli has no"),
    "no list": ({"src/base/CMakeLists.txt": "add_library(base)"}, "declares no tlsdoctor_module(base"),
    "no row": ({"src/more/CMakeLists.txt": "tlsdoctor_module(more)"}, "no row in the table"),
}

UNREADABLE = {
    "no table": {"ARCHITECTURE.md": PAGE.replace("| module |", "| folder |")},
    "no sentence": {"ARCHITECTURE.md": PAGE.replace("Pure modules are", "Pure are")},
    "loan without reason": {"ARCHITECTURE.md": PAGE.replace("a reason", "")},
    "no page": {"ARCHITECTURE.md": None},
}


def run(changes):
    """Runs the tool on the good tree with changes; returns exit code and lines."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**GOOD, **changes}.items():
            if content is not None:
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
        done = subprocess.run([sys.executable, TOOL, "--root", folder], capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()


class CheckLayering(unittest.TestCase):
    def test_a_good_tree_passes(self):
        self.assertEqual(run({}), (0, []))

    def test_each_fault_is_found_alone(self):
        for name, (changes, words) in FAULTS.items():
            with self.subTest(name):
                code, lines = run(changes)
                self.assertEqual(code, 1)
                self.assertEqual(len(lines), 1, lines)
                self.assertIn(words, lines[0])

    def test_a_page_that_cannot_be_read_is_no_success(self):
        for name, changes in UNREADABLE.items():
            with self.subTest(name):
                self.assertEqual(run(changes)[0], 2)


if __name__ == "__main__":
    unittest.main()
