#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds `tlsdoctor check --client ID` against the real programs: who connects to which server, and who does not.

  lab/client_check.py [--tlsdoctor PATH] [PROGRAM...]

Every program is run against every server, and its catalogue entry is simulated there; both must come to the
same end. That the program still sends the entry's hello is seen from its own bytes: where a newer build sends
another one, it is named, and its outcomes are not compared.
"""

import argparse
import contextlib
import csv
import json
import os
import shutil
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import run  # first: it says where the modules below are

import place  # noqa: E402, I001
import processes  # noqa: E402

CLIENTS = run.LAB / "lib" / "clients"
BUILT = run.LAB.parent / "build" / "lab"
SECONDS = 20
AT_ONCE = 2

#: What each server is called, and the line that starts it.
SERVERS = {
    "TLS 1.0 and 1.1, ECDHE": "nginx --versions 1.0,1.1",
    "TLS 1.0 and 1.1, static RSA": "nginx --versions 1.0,1.1 --ciphers AES128-SHA:AES256-SHA:@SECLEVEL=0",
    "TLS 1.2": "nginx --versions 1.2",
    "TLS 1.3": "nginx --versions 1.3",
    "TLS 1.3, P-384 alone": "nginx --versions 1.3 --groups secp384r1",
    "DHE of 1024 bits": "nginx --versions 1.2 --ciphers DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-SHA:@SECLEVEL=0"
                        ' --set "ssl_dhparam $LAB_PKI/dh1024.pem"',
    "ECDSA P-521": "nginx --certificate ecdsa521",
    "RSA of 1024 bits": "nginx --versions 1.2 --certificate rsa1024",
    "no RFC 5746": "gnutls --versions 1.2 --priority :%DISABLE_SAFE_RENEGOTIATION",
    "SHA-1 in ServerKeyExchange": 'openssl --versions 1.2 --set "-sigalgs RSA+SHA1"',
}  # fmt: skip

#: A browser takes seconds to start: the servers that tell it from others.
FOR_A_BROWSER = ("TLS 1.0 and 1.1, ECDHE", "TLS 1.3, P-384 alone", "DHE of 1024 bits", "ECDSA P-521",
                 "RSA of 1024 bits", "no RFC 5746")  # fmt: skip


def says_connected(_code, out, _err):
    """Tells whether our own small program connected."""
    return "connected" in out


def curl_connected(code, _out, _err):
    """35 is the handshake, 60 the certificate; what HTTP makes of it does not matter."""
    return code not in (6, 7, 28, 35, 58, 59, 60)


def wget_connected(_code, _out, err):
    """Wget's exit code 4 does not tell a handshake from an answer that is none."""
    return "HTTP request sent" in err


def s_client_connected(_code, out, _err):
    """With a suite and a certificate that is trusted."""
    return "Verify return code: 0" in out and "Cipher is (NONE)" not in out


def gnutls_connected(_code, out, _err):
    """It says so."""
    return "Handshake was completed" in out


def git_connected(_code, _out, err):
    """No repository is there; that it was asked for is enough."""
    return not any(word in err for word in ("SSL", "gnutls", "certificate", "TLS"))


def chromium_connected(_code, out, _err):
    """Its own log of the network has the suite of each handshake that was completed."""
    return '"cipher_suite"' in out


class Program:
    """A program, the catalogue's entry for it, and how to run it."""

    def __init__(self, name, entry, command, connected=says_connected, environment=None, needs=None, servers=SERVERS):
        self.name, self.entry, self.command, self.connected = name, entry, command, connected
        self.needs, self.servers = needs or command[0], servers
        self.environment = environment or {}
        self.same_hello = False

    def run(self, port, root):
        """Runs it. Returns whether it connected, and its last words."""
        words = [word.format(port=port, root=root, url=f"https://localhost:{port}/") for word in self.command]
        environment = {**os.environ, **{key: value.format(root=root) for key, value in self.environment.items()}}
        code, out, err = processes.run(words, seconds=SECONDS, env=environment)
        return self.connected(code, out, err), " / ".join((out + err).strip().splitlines()[-1:])[:120]


def programs(folder):
    """Returns the programs that are installed; the ones of languages are made ready first."""
    root_store = folder / "roots.p12"
    everything = [
        Program("curl", "cap-curl-debian12",
                ["curl", "--disable", "-sS", "-o", "/dev/null", "--cacert", "{root}", "{url}"], curl_connected),
        Program("wget", "cap-wget-debian12",
                ["wget", "--no-config", "-O", "/dev/null", "--tries=1", "--ca-certificate={root}", "{url}"],
                wget_connected),
        Program("openssl s_client", "cap-openssl-3.0.22-s-client",
                ["openssl", "s_client", "-connect", "localhost:{port}", "-servername", "localhost", "-CAfile", "{root}",
                 "-verify_return_error"],
                s_client_connected),
        Program("gnutls-cli", "cap-gnutls-cli-3.7.9",
                ["gnutls-cli", "--x509cafile={root}", "--port={port}", "localhost"], gnutls_connected),
        Program("git", "cap-git-debian12", ["git", "ls-remote", "{url}"], git_connected,
                {"GIT_SSL_CAINFO": "{root}", "GIT_TERMINAL_PROMPT": "0", "HOME": str(folder)}),
        Program("python3", "cap-python3.11-urllib", ["/usr/bin/python3", str(CLIENTS / "get.py"), "{url}", "{root}"]),
        Program("java", "cap-java17-httpsurlconnection",
                ["java", "-XX:TieredStopAtLevel=1", f"-Djavax.net.ssl.trustStore={root_store}",
                 "-Djavax.net.ssl.trustStorePassword=changeit", "-cp", str(folder), "Get", "{url}"]),
        Program("go", "cap-go1.19-nethttp", [str(BUILT / "get-go"), "localhost:{port}", "{root}"]),
        Program("node 24", "cap-node-24.21.0", [str(BUILT / "node-24.21.0"), str(CLIENTS / "get.js"), "{url}"],
                environment={"NODE_EXTRA_CA_CERTS": "{root}"}),
        Program("chromium", "cap-chromium-156",
                ["sh", "-c", f"chromium --headless --no-sandbox --disable-gpu --disable-quic --dump-dom --timeout=3000 "
                             f"--user-data-dir={folder}/chromium-{{port}} --log-net-log={folder}/net-{{port}} {{url}} "
                             f">/dev/null 2>&1; cat {folder}/net-{{port}}"],
                chromium_connected, {"HOME": str(folder)}, needs="chromium", servers=FOR_A_BROWSER),
    ]  # fmt: skip
    return [program for program in everything if shutil.which(program.needs)]


def make_ready(folder, certificates, wanted):
    """Compiles what has to be; Go's program is kept, because its first build takes half a minute."""
    if "java" in wanted:
        processes.run(["javac", "-d", str(folder), str(CLIENTS / "Get.java")])
        processes.run(["keytool", "-importcert", "-noprompt", "-alias", "lab", "-file", str(certificates / "root.pem"),
                       "-keystore", str(folder / "roots.p12"), "-storetype", "PKCS12", "-storepass", "changeit"])
    if "chromium" in wanted and shutil.which("certutil"):
        store = folder / ".pki" / "nssdb"
        store.mkdir(parents=True)
        processes.run(["certutil", "-d", f"sql:{store}", "-N", "--empty-password"])
        processes.run(["certutil", "-d", f"sql:{store}", "-A", "-t", "C,,", "-n", "lab",
                       "-i", str(certificates / "root.pem")])  # fmt: skip


def build_go():
    """Builds the Go client where it is missing; needs no network."""
    program = BUILT / "get-go"
    if shutil.which("go") and not program.exists():
        BUILT.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(BUILT / "go-cache"), "GOFLAGS": ""}
        processes.run(["go", "build", "-o", str(program), str(CLIENTS / "get.go")], seconds=300, env=environment)


def first_hello(program, root):
    """Returns the bytes of the program's first hello, sent to a socket that answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SECONDS)
        port, heard = listener.getsockname()[1], bytearray()

        def hear():
            with contextlib.suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(2)
                while len(heard) < 5 or len(heard) < 5 + int.from_bytes(heard[3:5], "big"):
                    piece = connection.recv(4096)
                    if not piece:
                        break
                    heard.extend(piece)
                connection.close()

        thread = threading.Thread(target=hear, daemon=True)
        thread.start()
        program.run(port, root)
        thread.join(SECONDS)
        return bytes(heard)


class Doctor:
    """Asks tlsdoctor."""

    def __init__(self, program):
        self.program = program
        with open(run.LAB.parent / "data" / "clients" / "clients.tsv", encoding="utf-8") as table:
            rows = csv.DictReader((line for line in table if not line.startswith("#")), delimiter="\t",
                                  quoting=csv.QUOTE_NONE)  # fmt: skip
            self.entries = {row["id"]: row for row in rows}

    def client(self, port, client):
        """Returns the outcome of one client."""
        words = [self.program, "check", f"localhost:{port}", "-4", "-k", "--json", "--client", client]
        _, out, err = processes.run(words)
        try:
            return json.loads(out)["clients"][0]
        except (ValueError, LookupError):
            return {"outcome": "no answer", "reason": err.strip()[-200:], "name": ""}

    def has_same_hello(self, port, entry, file):
        """Tells whether a recorded hello is of the entry's class, from the name that it is given."""
        name = self.client(port, str(file))["name"]
        like = name.partition(" (like ")[2].removesuffix(")")
        classes = {row["hello_class"] for row in self.entries.values() if row["name"] and row["name"] == like}
        return self.entries[entry]["hello_class"] in classes


def server_in(folder, certificates, number, line):
    """Returns one server of the table, not yet started."""
    home = folder / f"server{number}"
    home.mkdir()
    (home / "up").write_text(f'#!/bin/sh\nexec "$LAB_LIB/serve.py" {line}\n', encoding="ascii")
    (home / "up").chmod(0o755)
    return processes.Server(SimpleNamespace(name=f"run{number}", folder=home, expect={}), folder, certificates)


def compare(doctor, server, name, wanted, root):
    """Runs every program against one server. Returns rows: (program, server, agrees, text)."""
    rows = []
    port = server.words["port"]
    for program in wanted:
        if not program.same_hello or name not in program.servers:
            continue
        connected, words = program.run(port, root)
        told = doctor.client(port, program.entry)
        real = "connects" if connected else "fails"
        text = f"{real:8}  {told['outcome']:8}  {told.get('cause') or ''}"
        agrees = told["outcome"] == real
        rows.append((program.name, name, agrees, text if agrees else f"{text}  {told['reason']} | it said: {words}"))
    return rows


def check(doctor, folder, names):
    """Does everything. Returns the exit code."""
    certificates = run.make_certificates(folder)
    root = certificates / "root.pem"
    wanted = [program for program in programs(folder) if not names or program.name.split()[0] in names]
    make_ready(folder, certificates, {program.name.split()[0] for program in wanted})
    servers = [server_in(folder, certificates, n, line) for n, line in enumerate(SERVERS.values())]
    with contextlib.ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
        for server in servers:
            if problem := server.wait():
                print(problem, file=sys.stderr)
                return 1
        for program in wanted:
            hello = folder / f"{program.name.replace(' ', '-')}.hex"
            hello.write_text(first_hello(program, root).hex(), encoding="ascii")
            program.same_hello = doctor.has_same_hello(servers[2].words["port"], program.entry, hello)
            if not program.same_hello:
                print(f"note    {program.name}: its hello is not that of {program.entry} any more; not compared")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [pool.submit(compare, doctor, server, name, wanted, root)
                    for server, name in zip(servers, SERVERS, strict=True)]  # fmt: skip
            rows = [row for job in jobs for row in job.result()]
    for program, name, agrees, text in rows:
        print(f"{'ok' if agrees else 'FAILED':6}  {program:18}  {name:30}  {text}")
    agreeing = sum(agrees for _, _, agrees, _ in rows)
    print(f"client_check: {agreeing} passed, {len(rows) - agreeing} failed")
    return 0 if rows and agreeing == len(rows) else 1


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=run.LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("names", nargs="*", metavar="PROGRAM")
    args = parser.parse_args()
    program = args.tlsdoctor.resolve()
    if not os.access(program, os.X_OK):
        print(f"{args.tlsdoctor} is not there: `make build` makes it", file=sys.stderr)
        return 1
    build_go()
    return place.run_inside(lambda folder: check(Doctor(program), folder, args.names))


if __name__ == "__main__":
    sys.exit(main())
