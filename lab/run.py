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
import ipaddress
import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

LAB = Path(__file__).resolve().parent
sys.path.insert(0, str(LAB / "lib"))

import compare  # noqa: E402
import jsonschema  # noqa: E402
import pki  # noqa: E402
import place  # noqa: E402
import processes  # noqa: E402
import prober  # noqa: E402

AT_ONCE = 2
#: What a further question of a case takes over from the first one.
INHERITED = ("target", "versions", "endpoints", "state", "protocol", "stateful")


@dataclass
class Case:
    """A folder of the lab."""

    name: str
    folder: Path
    expect: dict

    def questions(self):
        """Returns (label, expectation) for the case itself and for everything under `also`."""
        first = {key: value for key, value in self.expect.items() if key != "also"}
        kept = {key: first[key] for key in INHERITED if key in first}
        further = [(f"{self.name}: {also['name']}", {**kept, **also}) for also in self.expect.get("also", [])]
        return [(self.name, first), *further]


@dataclass
class Result:
    """What came of one question."""

    label: str
    expected: str
    got: str
    differences: list = field(default_factory=list)


def load(names):
    """Reads the named cases, or all, and checks their form."""
    schema = json.loads((LAB / "expect.schema.json").read_text())
    cases = []
    for file in sorted(LAB.glob("*/expect.json")):
        if names and file.parent.name not in names:
            continue
        expect = json.loads(file.read_text())
        try:
            jsonschema.validate(expect, schema)
        except jsonschema.ValidationError as error:
            sys.exit(f"{file}: {error.message}")
        cases.append(Case(file.parent.name, file.parent, expect))
    unknown = set(names) - {case.name for case in cases}
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}")
    return cases


def summary(expected):
    """Writes the verdict of an expectation in one short phrase."""

    def words(key):
        return "|".join(map(str, compare.one_of(expected.get(key, "any"))))

    return f"{words('cause')} {words('status')}, exit {words('exit')}"


class Doctor:
    """Asks with tlsdoctor."""

    def __init__(self, program, schema_file, recordings):
        self.program = program
        self.recordings = recordings
        self.schema = json.loads(schema_file.read_text()) if schema_file.exists() else None
        if self.schema is None:
            print(f"lab: {schema_file.name} is not there; the documents' form is not checked", file=sys.stderr)

    def ask(self, server, label, expected):
        """Runs `check` twice, for the JSON and for the screen, and compares."""
        arguments = ["--ca", str(server.words["pki"] / "root.pem"), *map(server.fill, expected.get("args", []))]
        arguments.append(server.fill(expected["target"]))
        after = expected.get("signal_after")
        code, out, err = processes.run([self.program, "check", "--json", *self.record(label), *arguments], after)
        try:
            document = json.loads(out)
        except ValueError:
            last = (err.strip() or out.strip() or "no output").splitlines()[-1]
            return Result(label, summary(expected), f"no JSON, exit {code}", [last])
        differences = self.judge(expected, document, code)
        screen_code, screen, _ = processes.run([self.program, "check", *arguments], after)
        differences += compare.compare_screen(screen)
        if screen_code != code and not expected.get("stateful"):
            differences.append(f"exit code {screen_code} with the screen, {code} with JSON")
        verdict = document.get("verdict", {})
        got = f"{verdict.get('cause')} {verdict.get('status')}, exit {code}"
        return Result(label, summary(expected), got, differences)

    def record(self, label):
        """Returns the options that keep the evidence of a question in a file of its own."""
        if self.recordings is None:
            return []
        return ["--record", str(self.recordings / (re.sub(r"[^A-Za-z0-9_]+", "_", label) + ".json"))]

    def judge(self, expected, document, code):
        """Holds a document against the published schema, and against the case."""
        differences = []
        if self.schema is not None:
            validator = jsonschema.validators.validator_for(self.schema)(self.schema)
            errors = sorted(validator.iter_errors(document), key=lambda error: list(map(str, error.path)))
            differences = [f"schema: {'/'.join(map(str, e.path)) or 'document'}: {e.message[:200]}" for e in errors[:3]]
        try:
            return differences + compare.compare(expected, document, code)
        except (KeyError, TypeError, AttributeError) as error:
            return [*differences, f"the document cannot be read: {type(error).__name__} {error}"]


class Prober:
    """Asks with lib/prober.py: the lab's own truth."""

    def ask(self, server, label, expected):
        """Holds what every address answers against the expected outcomes."""
        args = expected.get("args", [])
        timeout = 1.5 if "--timeout" in args else 5.0
        got, differences = [], []
        for address, special in (expected.get("endpoints") or {"127.0.0.1": {}}).items():
            wanted = {**expected, **special}
            state = prober.reach(address, server.words["port"])
            differences += compare.differs(f"{address} state", wanted.get("state"), state)
            versions = wanted.get("versions", {}) if state == "open" else {}
            outcomes = prober.ask_all(address, server.words["port"], name_for(expected), timeout) if versions else {}
            got.append(f"{address} {state} {' | '.join(outcomes.values())}")
            for version, outcome in versions.items():
                differences += compare.outcome_differs(f"{address} {version}", outcome, outcomes[version])
        return Result(label, summary(expected), "; ".join(got), differences)


def name_for(expected):
    """Returns the server name that the question's options and target stand for."""
    args = expected.get("args", [])
    if "--sni" in args:
        return args[args.index("--sni") + 1]
    host = expected["target"].split("://")[-1].split("/")[0].removesuffix(":{port}").strip("[]")
    try:
        ipaddress.ip_address(host)
        return None
    except ValueError:
        return None if "--no-sni" in args else host


def run_case(case, folder, certificates, asker):
    """Starts one case's server, asks all its questions, stops it. Returns the results."""
    try:
        with processes.Server(case, folder, certificates) as server:
            problem = server.wait()
            if not problem:
                return [asker.ask(server, label, expected) for label, expected in case.questions()]
    except (OSError, subprocess.SubprocessError) as error:
        problem = f"{type(error).__name__}: {error}"
    return [Result(label, summary(expected), "not asked", [problem]) for label, expected in case.questions()]


def show(result):
    """Prints a row of the table, and below it what differs."""
    word = "FAILED" if result.differences else "ok"
    print(f"{word:6}  {result.label:38}  {result.expected:44}  {result.got}", flush=True)
    for line in result.differences:
        print(f"        - {line}", flush=True)


def run_all(cases, folder, certificates, asker):
    """Runs the cases two at a time. Returns the exit code."""
    count = {False: 0, True: 0}
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for results in pool.map(lambda case: run_case(case, folder, certificates, asker), cases):
            for result in results:
                count[bool(result.differences)] += 1
                show(result)
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        processes.end_all()
        return 130
    print(f"{count[False]} passed, {count[True]} failed")
    return 1 if count[True] else 0


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
    cases = load(args.cases)
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
        signal.signal(signal.SIGTERM, interrupt)
        certificates = folder / "pki"
        certificates.mkdir()
        pki.make(certificates)
        if args.up:
            return keep_up(cases[0], folder, certificates)
        schema = LAB.parent / "schema" / "check.schema.json"
        asker = Prober() if args.probe else Doctor(program, schema, recordings)
        return run_all(cases, folder, certificates, asker)

    return place.run_in_the_open(work) if args.up else place.run_inside(work)


if __name__ == "__main__":
    sys.exit(main())
