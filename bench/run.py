#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures tlsdoctor beside sslscan, nmap, testssl.sh and OpenSSL's client, in one run, on the same servers.

    bench/run.py [--tlsdoctor PATH] [--tools FOLDER] [--runs N] [--rows 1,3] [--json FILE]

Server A is nginx with TLS 1.2 and 1.3, B with TLS 1.0 to 1.3 and every suite; each has an RSA and an ECDSA
certificate, and both listen on every address of loopback, so that 127.1.x.y are a thousand hosts. Everything runs in
a network namespace of its own. bench/README.md says how each row is measured. A goal that is not reached is no
failure; a wrong answer is: it ends its row, and the exit code is 1.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from lib import network, rows_many, rows_one, servers, table
from lib.measure import WrongAnswer

ROOT = Path(__file__).resolve().parent.parent
# What is measured together, with the rows that it makes.
PARTS = (
    ((1,), rows_one.versions_nearby),
    ((2, 3), rows_one.suites_nearby),
    ((4,), rows_one.versions_far_away),
    ((5,), rows_one.suites_far_away),
    ((6, 10), rows_many.thousand_nearby),
    ((7,), rows_many.thousand_far_away),
    ((8,), rows_many.cpu_per_probe),
    ((9,), rows_many.memory),
    ((11,), rows_one.log_reading),
)
FAR_ROWS = {4, 5, 7}


class Bench:
    """What the rows share."""

    def __init__(self, args, folder):
        self.tlsdoctor = str(Path(args.tlsdoctor).resolve())
        self.tools = Path(args.tools).resolve()
        self.runs = max(1, args.runs)
        self.folder = folder
        self.truths = {}
        certificates = folder / "certificates"
        certificates.mkdir()
        servers.make_certificates(certificates)
        self.a = servers.start_nginx(folder / "a", certificates, servers.SETTINGS_A)
        try:
            self.b = servers.start_nginx(folder / "b", certificates, servers.SETTINGS_B)
        except RuntimeError:
            self.a.close()
            raise

    @staticmethod
    def make_log(path, options):
        maker = ROOT / "bench/make_log.py"
        subprocess.run([sys.executable, maker, path, "100000", *options], check=True, timeout=120)

    def close(self):
        self.a.close()
        self.b.close()


def measure_part(bench, numbers, part, far_problem):
    """Returns the rows of a part; a wrong answer is a row too."""
    print(f"bench: row {' and '.join(map(str, numbers))} ...", file=sys.stderr, flush=True)
    if far_problem and FAR_ROWS & set(numbers):
        return [table.Row(n, "50 ms round trip", [table.Goal("", far_problem, None)]) for n in numbers]
    try:
        rows = part(bench)
    except (WrongAnswer, OSError, subprocess.SubprocessError) as e:
        return [table.Row(n, part.__name__.replace("_", " "), error=str(e)) for n in numbers]
    return rows if isinstance(rows, list) else [rows]


def measure(bench, wanted, problem):
    """Returns all rows that are wanted, in their order."""
    relay, far_problem = None, problem
    if not problem:
        try:
            relay = network.Relay(bench.tools, rows_one.ROUND_TRIP)
        except (OSError, subprocess.SubprocessError) as e:
            far_problem = f"no far network here: {e}"
    rows = []
    try:
        for numbers, part in PARTS:
            if wanted & set(numbers):
                rows += measure_part(bench, numbers, part, far_problem)
    finally:
        if relay:
            relay.close()
    return sorted((row for row in rows if row.number in wanted), key=lambda row: row.number)


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[0] if lines else "?"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsdoctor", default=str(ROOT / "build/release/tlsdoctor"))
    parser.add_argument("--tools", default=str(ROOT / "build/release/bench"))
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--rows", default="", help="such as 1,3; all without it")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--doc", type=Path, metavar="FILE", help="a page whose figures are replaced by these")
    args = parser.parse_args()
    try:
        args.rows = {int(number) for number in args.rows.split(",") if number}
    except ValueError:
        parser.error(f"--rows {args.rows}: numbers and commas")
    args.rows = args.rows or {number for numbers, _ in PARTS for number in numbers}
    for path in (args.tlsdoctor, Path(args.tools) / "meter"):
        if not os.access(path, os.X_OK):
            parser.error(f"{path} is not there: `make bench` makes it")
    return args


def main():
    args = arguments()
    problem = network.enter()
    if not problem:
        network.prepare()
    with tempfile.TemporaryDirectory() as name:
        try:
            bench = Bench(args, Path(name))
        except (OSError, RuntimeError, subprocess.SubprocessError) as e:
            print(f"bench: {e}", file=sys.stderr)
            return 1
        try:
            rows = measure(bench, args.rows, problem)
        finally:
            bench.close()
    load = os.getloadavg()[0]
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}, load {load:.1f} at the end"
    counted = problem or "connections counted by the kernel in a network namespace of our own"
    lines = [f"Medians of at most {args.runs} runs in turns; {machine}; {counted}.\n", *table.summary(rows)]
    lines += [line for row in rows for line in table.details(row)]
    print(*lines, sep="\n")
    if args.doc:
        table.put_into(args.doc, lines)
    if args.json:
        document = {
            "machine": machine,
            "runs": args.runs,
            "openssl": first_line("openssl", "version"),
            "rows": [table.as_json(row) for row in rows],
        }
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(document, indent=2) + "\n")
    return 1 if any(row.error for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
