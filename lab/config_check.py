#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds `tlsdoctor config` against real servers: what it says of configurations, and what it does to them.

  lab/config_check.py [--tlsdoctor PATH] [--only recorded|live|lossless] [CASE...]

1. recorded: all cases of tests/config/cases: the versions of each address and name as the real server was measured,
   the lines that decide, and a fix that leads, in a copy, to the recorded result.
2. live: real servers of these cases: the prediction against the wire, `--verify`, `--apply --reload`, and the way back
   when the server's test, its reload or the question after it fails.
3. lossless: every configuration of nginx, Apache, HAProxy, Postfix and Dovecot that Debian's packages brought to this
   machine is cut into tokens and put together again, with nothing lost.

CASE is the beginning of a case's name: `nginx`, `apache/bare`.
"""

import argparse
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAB = Path(__file__).resolve().parent
sys.path.insert(0, str(LAB / "lib"))
import config_cases as cases  # noqa: E402
import config_live as live  # noqa: E402
import place  # noqa: E402
import processes  # noqa: E402

AT_ONCE = 4
MOST_FIXES = 4
#: Where packages put configurations, and the syntax of what stands there.
SHIPPED = {
    "nginx": ["/etc/nginx/**/*", "/usr/share/nginx/modules-available/*", "/usr/share/doc/nginx*/examples/**/*"],
    "apache": ["/etc/apache2/**/*", "/usr/share/doc/apache2*/examples/**/*"],
    "haproxy": ["/etc/haproxy/*.cfg", "/usr/share/doc/haproxy/examples/**/*.cfg"],
    "postfix": ["/etc/postfix/*.cf*", "/usr/share/postfix/*.cf*", "/usr/share/doc/postfix/examples/**/*.cf*"],
    "dovecot": ["/etc/dovecot/**/*.conf*", "/etc/dovecot/**/*.ext", "/usr/share/dovecot/**/*.conf*",
                "/usr/share/doc/dovecot*/example*/**/*"],
}  # fmt: skip
#: What stands among them and is something else.
NO_CONFIGURATION = (".gz", ".pem", ".key", ".crt", ".sh", ".lua", ".py", ".pl", "/magic", "/envvars", ".html", ".cnf")


def check_recorded(name, tlsdoctor, work, pki):
    """Holds one case against its recording. Returns what is wrong, by kind."""
    faults = {"versions": [], "lines": [], "fix": []}
    folder = work / name.replace("/", "-")
    try:
        case = cases.render(name, folder, pki, range(25000, 25008))
        document = cases.config(tlsdoctor, case)
        if case.expected["starts"] == bool(document["fatal"]):
            faults["versions"].append(f"starts: {case.expected['starts']}, the opposite is said")
        results = [probe.get("measured") for probe in case.expected["probes"]]
        faults["versions"] += cases.differences(case, document, results)
        faults["lines"] += cases.lines_not_found(case, document)
        faults["fix"] += fix_in_a_copy(case, tlsdoctor)
    except (RuntimeError, OSError, subprocess.SubprocessError, KeyError) as error:
        faults["versions"].append(repr(error))
    return faults


def fix_in_a_copy(case, tlsdoctor):
    """Lets the program mend the copy until every probe is what the recorded fix leads to; yields what is not."""
    for _ in range(MOST_FIXES):
        wrong = None
        for probe, result in cases.changed_probes(case):
            options = cases.goal_of(case, probe, result)
            document = cases.config(tlsdoctor, case, *options)
            future = dict(case.expected, probes=[probe])
            if list(cases.differences(cases.Case(case.name, case.folder, case.ports, future), document, [result])):
                wrong = document
                break
        if wrong is None:
            break
        if not wrong["fixes"]:
            yield f"no fix was found for {' '.join(options)}"
            return
        fault = cases.apply_edits(wrong["fixes"][0]["edits"])
        if fault:
            yield fault
            return
    if list(cases.changed_probes(case)):
        document = cases.config(tlsdoctor, case)
        yield from (f"after the fix: {one}" for one in cases.differences(case, document, case.expected["fix"]["after"]))


def run_recorded(args, work, pki):
    """Runs the first part and prints its table. Returns how many cases are wrong."""
    names = cases.names(args.case)
    table = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = pool.map(lambda name: check_recorded(name, args.tlsdoctor, work, pki), names)
        for name, faults in zip(names, results, strict=True):
            row = table.setdefault(name.split("/")[0], Counter())
            row.update(["wrong" if any(faults.values()) else "right", *(kind for kind in faults if faults[kind])])
            for kind, list_of_one in faults.items():
                for fault in list_of_one:
                    print(f"FAILED  {name}: {kind}: {fault}")
    print(f"{'server':<12} right wrong   versions lines fix")
    for server, row in table.items():
        print(f"{server:<12} {row['right']:>5} {row['wrong']:>5}   {row['versions']:>8} {row['lines']:>5} {row['fix']:>3}")
    wrong = sum(row["wrong"] for row in table.values())
    print(f"config_check: recorded: {len(names) - wrong} right, {wrong} wrong")
    return wrong


def run_lossless(args):
    """Runs the third part. Returns how many files lost something."""
    program = args.tlsdoctor.parent / "tests/config/config_lossless"
    if not program.exists():
        print(f"FAILED  {program} is not there: build the target config_lossless")
        return 1
    lost = total = 0
    for syntax, patterns in SHIPPED.items():
        files = sorted({
            str(path) for pattern in patterns for path in Path("/").glob(pattern[1:])
            if path.is_file() and not str(path).endswith(NO_CONFIGURATION)
        })  # fmt: skip
        run = subprocess.run([program, syntax, *files], capture_output=True, text=True, timeout=120, check=False)
        total += len(files)
        bad = [line for line in run.stdout.splitlines() if not line.startswith("same ")]
        if len(run.stdout.splitlines()) != len(files):
            bad.append("not every file was read")
        lost += len(bad)
        for line in [*bad, *run.stderr.splitlines()]:
            print(f"FAILED  {syntax}: {line}")
        print(f"{syntax:<12} {len(files):>3} files, {len(files) - len(bad)} come back byte for byte")
        if not files:
            print(f"FAILED  {syntax}: its package brought no file to this machine")
            lost += 1
    print(f"config_check: lossless: {total} files, {lost} lost something")
    return lost


def run_all(args, work):
    """Runs the parts that are wanted. Returns the exit code."""
    began = time.monotonic()
    pki = work / "pki"
    cases.make_pki(pki)
    failed = 0
    if args.only in ("recorded", None):
        failed += run_recorded(args, work, pki)
    if args.only in ("live", None):
        failed += live.run(args.tlsdoctor, args.case, work, pki)
    if args.only in ("lossless", None) and not args.case:
        failed += run_lossless(args)
    print(f"config_check: {failed} wrong, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def main():
    """Reads the command line and runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", type=Path, default=LAB.parent / "build/release/tlsdoctor")
    parser.add_argument("--only", choices=("recorded", "live", "lossless"))
    parser.add_argument("case", nargs="*")
    args = parser.parse_args()
    args.tlsdoctor = args.tlsdoctor.resolve()
    try:
        return place.run_inside(lambda work: run_all(args, work))
    finally:
        processes.end_all()


if __name__ == "__main__":
    sys.exit(main())
