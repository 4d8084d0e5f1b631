#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Records real programs with `tlsdoctor client` and holds what they are said to offer against what is true.

  lab/client_record_check.py [--tlsdoctor PATH] [NAME...]

Every program is run as it is, and limited in each way that its users limit it: an option, openssl.cnf, NODE_OPTIONS,
a system property, the program's own code. Then hostile clients come to a listening recorder, and a real one among
them must still be heard at once.
"""

import argparse
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

LAB = Path(__file__).resolve().parent
AT_ONCE = 2
PATIENCE = 20

NEW = ["TLS 1.3", "TLS 1.2"]
ALL = ["TLS 1.3", "TLS 1.2", "TLS 1.1", "TLS 1.0"]

JAVA = """public class Ask {
    public static void main(String[] a) throws Exception { new java.net.URL("https://" + a[0] + "/").openStream().read(); }
}
"""
# Go's command asks for a module: nothing has to be compiled.
GO = ["env", "GOPROXY=https://{}/", "GONOSUMDB=*", "GOFLAGS=-mod=mod", "GOMODCACHE=/nonexistent",
      "go", "list", "-m", "example.invalid/x@v1.0.0"]  # fmt: skip
PYTHON = "import ssl, socket; c = ssl.create_default_context(); {}; c.wrap_socket(socket.create_connection(('{{host}}', {{port}})), server_hostname='{{host}}')"
NAMELESS = "import ssl, socket; c = ssl._create_unverified_context(); c.wrap_socket(socket.create_connection(('{host}', {port})))"
NODE = "require('https').get('https://{}/').on('error', e => { console.log(e.code); process.exitCode = 1; })"
CNF = "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = tls\n[tls]\n"


@dataclass
class Case:
    """A program, and what its hello must show; `versions` None where no hello may come."""

    name: str
    command: list
    versions: list
    cause: str = "healthy"
    env: dict = field(default_factory=dict)
    sni: str = "localhost"
    like: str = ""  # part of the known client's name
    exit: int = 0


def cases(work):
    """Returns all cases; `work` holds what was compiled and written for them."""
    minimum, maximum = {"OPENSSL_CONF": f"{work}/min.cnf"}, {"OPENSSL_CONF": f"{work}/max.cnf"}
    curl = ["curl", "-sS", "https://{}/"]
    s_client = ["openssl", "s_client", "-connect", "{}"]
    gnutls = ["gnutls-cli", "-p", "{port}", "{host}"]
    python = "/usr/bin/python3"
    java = ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", work]
    return [
        Case("curl", curl, ALL, like="curl"),
        Case("curl_max", [*curl, "--tls-max", "1.2"], ["TLS 1.2"]),
        Case("curl_13", [*curl, "--tlsv1.3"], ["TLS 1.3"], "client_only_tls13"),
        Case("curl_min", curl, NEW, env=minimum),
        Case("curl_conf_max", curl, NEW, env=maximum),  # curl sets its own maximum over MaxProtocol
        Case("curl_old", [*curl, "--tls-max", "1.1"], ["TLS 1.1"], "client_version_pinned", exit=1),
        Case("curl_http", ["curl", "-sS", "http://{}/"], None, "client_speaks_plain_to_tls", exit=1),
        Case("curl_address", ["curl", "-sS", "https://127.0.0.1:{port}/"], ALL, sni=None),
        Case("openssl", s_client, ALL, sni=None),  # it sends names with a dot alone
        Case("openssl_none", [*s_client, "-no_tls1", "-no_tls1_1", "-no_tls1_2", "-no_tls1_3"], None,
             "no_protocols_enabled", exit=1),
        Case("openssl_max", s_client, ["TLS 1.2"], env=maximum, sni=None),
        Case("openssl_rsa", [*s_client, "-tls1_2", "-cipher", "AES128-SHA"], ["TLS 1.2"], "no_common_cipher", exit=1,
             sni=None),
        Case("openssl_postgres", [*s_client, "-starttls", "postgres"], None, "starttls_needed", exit=1),
        Case("wget", ["wget", "-q", "-t1", "-O-", "https://{}/"], ALL),
        Case("wget_13", ["wget", "-q", "-t1", "-O-", "--secure-protocol=TLSv1_3", "https://{}/"], ["TLS 1.3"],
             "client_only_tls13"),
        Case("gnutls", gnutls, ALL),
        Case("gnutls_12", [*gnutls, "--priority", "NORMAL:-VERS-ALL:+VERS-TLS1.2"], ["TLS 1.2"]),
        Case("gnutls_none", [*gnutls, "--priority", "NONE"], None, "no_protocols_enabled", exit=1),
        Case("git", ["git", "ls-remote", "https://{}/x.git"], ALL),
        Case("python", [python, "-c", PYTHON.format("0")], ALL),
        Case("python_max", [python, "-c", PYTHON.format("c.maximum_version = ssl.TLSVersion.TLSv1_2")], ["TLS 1.2"]),
        Case("python_no_name", [python, "-c", NAMELESS], ALL, "sni_missing", sni=None),
        Case("python_none", [python, "-c", PYTHON.format(
            "c.minimum_version = ssl.TLSVersion.TLSv1_3; c.maximum_version = ssl.TLSVersion.TLSv1_2")], None,
             "no_protocols_enabled", exit=1),
        Case("node", ["node", "-e", NODE], NEW),
        Case("node_max", ["node", "-e", NODE], ["TLS 1.2"], env={"NODE_OPTIONS": "--tls-max-v1.2"}),
        Case("node_13", ["node", "-e", NODE], ["TLS 1.3"], "client_only_tls13", env={"NODE_OPTIONS": "--tls-min-v1.3"}),
        Case("java", [*java, "Ask", "{}"], NEW, sni=None),
        Case("java_max", [*java, "-Djdk.tls.client.protocols=TLSv1.2", "Ask", "{}"], ["TLS 1.2"], sni=None),
        Case("java_disabled", [*java, "-Djdk.tls.client.protocols=TLSv1", "Ask", "{}"], None,
             "java_disabled_algorithms", exit=1),
        Case("go", GO, NEW),
        Case("never_comes", ["true"], None, "unknown", exit=4),
    ]  # fmt: skip


def chromium(work):
    """Returns the case of a browser where one is installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        return []
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={work}/profile", "--dump-dom"]
    return [Case("chromium", [program, *flags, "https://{}/"], NEW)]


def prepare(work):
    """Compiles and writes what the cases need."""
    (work / "min.cnf").write_text(CNF + "MinProtocol = TLSv1.2\n")
    (work / "max.cnf").write_text(CNF + "MinProtocol = TLSv1.2\nMaxProtocol = TLSv1.2\n")
    (work / "Ask.java").write_text(JAVA)
    if subprocess.run(["javac", "-J-XX:TieredStopAtLevel=1", "-d", work, work / "Ask.java"], timeout=120).returncode != 0:
        sys.exit("client_record_check: javac failed")


def clean_environment(extra):
    """Returns the environment without anything that limits TLS already."""
    limits = ("OPENSSL_CONF", "NODE_OPTIONS", "JAVA_TOOL_OPTIONS", "GODEBUG", "GNUTLS_SYSTEM_PRIORITY_FILE", "SSLKEYLOGFILE")
    return {**{k: v for k, v in os.environ.items() if k not in limits}, "GIT_TERMINAL_PROMPT": "0", **extra}


def faults_of(tlsdoctor, schema, case):
    """Runs one case and yields what is wrong."""
    run = subprocess.run(
        [tlsdoctor, "client", "--json", "--no-walk", "--deadline", str(PATIENCE), "--", *case.command],
        env=clean_environment(case.env), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE + 10,
    )  # fmt: skip
    document = json.loads(run.stdout)
    for error in schema.iter_errors(document):
        yield f"against the schema: {error.message[:200]}"
    verdict = document["verdict"]
    if verdict["cause"] != case.cause:
        yield f"verdict {verdict['cause']} instead of {case.cause}: {verdict['summary']}"
    if run.returncode != case.exit:
        yield f"exit code {run.returncode} instead of {case.exit}"
    hellos = document["hellos"]
    if case.versions is None:
        if hellos:
            yield f"a hello came: {hellos[0]['versions']}"
        return
    if not hellos:
        yield f"no hello: {document['output_tail'][-300:]}"
        return
    for hello in hellos:
        if hello["versions"] != case.versions:
            yield f"versions {hello['versions']} instead of {case.versions}"
        if hello["sni"] != case.sni:
            yield f"SNI {hello['sni']} instead of {case.sni}"
        if len(hello["bytes"]) != 2 * hello["size"]:
            yield "the bytes are not as many as `size` says"
    if case.like and case.like not in (hellos[0]["looks_like_name"] or ""):
        yield f"looks like {hellos[0]['looks_like_name']}, not {case.like}"
    if document["exit_code"] == 0 and case.name != "chromium":
        yield "the program succeeded against a server that refuses everything"


def faults_of_local(tlsdoctor, work):
    """Inspects this machine with one setting of ours and yields what is wrong."""
    import jsonschema

    schema = json.loads((LAB.parent / "schema/client_local.schema.json").read_text())
    environment = clean_environment({"OPENSSL_CONF": f"{work}/max.cnf", "NODE_OPTIONS": "--tls-min-v1.3"})
    run = subprocess.run([tlsdoctor, "client", "--local", "--json"], env=environment, capture_output=True, timeout=130)
    document = json.loads(run.stdout)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(document):
        yield f"against the schema: {error.message[:200]}"
    if run.returncode != 0:
        yield f"exit code {run.returncode}: {document['verdict']}"
    programs = {program["name"]: program for program in document["programs"]}
    wanted = {"OpenSSL": ["TLS 1.2"], "curl": NEW, "Wget": ALL, "Git": ALL, "GnuTLS": ALL, "Node.js": ["TLS 1.3"], "Java": NEW, "Go": NEW}
    for name, versions in wanted.items():
        if name not in programs:
            yield f"{name} was not found"
        elif programs[name]["offers"] != versions:
            yield f"{name} offers {programs[name]['offers']} instead of {versions}"
        else:
            accepted = [v for v in ALL if programs[name]["accepts"].get(v) == "accepted"]
            if accepted != versions:
                yield f"{name} accepts {accepted} instead of {versions}"
    limits = [(p["name"], s["name"], s["file"], s["line"]) for p in document["programs"] for s in p["settings"]]
    for limit in [("OpenSSL", "MaxProtocol", f"{work}/max.cnf", 8), ("Node.js", "NODE_OPTIONS", "environment", None)]:
        if limit not in limits:
            yield f"{limit} is not among the settings"
    against = {(p["name"], s["name"]): s["contradicted_by"] for p in document["programs"] for s in p["settings"]}
    for limit, versions in {("curl", "MaxProtocol"): "TLS 1.3", ("OpenSSL", "MaxProtocol"): None}.items():
        if limit in against and against[limit] != versions:  # curl's own maximum overrules the file's
            yield f"{limit} is contradicted by {against[limit]} instead of {versions}"
    if not any(name == "jdk.tls.disabledAlgorithms" and line for _, name, _, line in limits):
        yield "java.security was not read"


def connected(port):
    link = socket.create_connection(("127.0.0.1", port), timeout=5)
    link.settimeout(5)
    return link


def noise(rng, index):
    """Returns what a hostile client says: random bytes, or records and messages with lengths that lie."""
    kinds = [
        lambda: rng.randbytes(rng.randrange(1, 300)),
        lambda: b"\x16\x03\x01\xff\xff" + rng.randbytes(50),
        lambda: b"\x16\x03\x01\x40\x00\x01\xff\xff\xff" + rng.randbytes(100),
        lambda: b"\x80\xff\x01" + rng.randbytes(30),
        lambda: b"",
        lambda: b"GET /" + b"x" * 5000,
    ]
    return kinds[index % len(kinds)]()


def faults_of_flood(tlsdoctor, count=1500, slow=300):
    """Floods a listening recorder and yields what is wrong."""
    seed = random.randrange(1 << 32)
    rng = random.Random(seed)
    recorder = subprocess.Popen(
        [tlsdoctor, "client", "--listen", "0", "--json", "--deadline", "60"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    port = int(re.search(r"localhost:(\d+)", recorder.stderr.readline())[1])
    lines = []
    reader = ThreadPoolExecutor(1)
    reader.submit(lambda: lines.extend(recorder.stdout))
    waiting = []
    for _ in range(slow):  # each holds a place with the first byte of a record
        waiting.append(connected(port))
        waiting[-1].sendall(b"\x16")
    sent = 0
    for index in range(count):
        try:
            link = connected(port)
            link.sendall(noise(rng, index))
            link.close()
            sent += 1
        except OSError:
            pass  # reset meanwhile: the recorder gave the place to a newer one
    began = time.monotonic()
    asked = subprocess.run(
        ["curl", "-sS", "--resolve", f"good.test:{port}:127.0.0.1", f"https://good.test:{port}/"],
        capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    took = time.monotonic() - began
    recorder.send_signal(2)
    code = recorder.wait(timeout=PATIENCE)
    reader.shutdown()
    for link in waiting:
        link.close()
    good = [d for d in map(json.loads, lines) if d["label"] == "good"]
    if asked.returncode != 35:
        yield f"seed {seed}: curl ended with {asked.returncode}, not with an alert: {asked.stderr!r}"
    if len(good) != 1 or good[0]["hellos"][0]["versions"] != ALL:
        yield f"seed {seed}: the real client was not recorded after {sent} hostile ones"
    if took > 3:
        yield f"seed {seed}: the real client waited for {took:.1f} s"
    if code not in (0, 1):
        yield f"seed {seed}: the recorder ended with {code}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsdoctor", type=Path, default=LAB.parent / "build/release/tlsdoctor")
    parser.add_argument("names", nargs="*", help="cases, `flood` or `local`; default: all")
    options = parser.parse_args()
    import jsonschema

    schema = jsonschema.Draft202012Validator(json.loads((LAB.parent / "schema/client.schema.json").read_text()))
    tlsdoctor = options.tlsdoctor.resolve()
    began = time.monotonic()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        prepare(work)
        wanted = [c for c in cases(folder) + chromium(folder) if not options.names or c.name in options.names]
        checks = [(c.name, lambda c=c: list(faults_of(tlsdoctor, schema, c))) for c in wanted]
        if not options.names or "flood" in options.names:
            checks.insert(0, ("flood", lambda: list(faults_of_flood(tlsdoctor))))
        if not options.names or "local" in options.names:
            checks.insert(1, ("local", lambda: list(faults_of_local(tlsdoctor, folder))))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for (name, _), faults in zip(checks, pool.map(lambda check: check[1](), checks)):
                failed += bool(faults)
                for fault in faults:
                    print(f"FAIL {name}: {fault}")
    print(f"client_record_check: {len(checks) - failed} passed, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
