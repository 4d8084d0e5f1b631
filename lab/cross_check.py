#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the versions that `tlsdoctor check` reports of every real server of the lab against other programs.

  lab/cross_check.py [--tlsdoctor PATH] [CASE...]

No false "no": what openssl s_client, gnutls-cli or curl reach with a version, check reports accepted. No
false "yes": what check reports accepted, one of them reaches. They are asked one after the other until one
does. Servers are started, and the place made, by run.py's own code.
"""

import argparse
import dataclasses
import os
import sys
from pathlib import Path

import run  # first: it says where the modules below are

import askers  # noqa: E402, I001
import cases as folders  # noqa: E402
import peers_say  # noqa: E402
import place  # noqa: E402

#: Options of a case that would leave rows of versions out, or ask somebody else.
TELLING = ("--versions", "--proxy", "-x")


class CrossCheck:
    """Asks tlsdoctor, then the others."""

    def __init__(self, doctor):
        self.doctor = doctor

    def ask(self, server, label, expected):
        """Compares every address that check visited. Returns a Result."""
        code, document, _, err = self.doctor.document(server, expected)
        if document is None:
            return askers.Result(label, "a document", f"no JSON, exit {code}", [err.strip()[-200:]])
        differences, reached = [], []
        for endpoint in document["endpoints"]:
            says = {row["version"]: row["outcome"] for row in endpoint["versions"]}
            for version in peers_say.VERSIONS:
                who = self.who_reaches(server, endpoint, version, folders.name_for(expected), document)
                differences += judge(f"{endpoint['address']} {version}", says.get(version, "missing"), who)
                reached += [f"{version} {who}"] if who else []
        return askers.Result(label, "no false word", ", ".join(reached) or "no version reached", differences)

    def who_reaches(self, server, endpoint, version, name, document):
        """Returns the program that reaches this address with the version; nobody does where nothing is open."""
        if endpoint["state"] != "open":
            return None
        starttls = document["target"].get("starttls")
        return peers_say.who_reaches(endpoint["address"], server.words["port"], name, version, starttls)


def judge(where, outcome, who):
    """Returns what is false about an outcome, given who reached the version."""
    if who and outcome != "accepted":
        return [f'{where}: false "no": check says {outcome}, {who} got a ServerHello']
    if not who and outcome == "accepted":
        return [f'{where}: false "yes": check says accepted, nobody else got a ServerHello']
    return []


def real_servers(cases):
    """Returns the cases with real servers, each asked its first question only, no server twice."""
    out, seen = [], set()
    for case in cases:
        first = {key: value for key, value in case.expect.items() if key not in ("also", "signal_after")}
        key = ((case.folder / "up").read_text(), first["target"], str(first.get("args")))
        telling = any(word.split("=")[0] in TELLING for word in first.get("args", []))
        if case.is_real() and not telling and key not in seen:
            seen.add(key)
            out.append(dataclasses.replace(case, expect=first))
    return out


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=run.LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    args = parser.parse_args()
    program = args.tlsdoctor.resolve()
    if not os.access(program, os.X_OK):
        print(f"{args.tlsdoctor} is not there: `make build` makes it", file=sys.stderr)
        return 1
    servers = real_servers(folders.load(args.cases))

    def work(folder):
        doctor = askers.Doctor(program, run.LAB.parent / "schema" / "check.schema.json")
        return run.run_all(servers, folder, run.make_certificates(folder), CrossCheck(doctor))

    return place.run_inside(work)


if __name__ == "__main__":
    sys.exit(main())
