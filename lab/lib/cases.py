# SPDX-License-Identifier: Apache-2.0
"""Reads the folders of the lab: a case, its questions, and what a question stands for."""

import ipaddress
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import compare
import jsonschema

LAB = Path(__file__).resolve().parent.parent
#: What a further question of a case takes over from the first one.
INHERITED = ("target", "versions", "endpoints", "state", "protocol", "stateful")
#: Programs of lib/ that play a peer or a box on the path, instead of being or starting a real server.
SCRIPTED = {"peer.py", "box.py", "path.py"}


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

    def is_real(self):
        """Tells whether a real server, and nothing scripted, stands behind the port, and always the same one."""
        used = set(re.findall(r"\$LAB_LIB/([\w.]+)", (self.folder / "up").read_text()))
        return bool(used) and not used & SCRIPTED and not self.expect.get("stateful")


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
