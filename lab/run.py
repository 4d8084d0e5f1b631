#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds `tlsdoctor check` against real servers on loopback: starts each case's server, asks, compares.

  lab/run.py [--tlsdoctor PATH] [CASE...]   run the cases (all of them without a name)
  lab/run.py --probe [CASE...]              ask the servers with lib/prober.py instead: is the lab right?
  lab/run.py --up CASE                      keep one case's server running and print how to ask it
  lab/run.py --list                         say what each case is

README.md explains the form of a case. Every wait has a deadline, and nothing outlives the run.
"""

import argparse
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAB = Path(__file__).resolve().parent
sys.path.insert(0, str(LAB / "lib"))

import askers  # noqa: E402
import cases as folders  # noqa: E402
import pki  # noqa: E402
import place  # noqa: E402
import processes  # noqa: E402
import tally  # noqa: E402

AT_ONCE = 4


def run_case(case, folder, certificates, asker):
    """Starts one case's server, asks all its questions, stops it. Returns the results."""
    try:
        with processes.Server(case, folder, certificates) as server:
            problem = server.wait()
            if not problem:
                return [asker.ask(server, label, expected) for label, expected in case.questions()]
    except (OSError, subprocess.SubprocessError) as error:
        problem = f"{type(error).__name__}: {error}"
    return [askers.Result(label, expected, "not asked", [problem]) for label, expected in case.questions()]


def make_certificates(folder):
    """Makes the run's certificates and returns their folder."""
    signal.signal(signal.SIGTERM, interrupt)
    certificates = folder / "pki"
    certificates.mkdir()
    pki.make(certificates)
    return certificates


def show(result):
    """Prints a row of the table, and below it what differs."""
    word = "FAILED" if result.differences else "ok"
    print(f"{word:6}  {result.label:38}  {result.expected_phrase():44}  {result.got}", flush=True)
    for line in result.differences:
        print(f"        - {line}", flush=True)


def run_all(cases, folder, certificates, asker):
    """Runs the cases four at a time, then sums up what tlsdoctor said. Returns the exit code."""
    everything = []
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for results in pool.map(lambda case: run_case(case, folder, certificates, asker), cases):
            everything += results
            for result in results:
                show(result)
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        processes.end_all()
        return 130
    problems = 0
    if isinstance(asker, askers.Doctor):
        lines, problems = tally.sum_up(everything)
        print("", *lines, "", sep="\n")
    failed = sum(bool(result.differences) for result in everything)
    print(f"{len(everything) - failed} passed, {failed} failed")
    return 1 if failed or problems else 0


def keep_up(case, folder, certificates):
    """Runs one case's server until Ctrl-C. Returns the exit code."""
    with processes.Server(case, folder, certificates) as server:
        problem = server.wait()
        if problem:
            print(problem, file=sys.stderr)
            return 1
        words = ["--ca", str(certificates / "root.pem"), *map(server.fill, case.expect.get("args", []))]
        print(case.expect["what"])
        print(f"127.0.0.1:{server.words['port']}")
        print(f"tlsdoctor check {' '.join(words)} {server.fill(case.expect['target'])}")
        print("Ctrl-C ends it.", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass
    return 0


def parse():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("--record", metavar="FOLDER", type=Path, help="keep the evidence of every question here")
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--up", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    args = parser.parse_args()
    if args.up and len(args.cases) != 1:
        parser.error("--up takes the name of one case")
    return args


def interrupt(*_):
    """Makes SIGTERM end the run as Ctrl-C does."""
    raise KeyboardInterrupt


def main():
    """Does what the command line says. Returns the exit code."""
    args = parse()
    cases = folders.load(args.cases)
    if args.list:
        for case in cases:
            print(f"{case.name:26}  {case.expect['what']}")
        return 0
    program, recordings = args.tlsdoctor.resolve(), args.record and args.record.resolve()
    if recordings:
        recordings.mkdir(parents=True, exist_ok=True)
    if not (args.probe or args.up or os.access(program, os.X_OK)):
        print(f"{args.tlsdoctor} is not there: `make build` makes it", file=sys.stderr)
        return 1

    if os.geteuid() != 0:
        print("lab: not root: Dovecot cannot become its own users, its cases will fail", file=sys.stderr)

    def work(folder):
        certificates = make_certificates(folder)
        if args.up:
            return keep_up(cases[0], folder, certificates)
        schema = LAB.parent / "schema" / "check.schema.json"
        asker = askers.Prober() if args.probe else askers.Doctor(program, schema, recordings)
        return run_all(cases, folder, certificates, asker)

    return place.run_in_the_open(work) if args.up else place.run_inside(work)


if __name__ == "__main__":
    sys.exit(main())
