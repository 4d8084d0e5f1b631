#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Walks real programs with `tlsdoctor client` and holds the versions that they are said to accept against the truth.

  lab/walk_check.py [--tlsdoctor PATH] [NAME...]

Each program is walked through the versions alone, limited as its users limit it; as they are they are walked by
`client --local` (client_record_check.py). curl is walked through everything. What is true of a program on this system
stands in the table below; where it depends on how the distribution built the program, it was asked with
`openssl s_client` or the program itself before it was written down.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import client_record_check as recorded

LAB = Path(__file__).resolve().parent
AT_ONCE = 2
PATIENCE = 60

NEW = ["TLS 1.2", "TLS 1.3"]
OLD_TOO = ["TLS 1.0", "TLS 1.1", *NEW]
# OpenSSL 3 refuses the SHA-1 of their signatures, and with static RSA there is none.
SHA1_TOO = ["TLS 1.0 (static RSA)", "TLS 1.1 (static RSA)", *NEW]


def cases(work):
    """Returns (name, command, environment, accepted versions) of every program."""
    curl = ["curl", "-sS", "-o", "/dev/null", "https://{}/"]
    s_client = ["openssl", "s_client", "-connect", "{}"]
    gnutls = ["gnutls-cli", "-p", "{port}", "{host}"]
    java = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", work]
    minimum = {"OPENSSL_CONF": f"{work}/min13.cnf"}
    anything = {"OPENSSL_CONF": f"{work}/any.cnf"}
    python = "/usr/bin/python3"
    return [
        ("curl_tls_max", [*curl, "--tls-max", "1.2"], {}, SHA1_TOO[:3]),
        ("openssl", s_client, {}, SHA1_TOO),
        ("openssl_minimum", s_client, minimum, ["TLS 1.3"]),
        ("openssl_any", s_client, anything, OLD_TOO),
        ("openssl_ecdhe", [*s_client, "-cipher", "ECDHE"], {}, NEW),
        ("gnutls", gnutls, {}, OLD_TOO),
        ("gnutls_12", [*gnutls, "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"], {}, ["TLS 1.2"]),
        ("python_max", [python, "-c", recorded.PYTHON.format("c.maximum_version = ssl.TLSVersion.TLSv1_2")], {}, SHA1_TOO[:3]),
        ("node_max", ["node", "-e", recorded.NODE], {"NODE_OPTIONS": "--tls-max-v1.2"}, ["TLS 1.2"]),
        ("java_protocols", [*java, "-Djdk.tls.client.protocols=TLSv1.2", "Ask", "{}"], {}, ["TLS 1.2"]),
    ]  # fmt: skip


def chromium(work):
    """Returns the browser's case where one is installed and starts."""
    program = shutil.which("chromium")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={work}/profile"]
    if not program:
        return []
    try:
        started = subprocess.run([program, *flags, "--dump-dom", "about:blank"], capture_output=True, timeout=20)
    except subprocess.TimeoutExpired:
        return []
    words = [program, *flags, "--dump-dom", "https://{}/"]
    return [("chromium", words, {}, NEW)] if started.returncode == 0 else []


def walked(tlsdoctor, command, env, what):
    """Walks a program. Returns the document."""
    serial = ["--serial"] if "chromium" in " ".join(command) else []
    run = subprocess.run(
        [tlsdoctor, "client", "--json", "--walk", what, *serial, "--deadline", str(PATIENCE), "--", *command],
        env=recorded.clean_environment(env), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE + 20,
    )  # fmt: skip
    return json.loads(run.stdout)


def found_in(accepts):
    """Returns the accepted versions, each with what it is accepted with alone."""
    steps = accepts["versions"].items()
    return [f"{version} ({step['only']})" if step["only"] else version for version, step in steps if step["accepted"]]


def faults_of(tlsdoctor, schema, name, command, env, accepted):
    """Walks one program and yields what is wrong."""
    document = walked(tlsdoctor, command, env, "versions")
    for error in schema.iter_errors(document):
        yield f"against the schema: {error.message[:200]}"
    accepts = document["accepts"]
    if not accepts:
        yield f"was not walked: {document['output_tail'][-200:]}"
        return
    found = found_in(accepts)
    if found != accepted:
        said = {version: f"{step['how']} | {step['text']}" for version, step in accepts["versions"].items()}
        yield f"accepts {found} instead of {accepted}: {json.dumps(said)[:900]}"
    if not accepts["complete"]:
        yield "the walk was cut"


def faults_of_everything(tlsdoctor, schema):
    """Walks curl through everything and yields what is wrong."""
    document = walked(tlsdoctor, ["curl", "-sS", "-o", "/dev/null", "https://{}/"], {}, "all")
    for error in schema.iter_errors(document):
        yield f"against the schema: {error.message[:200]}"
    accepts = document["accepts"]
    if not accepts.get("trusts_us"):
        yield "curl does not trust the walk's root"
        return
    if found_in(accepts) != SHA1_TOO:
        yield f"curl accepts {found_in(accepts)} instead of {SHA1_TOO}"
    wanted = {
        ("key_types", "RSA 2048"): True, ("key_types", "RSA 1024"): False, ("key_types", "ECDSA P-256"): True,
        ("suites", "DHE 2048"): True, ("suites", "DHE 1024"): False, ("suites", "ECDHE AES-GCM"): True,
        ("groups", "X25519"): True, ("failures", "cert_expired"): False, ("failures", "cert_wrong_name"): False,
    }  # fmt: skip
    for (group, name), truth in wanted.items():
        if accepts[group][name]["accepted"] is not truth:
            yield f"{group} {name}: {accepts[group][name]}"
    codes = {"alert_40": 35, "alert_70": 35, "cert_expired": 60, "cert_self_signed": 60, "reset": 35, "port_closed": 7}
    for name, code in codes.items():
        if accepts["failures"][name]["exit_code"] != code:
            yield f"{name}: exit code {accepts['failures'][name]['exit_code']} instead of {code}"
    for name, words in {"alert_40": "alert handshake failure", "cert_expired": "expired", "port_closed": "connect"}.items():
        if words not in accepts["failures"][name]["text"]:
            yield f"{name}: it says {accepts['failures'][name]['text']!r}"
    if accepts["failures"]["silent"]["ending"] != "timed_out":
        yield f"silent: {accepts['failures']['silent']}"


def prepare(work):
    """Compiles and writes what the cases need."""
    recorded.prepare(work)
    (work / "min13.cnf").write_text(recorded.CNF + "MinProtocol = TLSv1.3\n")
    (work / "any.cnf").write_text(recorded.CNF + "MinProtocol = TLSv1\nCipherString = DEFAULT:@SECLEVEL=0\n")


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsdoctor", type=Path, default=LAB.parent / "build/release/tlsdoctor")
    parser.add_argument("names", nargs="*", help="cases, or `everything`; default: all")
    options = parser.parse_args()
    import jsonschema

    schema = jsonschema.Draft202012Validator(json.loads((LAB.parent / "schema/client.schema.json").read_text()))
    tlsdoctor = options.tlsdoctor.resolve()
    before = set(os.listdir(tempfile.gettempdir()))
    began, failed = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        checks = [("everything", lambda: list(faults_of_everything(tlsdoctor, schema)))]
        for case in cases(folder) + chromium(folder):
            checks.append((case[0], lambda case=case: list(faults_of(tlsdoctor, schema, *case))))
        checks = [check for check in checks if not options.names or check[0] in options.names]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for (name, _), faults in zip(checks, pool.map(lambda check: check[1](), checks), strict=True):
                failed += bool(faults)
                for fault in faults:
                    print(f"FAIL {name}: {fault}")
    left = [name for name in set(os.listdir(tempfile.gettempdir())) - before if name.startswith("tlsdoctor-walk")]
    if left:
        failed += 1
        print(f"FAIL folders are left behind: {left}")
    print(f"walk_check: {len(checks) - failed} passed, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
