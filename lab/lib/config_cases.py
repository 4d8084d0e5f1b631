# SPDX-License-Identifier: Apache-2.0
"""The recorded configurations of tests/config/cases, made ready to be read and started, and the comparison of
what `tlsdoctor config` says of them with what the real servers were measured to do.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

CASES = Path(__file__).resolve().parents[2] / "tests/config/cases"
#: The names of the recordings, oldest version first, and those of the program.
VERSIONS = {"SSLv2": "SSL 2.0", "SSLv3": "SSL 3.0", "TLSv1": "TLS 1.0", "TLSv1.1": "TLS 1.1", "TLSv1.2": "TLS 1.2",
            "TLSv1.3": "TLS 1.3"}  # fmt: skip
#: How `--expect` calls them.
EXPECTED = {name: name.lower().replace(" ", "") for name in VERSIONS.values()}
RUN_SECONDS = 120


@dataclass
class Case:
    """A case in a folder of its own."""

    name: str
    folder: Path
    ports: list
    expected: dict
    server: str = field(init=False)

    def __post_init__(self):
        self.server = self.name.split("/")[0]

    @property
    def main(self):
        """The file that the server reads first."""
        return self.folder / self.expected["main"]

    def address(self, probe):
        """Returns `127.0.0.1:25000` of a probe."""
        host = f"[{probe['addr']}]" if ":" in probe["addr"] else probe["addr"]
        return f"{host}:{self.ports[int(probe['port'][1:])]}"


def names(only=()):
    """Returns the cases, or those whose names begin with one of `only`."""
    every = sorted(str(path.parent.relative_to(CASES)) for path in CASES.glob("*/*/expected.json"))
    return [name for name in every if not only or any(name.startswith(start) for start in only)]


def make_pki(folder):
    """Makes the certificates that the cases name."""
    folder.mkdir(mode=0o755)
    script = folder / "make_pki.sh"
    shutil.copy(CASES.parent / "make_pki.sh", script)
    subprocess.run(["bash", script], check=True, capture_output=True, timeout=RUN_SECONDS)


def render(name, folder, pki, ports):
    """Copies a case and fills its tokens in; modes and symbolic links stay."""
    shutil.copytree(CASES / name, folder, symlinks=True)
    tokens = {b"@CASE@": str(folder), b"@PKI@": str(pki), b"@LAB@": str(pki.parent),
              **{b"@P%d@" % number: str(port) for number, port in enumerate(ports)}}  # fmt: skip
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.name != "expected.json":
            text = path.read_bytes()
            for token, value in tokens.items():
                text = text.replace(token, value.encode())
            path.write_bytes(text)
    expected = json.loads((folder / "expected.json").read_text())
    (folder / "expected.json").unlink()
    return Case(name, folder, list(ports), expected)


def config(tlsdoctor, case, *options, environment=None):
    """Runs `tlsdoctor config` and returns its document; its words where there is none."""
    command = [tlsdoctor, "config", "--json", "--server", case.server, "--start-command", case.folder / "start.sh",
               *options, case.main]  # fmt: skip
    run = subprocess.run(command, capture_output=True, timeout=RUN_SECONDS, check=False, cwd=case.folder,
                         env={**os.environ, **(environment or {})})  # fmt: skip
    try:
        return json.loads(run.stdout)
    except ValueError:
        raise RuntimeError(f"exit {run.returncode}: {run.stderr.decode(errors='replace')[-400:]}") from None


def endpoint_for(document, address, sni, starttls):
    """Finds what answers: the exact name, else the longest pattern, else any other name."""
    host, port = address.rsplit(":", 1)
    every = {f"[::]:{port}" if host.startswith("[") else f"0.0.0.0:{port}"}
    for addresses in ({address}, every):
        here = [one for one in document["endpoints"]
                if one["address"] in addresses and bool(one["starttls"]) == bool(starttls)]  # fmt: skip
        found = [one for one in here if one["sni"] == sni]
        if not found and sni:
            fits = [one for one in here if (one["sni"] or "").startswith("*.") and sni.endswith(one["sni"][1:])]
            found = sorted(fits, key=lambda one: -len(one["sni"])) or [one for one in here if one["sni"] == "*"]
        if found:
            return found[0]
    return None


def accepted(document, endpoint, offer):
    """Returns what a client gets, one with a narrow offer too."""
    if document["fatal"] or endpoint is None:
        return []
    versions = list(endpoint["accepted"])
    if not offer:
        return versions
    versions = [one for one in versions if one in ("TLS 1.2", "TLS 1.3")]
    if "groups" in offer and not set(offer["groups"]) & set(endpoint["groups"]):
        return []
    if "ciphers" in offer and not {openssl_name(one) for one in offer["ciphers"]} & set(endpoint["cipher_suites"]):
        versions = [one for one in versions if one != "TLS 1.2"]
    return versions


_openssl_names = {}


def openssl_name(suite):
    """Returns the standard name of a suite that OpenSSL calls otherwise."""
    if not _openssl_names:
        listed = subprocess.run(["openssl", "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"], check=True,
                                capture_output=True, text=True, timeout=RUN_SECONDS).stdout  # fmt: skip
        for line in listed.splitlines():
            standard, _, own = line.split()[:3]
            _openssl_names[own] = standard
    return _openssl_names.get(suite, suite)


def measured(result):
    """Returns the accepted versions of a recording in the program's words."""
    return [VERSIONS[one] for one in VERSIONS if one in (result or {}).get("accepted", [])]


def differences(case, document, results):
    """Yields what is said otherwise than it was measured; `results` has one recording for each probe."""
    for probe, result in zip(case.expected["probes"], results, strict=True):
        address = case.address(probe)
        endpoint = endpoint_for(document, address, probe["sni"], probe["starttls"])
        got, want = accepted(document, endpoint, probe.get("offer")), measured(result)
        if got != want:
            yield f"{address} {probe['sni'] or '(no name)'}: {', '.join(got) or 'none'}; measured {', '.join(want) or 'none'}"


def lines_not_found(case, document):
    """Yields the responsible lines that have another role, or none."""
    roles = {}
    named = [line for endpoint in document["endpoints"] for line in endpoint["decided_by"]]
    named += [{**remark, "role": "guilty"} for remark in document["fatal"]]
    for line in named:
        roles.setdefault((line["file"], line["line"]), set()).add(line["role"])
    for one in case.expected.get("responsible", []):
        real = os.path.realpath(case.folder / one["file"])
        found = roles.get((real, one["line"]), set())
        wanted = {"inert"} if one["role"] == "inert" else {"guilty", "effective"}
        if not found & wanted:
            yield f"{one['file']}:{one['line']} {one['role']} `{one['text']}`: {', '.join(sorted(found)) or 'not named'}"


def goal_of(case, probe, result):
    """Returns the options that ask for what the recorded fix leads to."""
    wanted = measured(result)
    expect = [EXPECTED[one] if one in wanted else f"no-{EXPECTED[one]}" for one in VERSIONS.values()]
    name = ["--sni", probe["sni"]] if probe["sni"] else ["--no-sni"]
    return ["--address", case.address(probe), *name, "--expect", ",".join(expect)]


def changed_probes(case):
    """Yields the probes whose versions the recorded fix changes, with what they become."""
    after = (case.expected.get("fix") or {}).get("after") or []
    for probe, result in zip(case.expected["probes"], after, strict=False):
        if not probe.get("offer") and measured(probe.get("measured")) != measured(result):
            yield probe, result


def apply_edits(edits):
    """Makes the edits of a fix; returns why one does not fit, empty where all did."""
    by_file = {}
    for edit in edits:
        by_file.setdefault(edit["file"], []).append(edit)
    for name, list_of_one in by_file.items():
        path = Path(name)
        lines = path.read_bytes().decode(errors="surrogateescape").split("\n")
        for edit in sorted(list_of_one, key=lambda one: -one["line"]):
            at = edit["line"] - 1
            end = "\r" if lines[at].endswith("\r") else ""
            if lines[at].removesuffix("\r") != edit["old"].removesuffix("\r"):
                return f"{name}:{edit['line']} is {lines[at]!r}, the edit says {edit['old']!r}"
            new = [] if edit["new"] is None else [line.removesuffix("\r") + end for line in edit["new"].split("\n")]
            lines[at : at + 1] = new
        path.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
    return ""
