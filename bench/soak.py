#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scans many targets of which a third are silent, slow, resetting or sending garbage, and watches the scanner.

    bench/soak.py [--tlsdoctor PATH] [--tools FOLDER] [--targets N]

bench/hostile_server.cpp answers on every address of loopback, by the address that is asked. The soak holds when the
scan ends in time, every target has its line once and with the verdict of its kind, and neither descriptors nor
memory grow between the first quarter and the end. Exit code 0 if so, else 1.
"""

import argparse
import collections
import json
import os
import sys
import tempfile
from pathlib import Path

from lib import network, servers, watch

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT, DEADLINE = 1, 8  # seconds for an answer, for a target
LATENESS = 2  # seconds that a busy machine may add to a deadline
CONCURRENCY = 4000
# Which neighbour is of which kind, and the causes that are true of it; bench/hostile_server.cpp has the same numbers.
# A slow server is cut in the middle of its answer, so that it is as silent as one that says nothing, or garbled.
KINDS = {8: "silent", 9: "slow", 10: "resets", 11: "garbage"}
CAUSES = {
    "answers": {"healthy"},
    "silent": {"silent_after_hello", "refuses_every_hello"},
    "slow": {"silent_after_hello", "refuses_every_hello"},
    "resets": {"reset_after_hello", "refuses_every_hello", "scanner_banned"},
    "garbage": {"not_tls_other_protocol", "refuses_every_hello"},
}
NEIGHBOURS = 12
# Memory may grow by this much, for what belongs to the whole run: each target's digest, to know it again.
GROWTH_PER_TARGET = 64
GROWTH_AT_ALL = 4 << 20


def address_of(number):
    """Returns the nth target, from 127.1.0.0 on."""
    value = (1 << 16) + number
    return f"127.{value >> 16}.{value >> 8 & 255}.{value & 255}"


def kind_of(host):
    _, *rest = (int(part) for part in host.split("."))
    return KINDS.get(((rest[0] << 16) + (rest[1] << 8) + rest[2]) % NEIGHBOURS, "answers")


def judge_lines(path, targets):
    """Returns what is wrong with the output, and how often each kind got which cause."""
    seen, causes, faults = collections.Counter(), collections.defaultdict(collections.Counter), []
    late = 0
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                document = json.loads(line)
                host, cause = document["target"]["host"], document["verdict"]["cause"]
            except (ValueError, KeyError) as e:
                faults.append(f"line {number} is no result: {e}: {line[:200]}")
                continue
            seen[host] += 1
            late += document["elapsed_ms"] > (DEADLINE + LATENESS) * 1000
            causes[kind_of(host)][cause] += 1
    if len(seen) != targets:
        faults.append(f"{targets - len(seen)} of {targets} targets have no line")
    if late:
        faults.append(f"{late} targets took longer than their deadline of {DEADLINE} s")
    twice = [host for host, count in seen.items() if count > 1]
    if twice:
        faults.append(f"{len(twice)} targets have several lines, such as {twice[0]}")
    for kind, found in causes.items():
        wrong = {cause: count for cause, count in found.items() if cause not in CAUSES[kind]}
        if wrong:
            faults.append(f"{kind}: {wrong} instead of {sorted(CAUSES[kind])}")
    return faults, causes


def judge_growth(seen, targets):
    """Returns what grew, and a line that says how much."""
    early, late = seen.between(0.15, 0.3), seen.between(0.8, 0.97)
    if not early or not late:
        return ["too short a run to be watched"], ""
    faults = []
    memory = [max(s.rss_kb for s in part) * 1024 for part in (early, late)]
    descriptors = [max(s.descriptors for s in part) for part in (early, late)]
    allowed = GROWTH_AT_ALL + GROWTH_PER_TARGET * targets
    if memory[1] - memory[0] > allowed:
        faults.append(f"memory grew from {memory[0]:,} to {memory[1]:,} bytes")
    if descriptors[1] > descriptors[0] * 1.2 + 50:
        faults.append(f"descriptors grew from {descriptors[0]} to {descriptors[1]}")
    return faults, (
        f"memory {memory[0] / 1e6:.1f} -> {memory[1] / 1e6:.1f} MB (most {seen.most('rss_kb') / 1e3:.1f}), "
        f"descriptors {descriptors[0]} -> {descriptors[1]} (most {seen.most('descriptors')})"
    )


def time_allowed(targets):
    """Returns the seconds that the targets may take, twice what they should: a hostile one holds some ten connections
    for a second each, of which so many may be open at once; the others are work, 2.5 ms of two busy cores."""
    waits = targets * 2 / CONCURRENCY
    return 60 + 2 * (waits + targets / 400)


def soak(args, folder):
    server = servers.start_small(Path(args.tools).resolve(), "hostile_server")
    listed, out, said = folder / "targets.txt", folder / "out.jsonl", folder / "said.txt"
    listed.write_text("".join(f"{address_of(i)}:{server.port}\n" for i in range(args.targets)))
    command = [str(Path(args.tlsdoctor).resolve()), "scan", "-iL", listed, "--versions-only", "-oJ", out]
    command += ["--timeout", str(TIMEOUT), "--deadline", str(DEADLINE), "--concurrency", str(CONCURRENCY)]
    limit = time_allowed(args.targets)
    try:
        seen = watch.run(command, said, 0.05 if args.targets < 50_000 else 0.5, limit)
    finally:
        server.close()
    if seen.code not in (0, 1, 3, 4):
        return [f"exit code {seen.code} after {seen.wall:.0f} of {limit:.0f} s: {said.read_text()[-1500:]}"]
    faults, causes = judge_lines(out, args.targets)
    grown, sizes = judge_growth(seen, args.targets)
    for kind, found in sorted(causes.items()):
        print(f"  {kind:8} {dict(found)}")
    print(f"  {args.targets:,} targets in {seen.wall:.1f} s ({limit:.0f} allowed); {sizes}")
    return faults + grown


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsdoctor", default=str(ROOT / "build/release/tlsdoctor"))
    parser.add_argument("--tools", default=str(ROOT / "build/release/bench"))
    parser.add_argument("--targets", type=int, default=200_000)
    args = parser.parse_args()
    for path in (args.tlsdoctor, Path(args.tools) / "hostile_server"):
        if not os.access(path, os.X_OK):
            parser.error(f"{path} is not there: `make soak` makes it")
    if not network.enter():
        network.prepare()
    with tempfile.TemporaryDirectory() as name:
        faults = soak(args, Path(name))
    for fault in faults:
        print(f"soak: {fault}", file=sys.stderr)
    print("soak: " + ("it does not hold" if faults else "it holds"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
