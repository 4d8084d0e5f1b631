#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every libFuzzer program of a build for a while; a finding fails the run.

    run_fuzzers.py [--build DIR] (--each SECONDS | --total SECONDS)

Each starts from fuzz/corpus/<what>/ and keeps what it discovers in DIR/corpus/<what>/, so that later runs go
on from there and the repository's own corpus stays as it is. An input that fails is kept in DIR/findings/
and belongs into fuzz/corpus/ together with the correction.
"""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "fuzz_"
# An input that takes this long, or a program that grows this big, is a finding too.
SLOW_SECONDS = 10
MEMORY_MB = 1024
# How long a program may take to notice that its time is over.
GRACE_SECONDS = 60


def programs_in(folder):
    """Returns the fuzzers of a build, by name."""
    found = [path for path in folder.rglob(PREFIX + "*") if path.is_file() and os.access(path, os.X_OK)]
    return sorted(found, key=lambda path: path.name)


def run(program, build, seconds):
    """Runs one fuzzer. Returns (what, inputs tried, complaint or None)."""
    what = program.name.removeprefix(PREFIX)
    new, findings = build / "corpus" / what, build / "findings"
    new.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    command = [
        program,
        f"-max_total_time={seconds}",
        f"-timeout={SLOW_SECONDS}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-artifact_prefix={findings}/{what}-",
        "-print_final_stats=1",
        new,
    ]
    known = ROOT / "fuzz/corpus" / what
    if known.is_dir():
        command.append(known)
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        return what, 0, f"did not end {GRACE_SECONDS} s after its time was over"
    log = done.stderr.decode(errors="replace")
    tried = re.search(r"stat::number_of_executed_units:\s*(\d+)", log)
    if done.returncode != 0:
        return what, int(tried[1]) if tried else 0, log[-6000:]
    if not tried:
        return what, 0, "said nothing of what it tried:\n" + log[-2000:]
    return what, int(tried[1]), None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, default=ROOT / "build/fuzz")
    how_long = parser.add_mutually_exclusive_group(required=True)
    how_long.add_argument("--each", type=int, metavar="SECONDS", help="for each fuzzer")
    how_long.add_argument("--total", type=int, metavar="SECONDS", help="shared equally by all")
    args = parser.parse_args()
    programs = programs_in(args.build)
    if not programs:
        print(f"run_fuzzers: no fuzzer in {args.build}", file=sys.stderr)
        return 2
    seconds = max(1, args.each or args.total // len(programs))
    print(f"{len(programs)} fuzzers, {seconds} s each", flush=True)
    failed = 0
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        jobs = [pool.submit(run, program, args.build, seconds) for program in programs]
        for job in jobs:
            what, tried, complaint = job.result()
            print(f"  {'FAIL' if complaint else 'ok  '}  {what:24} {tried:>12,} inputs", flush=True)
            if complaint:
                failed += 1
                print(complaint, flush=True)
    print(f"fuzzing: {len(programs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
