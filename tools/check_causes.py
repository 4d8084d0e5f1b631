#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the rules of src/diagnose/ to what a user may expect of each cause.

    check_causes.py [--root DIR]

For every cause that a rule can find (`.id = "name"` or `.cause = "name"` in src/diagnose/*.cpp):

- a row in data/causes.tsv (that every failure has a fix is held by tests/advise/);
- in tests/causes/<name>/*.json at least one proof (the name is in "must") and at least one near miss
  (the name is in "must_not").

Rules about configurations (src/diagnose/config_*.cpp) have no recordings: tests/config/cases hold them to real servers.

Every cause, also one that only an error text or a client's hello shows, has a page docs/causes/<name>.md
with the headings of ARCHITECTURE.md, at most 96 columns wide. Every page and every recording is checked
too: a page must belong to a cause, a recording may only name causes. Prints one line per fault and exits 1, or 2 where there is
nothing to check.
"""

import argparse
import json
import re
import sys
from pathlib import Path

HEADINGS = [
    "What you see",
    "Why",
    "Who must act",
    "How we know",
    "Fix",
    "Check",
    "Not to be confused with",
    "References",
]
WIDTH = 96  # pages are printed by `tlsdoctor help CAUSE`


def table(path):
    """Returns the first column of a table of data/ with the line numbers."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    rows = [(at, line.split("\t")[0]) for at, line in lines if line and not line.startswith("#")]
    return rows[1:]  # the first names the columns


def rules(root):
    """Returns {cause: "file:line"} of the rules, comments left out."""
    found = {}
    for path in sorted((root / "src/diagnose").glob("*.cpp")):
        if path.name.startswith("config_"):
            continue
        for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            code = line.split("//")[0]
            for name in re.findall(r'\.(?:id|cause)\s*=\s*"([^"]*)"', code):
                found.setdefault(name, f"{path.relative_to(root)}:{at}")
    return found


def faults_of_page(path, shown):
    """Yields what is wrong with one page."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != f"# {path.stem}":
        yield f"{shown}:1: the first line must be `# {path.stem}`"
    headings = [(at, line[3:]) for at, line in enumerate(lines, start=1) if line.startswith("## ")]
    names = [name for _, name in headings]
    if names != HEADINGS:
        missing = [name for name in HEADINGS if name not in names]
        reason = f"lacks {', '.join(missing)}" if missing else f"has the headings {', '.join(names)}"
        yield f"{shown}: {reason}; wanted are, in this order: {', '.join(HEADINGS)}"
    for (at, name), (end, _) in zip(headings, headings[1:] + [(len(lines) + 1, "")]):
        if not any(line.strip() for line in lines[at : end - 1]):
            yield f"{shown}:{at}: nothing stands under `{name}`"
    for at, line in enumerate(lines, start=1):
        if len(line) > WIDTH:
            yield f"{shown}:{at}: {len(line)} columns, more than {WIDTH}"


def recordings(root):
    """Yields (cause of the folder, shown path, must, must_not, fault) of every recording."""
    for path in sorted((root / "tests/causes").glob("*/*.json")):
        shown = path.relative_to(root)
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            lists = [document[key] for key in ("must", "must_not")]
            good = all(isinstance(x, list) and all(isinstance(y, str) for y in x) for x in lists)
            fault = None if good else f'{shown}: "must" and "must_not" are lists of names'
        except (ValueError, KeyError, TypeError) as e:
            lists, fault = [[], []], f"{shown}: not a recording: {e!r}"
        yield path.parent.name, shown, *(lists if fault is None else [[], []]), fault


def check(root):
    """Yields every fault, most basic first."""
    known = {}
    for at, name in table(root / "data/causes.tsv"):
        if name in known:
            yield f"data/causes.tsv:{at}: {name} stands there twice"
        known[name] = at
    found = rules(root)
    proofs, near_misses = set(), set()
    for cause, shown, must, must_not, fault in recordings(root):
        if fault:
            yield fault
        for name in [cause, *must, *must_not]:
            if name not in known:
                yield f"{shown}: {name} is not in data/causes.tsv"
        for name in sorted(set(must) & set(must_not)):
            yield f"{shown}: {name} stands in must and in must_not"
        proofs |= {cause} & set(must)
        near_misses |= {cause} & set(must_not)
    for name, place in sorted(found.items()):
        if name not in known:
            yield f"{place}: {name} has no row in data/causes.tsv"
        if name not in proofs:
            yield f'{place}: {name} has no proof: no tests/causes/{name}/*.json has it in "must"'
        if name not in near_misses:
            yield f'{place}: {name} has no near miss: no tests/causes/{name}/*.json has it in "must_not"'
    for name, at in known.items():
        if not (root / f"docs/causes/{name}.md").is_file():
            yield f"data/causes.tsv:{at}: {name} has no page docs/causes/{name}.md"
    for path in sorted((root / "docs/causes").glob("*.md")):
        shown = path.relative_to(root)
        if path.stem not in known:
            yield f"{shown}: {path.stem} is not in data/causes.tsv"
        yield from faults_of_page(path, shown)
    for at, name in table(root / "data/fixes.tsv"):
        if name not in known:
            yield f"data/fixes.tsv:{at}: {name} is not in data/causes.tsv"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    try:
        found = rules(root)
        faults = list(check(root))
    except (OSError, UnicodeDecodeError) as e:
        print(f"check_causes: {e}", file=sys.stderr)
        return 2
    if not found:
        print(f"check_causes: no rule in {root}/src/diagnose/*.cpp", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    pages = len(list((root / "docs/causes").glob("*.md")))
    print(f"check_causes: {len(found)} causes with rules, {pages} pages, {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
