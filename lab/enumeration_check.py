#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the cipher suites that `tlsdoctor check --suites-only` finds against openssl and gnutls-cli.

  lab/enumeration_check.py [--tlsdoctor PATH] [SERVER...]

Every suite that was found is offered alone by `openssl s_client`, or by `gnutls-cli` where OpenSSL does not
have it, and must be accepted; whatever else s_client has must be refused. Nothing may differ in either
direction. Servers: nginx with both kinds of keys, s_server with lists of its own, gnutls-serv and haproxy.
Whose order decides is held against how the server was started.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import run  # first: it says where the modules below are

import place  # noqa: E402, I001

SECONDS = 10
AT_ONCE = 4
VERSIONS = {"TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}
GNUTLS_VERSIONS = {version: f"VERS-TLS{version[4:]}" for version in VERSIONS}
EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
GROUPS = "X25519:P-256:P-384:P-521:X448:ffdhe2048:ffdhe3072:ffdhe4096"
SUITES_13 = [f"TLS_{name}" for name in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256",
                                        "AES_128_CCM_SHA256", "AES_128_CCM_8_SHA256")]  # fmt: skip

NGINX = """
daemon off;
error_log stderr crit;
pid {folder}/{name}.pid;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/{name}.b; proxy_temp_path {folder}/{name}.p; fastcgi_temp_path {folder}/{name}.f;
  uwsgi_temp_path {folder}/{name}.u; scgi_temp_path {folder}/{name}.s;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {pki}/rsa.pem; ssl_certificate_key {pki}/rsa.key;
    ssl_certificate {pki}/ecdsa.pem; ssl_certificate_key {pki}/ecdsa.key;
    {lines}
    return 204;
  }}
}}
"""


def keys(folder):
    """Makes an RSA and an ECDSA certificate with openssl."""
    for name, kind in (("rsa", "rsa:2048"), ("ecdsa", "ec")):
        more = ["-pkeyopt", "ec_paramgen_curve:P-256"] if kind == "ec" else []
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", kind, *more, "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        (folder / f"{name}_both.pem").write_text(
            (folder / f"{name}.pem").read_text() + (folder / f"{name}.key").read_text()
        )


def nginx(lines):
    """Returns how to start nginx with these lines in its server."""

    def command(words):
        file = words["folder"] / f"{words['name']}.conf"
        file.write_text(NGINX.format(lines=lines, **words))
        return ["nginx", "-e", "stderr", "-p", words["folder"], "-c", file]

    return command


def s_server(*options, ecdsa=True):
    """Returns how to start `openssl s_server`."""

    def command(words):
        second = ["-dcert", words["pki"] / "ecdsa.pem", "-dkey", words["pki"] / "ecdsa.key"] if ecdsa else []
        return ["openssl", "s_server", "-accept", f"127.0.0.1:{words['port']}", "-quiet", "-www", "-cert",
                words["pki"] / "rsa.pem", "-key", words["pki"] / "rsa.key", *second, *options]  # fmt: skip

    return command


def gnutls_serv(priority):
    """Returns how to start gnutls-serv, which needs both kinds of keys by name."""

    def command(words):
        pki = words["pki"]
        return ["gnutls-serv", "--port", words["port"], "--priority", priority, "--quiet", "--http",
                "--x509certfile", pki / "rsa.pem", "--x509keyfile", pki / "rsa.key",
                "--x509certfile", pki / "ecdsa.pem", "--x509keyfile", pki / "ecdsa.key"]  # fmt: skip

    return command


def haproxy(words):
    """Returns how to start haproxy as it comes."""
    file = words["folder"] / f"{words['name']}.cfg"
    file.write_text(
        "defaults\n mode http\n timeout client 5s\n timeout server 5s\n timeout connect 5s\n"
        f"frontend f\n bind 127.0.0.1:{words['port']} ssl crt {words['pki']}/rsa_both.pem\n"
        " http-request return status 204\n"
    )
    return ["haproxy", "-f", file]


ALL_0 = "ssl_ciphers ALL:@SECLEVEL=0;"
OWN_ORDER = "ssl_prefer_server_ciphers on;"
SOME = "ECDHE-RSA-AES128-SHA:AES256-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA"
OLD = "DEFAULT:@SECLEVEL=0"

#: name: how to start it, and whether its own order decides in TLS 1.2 (None where that is not checked).
SERVERS = {
    "nginx_default": (nginx("ssl_protocols TLSv1.2 TLSv1.3;"), "client"),
    "nginx_all_suites": (nginx(f"ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; {ALL_0}"), "client"),
    "nginx_own_order": (nginx(f"ssl_protocols TLSv1.2 TLSv1.3; {OWN_ORDER}"), "server"),
    "s_server_default": (s_server(), "client"),
    "s_server_own_list": (s_server("-cipher", SOME, "-serverpref"), "server"),
    "s_server_one_suite": (s_server("-cipher", "AES256-SHA", "-tls1_2", ecdsa=False), None),
    "s_server_null": (s_server("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-serverpref"), "server"),
    "s_server_chacha_first": (s_server("-serverpref", "-prioritize_chacha"), "server"),
    "s_server_ccm_13": (s_server("-ciphersuites", ":".join(SUITES_13)), "client"),
    "s_server_old": (s_server("-cipher", OLD, "-no_tls1_3"), "client"),
    "gnutls_normal": (gnutls_serv("NORMAL"), "client"),
    "gnutls_legacy": (gnutls_serv("NORMAL:+3DES-CBC:+VERS-TLS1.0:+VERS-TLS1.1:%SERVER_PRECEDENCE"), None),
    "haproxy_default": (haproxy, None),
}


class Running:
    """A server that runs while the `with` does."""

    def __init__(self, name, folder, pki):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.words = {"name": name, "folder": folder, "pki": pki, "port": self.port}
        self.log = folder / f"{name}.log"

    def __enter__(self):
        command = SERVERS[self.words["name"]][0](self.words)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return self
            except OSError:
                time.sleep(0.02)
        self.__exit__()
        raise OSError(f"{command[0]} does not start: {self.log.read_text(errors='replace')[-300:]}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def says(command):
    """Runs a client and returns everything that it printed."""
    done = subprocess.run(
        command, input=b"", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS, check=False
    )
    return done.stdout.decode(errors="replace")


def openssl_reaches(port, version, suite):
    """Tells whether s_client gets a ServerHello for this suite alone."""
    which = ["-ciphersuites", suite] if version == "TLS 1.3" else ["-cipher", f"{suite}:@SECLEVEL=0"]
    out = says(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", VERSIONS[version], *which, "-msg",
                "-groups", GROUPS, "-servername", "localhost", "-legacy_server_connect"])  # fmt: skip
    return ", ServerHello" in out


def openssl_suites():
    """Returns {IANA name: OpenSSL's} of what s_client can offer below TLS 1.3, pre-shared keys left out."""
    out = subprocess.run(["openssl", "ciphers", "-s", "-stdname", EVERYTHING], capture_output=True, text=True,
                         check=True, timeout=SECONDS).stdout  # fmt: skip
    rows = re.findall(r"^(\S+) +- +(\S+) +(\S+)", out, re.M)
    return {iana: name for iana, name, version in rows if version != "TLSv1.3" and "PSK" not in name}


def gnutls_suites():
    """Returns {number: (key exchange, cipher, MAC)} of what gnutls-cli can offer below TLS 1.3."""
    out = subprocess.run(["gnutls-cli", "-l"], capture_output=True, text=True, check=True, timeout=SECONDS).stdout
    row = r"^TLS_(\w+?)_((?:AES|CAMELLIA|3DES|ARCFOUR|CHACHA20|NULL)\w*) +\t0x(\w+), 0x(\w+)\tTLS1"
    rows = re.findall(row, out, re.M)
    return {f"0x{a}{b}": (kx, rest) for kx, rest, a, b in rows if "PSK" not in kx and "SRP" not in kx}


def gnutls_priority(version, kx, rest):
    """Returns the priority string of one suite of GnuTLS; None where it has none."""
    match = re.fullmatch(r"(\w+?)_(SHA1|SHA256|SHA384|MD5)", rest)
    cipher = (match.group(1) if match else rest).replace("_", "-").replace("3DES-EDE", "3DES")
    aead = cipher.endswith(("GCM", "CCM", "CCM-8", "POLY1305"))
    mac = "AEAD" if aead else match and match.group(2)
    exchange = {"ANON_DH": "ANON-DH", "DH_ANON": "ANON-DH", "ECDH_ANON": "ANON-ECDH"}.get(kx, kx.replace("_", "-"))
    if not mac:
        return None
    return (f"NONE:+{GNUTLS_VERSIONS[version]}:+{cipher}:+{mac}:+{exchange}:+SIGN-ALL:+SIGN-RSA-SHA1:"
            "+GROUP-ALL:+COMP-ALL:+CTYPE-X509:%UNSAFE_RENEGOTIATION:%VERIFY_ALLOW_SIGN_WITH_SHA1")  # fmt: skip


def gnutls_reaches(port, priority):
    """Tells whether gnutls-cli gets a ServerHello; None where the string does not name a suite."""
    out = says(["gnutls-cli", "--insecure", "--priority", priority, "-d", "4", "--port", str(port), "127.0.0.1"])
    if "Syntax error" in out or "No or insufficient priorities" in out:
        return None
    return "SERVER HELLO" in out and "was received" in out


def judge_version(port, row, openssl, pool):
    """Compares the suites of one version. Returns (differences, how many were compared)."""
    version = row["version"]
    found = {suite["name"] for suite in row["accepted"]}
    if version == "TLS 1.3":
        offers = {name: name for name in SUITES_13}
    else:
        offers = openssl
    # What was not found is offered together first: where that is refused, each of it is.
    absent = [name for iana, name in offers.items() if iana not in found]
    alone = dict(offers)
    if absent and not openssl_reaches(port, version, ":".join(absent)):
        alone = {iana: name for iana, name in offers.items() if iana in found}
    words = zip(alone, pool.map(lambda name: openssl_reaches(port, version, name), alone.values()))
    reached = dict.fromkeys(offers, False) | dict(words)
    out = []
    for iana, reaches in reached.items():
        if reaches and iana not in found:
            out.append(f"{version}: {iana} is accepted by s_client's word, and was not found")
        elif not reaches and iana in found:
            out.append(f"{version}: {iana} was found, and s_client is refused")
    foreign = [suite for suite in row["accepted"] if suite["name"] not in reached]
    for suite in foreign:
        out += judge_by_gnutls(port, version, suite)
    if row["undecided"]:
        out.append(f"{version}: undecided: {', '.join(row['undecided'][:5])}")
    return out, len(reached) + len(foreign)


def judge_by_gnutls(port, version, suite):
    """What openssl does not have must be reached by gnutls-cli."""
    known = gnutls_suites().get(suite["number"].lower())
    priority = known and gnutls_priority(version, *known)
    if not priority or not gnutls_reaches(port, priority):
        return [f"{version}: {suite['name']} was found, and nobody else reaches it"]
    return []


def judge_order(row, expected):
    """Returns what is false about whose order decides."""
    if expected and row["version"] == "TLS 1.2" and len(row["accepted"]) > 1 and row["preference"] != expected:
        return [f"{row['version']}: the order is said to be the {row['preference']}'s, and it is the {expected}'s"]
    return []


def check(name, program, folder, pki, pool):
    """Starts a server and compares. Returns (differences, connections, suites compared)."""
    with Running(name, folder, pki) as server:
        done = subprocess.run(
            [program, "check", "--suites-only", "--json", f"127.0.0.1:{server.port}"],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        document = json.loads(done.stdout)
        rows = document["endpoints"][0]["cipher_suites"]
        openssl, differences, compared = openssl_suites(), [], 0
        for row in rows:
            if row["version"] not in VERSIONS:
                differences.append(f"{row['version']}: no server here speaks it")
                continue
            more, count = judge_version(server.port, row, openssl, pool)
            differences += more + judge_order(row, SERVERS[name][1])
            compared += count
        if not rows:
            differences.append("no version with suites")
        pairs = sum(len(row["accepted"]) for row in rows)
        return differences, document["connections"], pairs, compared


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=run.LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("servers", nargs="*", metavar="SERVER", default=list(SERVERS))
    args = parser.parse_args()
    program = args.tlsdoctor.resolve()
    if not os.access(program, os.X_OK):
        print(f"{args.tlsdoctor} is not there: `make build` makes it", file=sys.stderr)
        return 1
    unknown = set(args.servers) - set(SERVERS)
    if unknown:
        print(f"no such server: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2

    def work(folder):
        pki = folder / "keys"
        pki.mkdir()
        keys(pki)
        failed = 0
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for name in args.servers:
                differences, connections, pairs, compared = check(name, program, folder, pki, pool)
                failed += bool(differences)
                word = "FAILED" if differences else "ok"
                counts = f"{pairs:3} pairs, {connections:3} connections, {compared:3} compared"
                print(f"{word:6}  {name:24}  {counts}", flush=True)
                for line in differences:
                    print(f"        - {line}", flush=True)
        return 1 if failed else 0

    return place.run_inside(work)


if __name__ == "__main__":
    sys.exit(main())
