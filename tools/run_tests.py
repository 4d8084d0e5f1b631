#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the stages of `make test` one after the other and closes with one line for each and a sum.

    run_tests.py [--make MAKE] STAGE...

A stage is the target `test-STAGE` of the Makefile. Its output is passed on as it comes; its numbers are
read from ctest's last lines and from lines "N passed, N failed". A failed stage does not stop the others, so that
one run tells everything; a stage that ends with success but ran nothing counts as failed.
"""

import argparse
import re
import subprocess
import sys
import time
from dataclasses import dataclass

CTEST = re.compile(r"(\d+) tests failed out of (\d+)")
COUNTS = re.compile(r"(\d+) passed, (\d+) failed")


@dataclass
class Result:
    """What came of one stage."""

    stage: str
    passed: int
    failed: int
    seconds: float
    note: str = ""


def counts_of(lines):
    """Returns (passed, failed): the sum of all lines that tell them, one for each program of the stage."""
    passed, failed = 0, 0
    for line in lines:
        if match := CTEST.search(line):
            bad, all_of_them = map(int, match.groups())
            passed, failed = passed + all_of_them - bad, failed + bad
        elif match := COUNTS.search(line):
            passed, failed = passed + int(match[1]), failed + int(match[2])
    return passed, failed


def judged(stage, code, lines, seconds):
    """Returns the result of a stage that ended with `code` after printing `lines`."""
    passed, failed = counts_of(lines)
    if code != 0 and failed == 0:
        return Result(stage, passed, 1, seconds, f"ended with {code}")
    if code == 0 and passed == 0:
        return Result(stage, 0, max(failed, 1), seconds, "ran nothing")
    return Result(stage, passed, failed, seconds)


def run(make, stage):
    """Runs one stage and passes its output on."""
    print(f"--- {stage}", flush=True)
    began = time.monotonic()
    lines = []
    command = [*make.split(), "--no-print-directory", f"test-{stage}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return judged(stage, process.returncode, lines, time.monotonic() - began)


def closing_lines(results):
    """Returns the lines that end a run."""
    wide = max(len(result.stage) for result in results)
    lines = []
    for r in results:
        word = "ok  " if r.failed == 0 else "FAIL"
        note = f"  ({r.note})" if r.note else ""
        lines.append(f"{word}  {r.stage:{wide}}  {r.passed} passed, {r.failed} failed  {r.seconds:.0f} s{note}")
    passed, failed = (sum(getattr(r, name) for r in results) for name in ("passed", "failed"))
    return [*lines, f"{passed} passed, {failed} failed in {sum(r.seconds for r in results):.0f} s"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--make", default="make")
    parser.add_argument("stages", nargs="+", metavar="STAGE")
    args = parser.parse_args()
    results = [run(args.make, stage) for stage in args.stages]
    print("---", *closing_lines(results), sep="\n")
    return 1 if any(result.failed for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
