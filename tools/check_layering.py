#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds every #include to the layers: the table of ARCHITECTURE.md, and the CMake lists below it.

    check_layering.py [--root DIR]

- Each folder of src/ has a row in the table and a CMakeLists.txt; its DEPENDS are a part of its row.
- src/<module>/ includes the headers of its own module and of the modules that its DEPENDS name, not of
  those that come along with them.
- An outside library is included by its owner alone; the table of loans names the exceptions, file by file
  or for a module, with the reason. Tests may use what they like.
- Pure modules include no header that leads to sockets, files, clocks, threads or randomness.
- Coroutines stand only in the modules that the sentence "Coroutines appear in `...`" names.

Prints `file:line: fault` for each and exits 1, or 2 where the page cannot be read.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

# How an outside library is recognised in `#include <...>`, and what the table calls it.
LIBRARIES = (
    ("Boost.Asio", r"boost/asio"),
    ("Boost.JSON", r"boost/json"),
    ("Boost.Beast", r"boost/beast"),
    ("Boost", r"boost/"),
    ("c-ares", r"ares(_\w+)?\.h$"),
    ("libidn2", r"idn2\.h$"),
    ("OpenSSL", r"openssl/"),
    ("CLI11", r"CLI/"),
    ("fmt", r"fmt/"),
    ("doctest", r"doctest/"),
    ("SQLite", r"sqlite3"),
    ("RE2", r"re2/"),
    ("expat", r"expat\.h$"),
    ("toml++", r"toml\+\+/"),
    ("libpcap", r"pcap"),
    ("NATS", r"nats/"),
    ("zlib", r"zlib\.h$"),
)
# C++ and C headers without a folder or `.h` belong to the standard; these of POSIX and Linux need no owner.
POSIX = r"(sys|arpa|netinet|net|linux)/|(unistd|poll|netdb|fcntl|ifaddrs|termios|pthread|errno|signal|dirent|fnmatch|grp|pwd)\.h$"
# What leads out of the process, or makes a result depend on more than the arguments.
IMPURE = (
    r"fstream|filesystem|iostream|thread|mutex|shared_mutex|atomic|condition_variable|future|random|"
    r"ctime|csignal|(?:" + POSIX + r").*"
)
EVERYWHERE = {"fmt"}  # its owner is base, but text is made everywhere
COROUTINE = re.compile(r"\b(co_await|co_return|co_yield|awaitable)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Unreadable(Exception):
    """The page does not have the form that this program reads."""


@dataclass
class House:
    """What ARCHITECTURE.md lays down."""

    may_include: dict = field(default_factory=dict)  # module -> set of modules
    owner: dict = field(default_factory=dict)  # library -> module
    loans: set = field(default_factory=set)  # (library, place below src/)
    pure: set = field(default_factory=set)
    coroutines: set = field(default_factory=set)


def cells_of(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def table_below(lines, first_column):
    """Returns the rows of the Markdown table whose first heading is `first_column`."""
    for at, line in enumerate(lines):
        if line.startswith("|") and cells_of(line)[0] == first_column:
            rows = []
            for row in lines[at + 2 :]:
                if not row.startswith("|"):
                    break
                rows.append(cells_of(row))
            return rows
    raise Unreadable(f"no table whose first column is `{first_column}`")


def named_after(text, words):
    """Returns the names between the backticks that follow `words`."""
    match = re.search(re.escape(words) + r"\s+`([^`]+)`", text)
    if not match:
        raise Unreadable(f"no sentence `{words} ...` with names in backticks")
    return set(match[1].split())


def read_house(page):
    """Reads ARCHITECTURE.md."""
    text = page.read_text(encoding="utf-8")
    lines = text.splitlines()
    house = House()
    for modules, allowed, owned in (row[:3] for row in table_below(lines, "module")):
        for module in modules.split(", "):
            house.may_include[module] = set(re.findall(r"[a-z]+", allowed))
            for library in filter(None, owned.split(", ")):
                house.owner[library] = module
    everything = set(house.may_include)
    for module, allowed in house.may_include.items():
        if "everything" in allowed:
            house.may_include[module] = everything - {module}
    for library, place, reason in (row[:3] for row in table_below(lines, "library")):
        if not reason:
            raise Unreadable(f"the loan of {library} to {place} has no reason")
        house.loans.add((library, place.strip("`")))
    house.pure = named_after(text, "Pure modules are")
    house.coroutines = named_after(text, "Coroutines appear in")
    return house


def without_comments(text):
    """Blanks comments, keeping the lines, so that prose about a word is not the word."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)  # strings hide //

    def blank(match):
        return "\n" * match[0].count("\n") if match[0][0] == "/" else match[0]

    return pattern.sub(blank, text)


def depends_of(cmake, module):
    """Returns the DEPENDS list of a module's CMakeLists.txt, or None where it declares no module."""
    text = re.sub(r"#[^\n]*", "", cmake.read_text(encoding="utf-8"))
    match = re.search(r"tlsdoctor_module\(\s*" + module + r"\b([^)]*)\)", text)
    if not match:
        return None
    depends, reading = [], False
    for word in match[1].split():
        if word in ("DEPENDS", "SOURCES", "LIBS", "PCH"):
            reading = word == "DEPENDS"
        elif reading:
            depends.append(word)
    return depends


def library_of(header):
    """Returns the name of the outside library, None for the standard and POSIX, "" for an unknown one."""
    for name, pattern in LIBRARIES:
        if re.match(pattern, header):
            return name
    standard = re.fullmatch(r"[a-z_0-9]+", header) or re.match(POSIX, header)
    return None if standard else ""


class Module:
    """One folder of src/ and what is wrong with it."""

    def __init__(self, root, house, name, modules):
        self.root, self.house, self.name, self.modules = root, house, name, modules
        self.folder = root / "src" / name
        self.depends = []

    def faults(self):
        yield from self.faults_of_list()
        for path in sorted([*self.folder.rglob("*.hpp"), *self.folder.rglob("*.cpp")]):
            yield from self.faults_of_file(path)

    def faults_of_list(self):
        cmake = self.folder / "CMakeLists.txt"
        shown = cmake.relative_to(self.root)
        self.depends = (depends_of(cmake, self.name) if cmake.is_file() else None) or []
        if not cmake.is_file() or depends_of(cmake, self.name) is None:
            yield f"{shown}: declares no tlsdoctor_module({self.name} ...)"
        if self.name not in self.house.may_include:
            yield f"{shown}: {self.name} has no row in the table of ARCHITECTURE.md"
        for other in self.depends:
            if other not in self.house.may_include.get(self.name, set()):
                yield f"{shown}: DEPENDS names {other}, which ARCHITECTURE.md does not allow {self.name}"

    def faults_of_file(self, path):
        shown = path.relative_to(self.root)
        for at, line in enumerate(without_comments(path.read_text(encoding="utf-8")).splitlines(), start=1):
            if match := INCLUDE.match(line):
                judge = self.fault_of_ours if match[1] == '"' else self.fault_of_theirs
                fault = judge(match[2], str(path.relative_to(self.root / "src")))
            else:
                word = COROUTINE.search(line)
                fault = None
                if word and self.name not in self.house.coroutines:
                    fault = f"{word[1]}: {self.name} has no coroutines"
            if fault:
                yield f"{shown}:{at}: {fault}"

    def fault_of_ours(self, header, _place):
        module, slash, _ = header.partition("/")
        if not slash:
            return None if header.endswith(".inc") else f'"{header}": write the path from src/'
        if module not in self.modules:
            return f'"{header}": {module} is no module'
        if module != self.name and module not in self.depends:
            return f'"{header}": {module} is not among the DEPENDS of {self.name}'
        return None

    def fault_of_theirs(self, header, place):
        if self.name in self.house.pure and re.fullmatch(IMPURE, header):
            return f"<{header}>: {self.name} is pure"
        library = library_of(header)
        if library is None or library in EVERYWHERE:
            return None
        if library == "":
            return f"<{header}>: an unknown library; give it an owner in ARCHITECTURE.md and a row in this program"
        owner = self.house.owner.get(library)
        lent = {(library, place), (library, self.name)} & self.house.loans
        if owner != self.name and not lent:
            return f"<{header}>: {library} belongs to {owner or 'no module'}"
        return None


def check(root):
    """Yields every fault."""
    house = read_house(root / "ARCHITECTURE.md")
    modules = sorted(path.name for path in (root / "src").iterdir() if path.is_dir())
    for name in modules:
        yield from Module(root, house, name, modules).faults()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    try:
        faults = list(check(root))
    except (OSError, UnicodeDecodeError, Unreadable, ValueError) as e:
        print(f"check_layering: {e}", file=sys.stderr)
        return 2
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"check_layering: {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
