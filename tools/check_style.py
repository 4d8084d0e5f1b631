#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the sources to the rules of CONTRIBUTING.md that a program can see.

    check_style.py [--root DIR]

- First line: the SPDX line (scripts: after `#!`), then prose that says what the file is for; a test of one
  file needs none.
- Headers have at most 150 lines, sources 350, functions 60; tables and tests may be longer.
- `#pragma once` in headers, and `///` before every type.
- None of: `new`, `using namespace` (but for literals, and in tests), macros, iostreams, `system(`, tabs,
  space at a line's end, a TODO without an issue.
- Nothing that is true on one machine alone: no paths of home or work folders.

Recorded configurations (tests/config/cases) are others' to the byte: their scripts need no such first lines.

Prints `file:line: fault` for each and exits 1, or 2 where there is nothing to check.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

SPDX = "SPDX-License-Identifier: Apache-2.0"
CODE = {".cpp", ".hpp"}
SCRIPT = {".py", ".sh"}
RECORDED = ("tests", "config", "cases")  # configurations of others, to the byte
HEADER_LINES, SOURCE_LINES, FUNCTION_LINES = 150, 350, 60
ALLOWED_IN_TESTS = ("using namespace", "iostream")
FORBIDDEN = (
    (re.compile(r"\busing namespace\b(?! [\w:]*_literals)"), "using namespace"),
    (re.compile(r"(?<![\w.])new\s+[A-Za-z_:<]"), "new: use a value or std::make_unique"),
    (re.compile(r"^\s*#\s*define\s+\w"), "a macro"),
    (re.compile(r"\bstd::(cout|cerr|endl)\b"), "iostream: results go through report, complaints through cli"),
    (re.compile(r"(?<![\w:.>])system\s*\("), "system()"),
)
MACRO_OF_A_LIBRARY = re.compile(r"#\s*define\s+(DOCTEST|BOOST|CLI11)_\w+")
TODO = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\s*\(#\d+\))")
ONE_MACHINE = re.compile(r"(?<![\w.])/(home|root|work|Users)/\w")
TYPE = re.compile(r"^(?:template\s*<.*>\s*)?(?:enum class|enum|struct|class)\s+(\w+)[^;]*(?:\{|$)")
FUNCTION_END = re.compile(r"^\}(?!;)")


def tracked(root):
    """Returns the files of the project: what git knows, or everything where there is no git."""
    done = subprocess.run(
        ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "-z"], capture_output=True
    )
    if done.returncode == 0:
        paths = [root / name for name in done.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in root.rglob("*") if "build" not in path.relative_to(root).parts]
    return sorted(path for path in paths if path.is_file())


def opening_faults(path, lines):
    """Yields what is wrong with the first lines of a file."""
    at = 1 if lines and lines[0].startswith("#!") else 0
    if at >= len(lines) or SPDX not in lines[at]:
        yield at + 1, f"the line `{SPDX}` is missing"
        return
    if path.suffix not in CODE or path.name.endswith("_test.cpp"):
        return
    prose = lines[at + 1] if at + 1 < len(lines) else ""
    if not prose.startswith("// "):
        yield at + 2, "say in two to six lines what the file is for"


def most_lines(path, relative):
    """Returns how many lines a file of C++ may have."""
    if relative.parts[0] == "tests":
        return None
    if path.suffix == ".hpp":
        return HEADER_LINES
    return SOURCE_LINES


def is_table(lines):
    """Tells whether a file is mostly rows: those may be long."""
    rows = sum(1 for line in lines if line.lstrip().startswith(("{", '"', ".", "R\"")))
    return rows * 2 > len(lines)


def length_faults(path, relative, lines):
    most = most_lines(path, relative)
    if most and len(lines) > most and not is_table(lines):
        yield len(lines), f"{len(lines)} lines, more than {most}"


def code_of(text):
    """Returns the lines with strings emptied and comments removed, one for one."""
    pattern = re.compile(
        r'(?P<raw>R"(?P<mark>[^()\\ \n]{0,16})\((?s:.*?)\)(?P=mark)")|(?P<string>"(?:[^"\\\n]|\\.)*")'
        r"|(?P<char>(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+')|(?P<line>//[^\n]*)|(?P<block>/\*(?s:.*?)\*/)"
    )

    def blank(match):
        kept = '""' if match["raw"] or match["string"] else "' '" if match["char"] else ""
        return kept + "\n" * match[0].count("\n")

    return pattern.sub(blank, text).split("\n")


def word_faults(lines, code, inside_tests):
    for at, (line, bare) in enumerate(zip(lines, code), start=1):
        if line != line.rstrip():
            yield at, "space at the end of the line"
        if "\t" in line:
            yield at, "a tab"
        if TODO.search(line):
            yield at, "a TODO without an issue"
        for pattern, what in FORBIDDEN:
            if not pattern.search(bare) or MACRO_OF_A_LIBRARY.search(bare):
                continue
            if not (inside_tests and what.startswith(ALLOWED_IN_TESTS)):
                yield at, what


def function_faults(code):
    """Yields functions that are too long: from a line that ends with `{` at column 0 to its `}`."""
    start = None
    for at, line in enumerate(code, start=1):
        opens = line.rstrip().endswith("{") and not re.match(r"\s|namespace\b|extern\b|\}", line)
        closing_head = re.match(r"\)[^;]*\{$", line.rstrip())
        if (opens or closing_head) and not re.match(r"(struct|class|enum|union|constexpr \w+ k_|const )", line):
            start = at
        if FUNCTION_END.match(line) and start is not None:
            if at - start + 1 > FUNCTION_LINES:
                yield start, f"a function of {at - start + 1} lines, more than {FUNCTION_LINES}"
            start = None
        elif line.startswith("};"):
            start = None


def header_faults(lines, code):
    if not any(line.strip() == "#pragma once" for line in lines):
        yield 1, "`#pragma once` is missing"
    before = ""
    for at, (line, bare) in enumerate(zip(lines, code), start=1):
        if TYPE.match(bare) and not before.startswith("///") and not before.startswith("template"):
            yield at, f"{TYPE.match(bare)[1]} has no `///`"
        before = line.strip() or before if not bare.strip() and line.strip() else line.strip()


def faults_of(root, path):
    """Yields (line, fault) of one file."""
    relative = path.relative_to(root)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    lines = text.split("\n")
    lines = lines[:-1] if lines and lines[-1] == "" else lines
    opens = path.suffix in CODE | SCRIPT | {".cmake"} or path.name in ("CMakeLists.txt", "Makefile")
    if opens and relative.parts[:3] != RECORDED:
        yield from opening_faults(path, lines)
    if path.suffix in CODE:
        code = code_of(text)
        yield from length_faults(path, relative, lines)
        yield from word_faults(lines, code, relative.parts[0] in ("tests", "fuzz"))
        if relative.parts[0] != "tests":
            yield from function_faults(code)
        if path.suffix == ".hpp":
            yield from header_faults(lines, code)
    if relative.parts[:2] != ("tests", "house") and path.name != "check_style.py":
        for at, line in enumerate(lines, start=1):
            if ONE_MACHINE.search(line):
                yield at, "a path of one machine"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    files = tracked(root)
    if not any(path.suffix in CODE for path in files):
        print(f"check_style: no sources in {root}", file=sys.stderr)
        return 2
    found = 0
    for path in files:
        for at, fault in sorted(faults_of(root, path)):
            print(f"{path.relative_to(root)}:{at}: {fault}")
            found += 1
    print(f"check_style: {len(files)} files, {found} faults", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
