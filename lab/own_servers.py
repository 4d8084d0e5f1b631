#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Points real clients at every server of `tlsdoctor lab` and holds what they print against its table.

  lab/own_servers.py [--tlsdoctor PATH] [CASE...]

curl, openssl s_client, gnutls-cli and Python each ask each server. Where the table says that a server sends an
alert to every hello, the client must name that alert; a healthy server must be reached by all, and a broken one
by none, except where clients rightly differ.
"""

import argparse
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAB = Path(__file__).resolve().parent
AT_ONCE = 8
#: Seconds for a silent server, and for one that answers.
PATIENCE, LONG_PATIENCE = 2, 8

#: Cases whose servers every client must reach.
REACHED = {"healthy", "healthy_slow", "healthy_trickled", "warned_name", "tls13_only", "tls12_only", "all_versions", "name_required"}
#: Cases where clients rightly differ: old versions and sizes (GnuTLS still takes them), static RSA, P-521, ALPN
#: (only curl asks for one), SHA-1, a connection that ends in good order before it began, and a certificate that is
#: demanded after the client believes that all is well.
DIFFER = {"tls11_only", "tls10_only", "legacy_only", "weak_dh", "static_rsa_only", "p521_only", "alpn_unknown", "client_cert_tls13",
          "sha1_only", "close_notify"}  # fmt: skip
#: What curl must say, beside the alerts.
CURL_SAYS = {
    "http": "wrong version number",
    "ssh": "wrong version number",
    "smtp": "wrong version number",
    "reset": "reset by peer",
    "silent": "timed out",
    "half_hello_silent": "timed out",
    "half_hello_close": "eof|SSL_ERROR_SYSCALL",
    "port_closed": "(?i)connect",
    "weak_dh": "dh key too small",
    "tls10_only": "unsupported protocol|protocol version|sigalg",
    "ssl3_only": "unsupported protocol|wrong ssl version|protocol version",
    "cert_expired": "certificate has expired",
    "cert_not_yet_valid": "not yet valid",
    "cert_self_signed": "self-signed certificate",
    "cert_unknown_ca": "unable to get local issuer certificate",
    "cert_wrong_name": "no alternative certificate subject name matches",
    "bad_signature": "bad signature",
    "oversized_record": "(packet|record) (length )?too (long|large)|wrong version|length too long",
    "alpn_unknown": "no application protocol",
    "old_suites_only": "handshake failure",
    "client_cert_tls12": "handshake failure",
}


def words_of(client, port, ca):
    """Returns the command of one client."""
    return {
        "curl": ["curl", "-sS", "-o", "/dev/null", "--max-time", "1.5", "--cacert", ca, f"https://localhost:{port}/"],
        "openssl": ["openssl", "s_client", "-CAfile", ca, "-verify_return_error", "-verify_hostname", "localhost",
                    "-servername", "localhost", "-connect", f"127.0.0.1:{port}"],
        "gnutls": ["gnutls-cli", "--x509cafile", ca, "-p", str(port), "localhost"],
    }[client]  # fmt: skip


def run(case, client, ca):
    """Runs a client. Returns whether it reached the server, and its words."""
    port, patience = case["port"], PATIENCE if "silent" in case["case"] else LONG_PATIENCE
    if client == "python":
        return ask_with_python(port, ca)
    try:
        done = subprocess.run(words_of(client, port, ca), stdin=subprocess.DEVNULL, capture_output=True, timeout=patience)
    except subprocess.TimeoutExpired as late:
        return False, "timed out " + (late.stdout or b"").decode("utf-8", "replace")
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    return done.returncode == 0, text


def ask_with_python(port, ca):
    """Asks with this Python's ssl module."""
    context = ssl.create_default_context(cafile=ca)
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secure:
                secure.sendall(b"GET / HTTP/1.0\r\n\r\n")
                secure.recv(4096)
                return True, ""
    except OSError as error:
        return False, str(error)


def alert_in(text, alerts):
    """Returns the number of the alert that a client says it received, None for none."""
    if match := re.search(r"SSL alert number (\d+)|Received alert \[(\d+)\]", text):
        return int(match[1] or match[2])
    if match := re.search(r"error:0A000([0-9A-F]{3}):", text):
        number = int(match[1], 16) - 1000
        return number if 0 <= number < 256 else None
    plain = re.sub(r"[^a-z]", "", text.lower())
    for number, name in alerts.items():
        if "alert" + name.replace("_", "") in plain or "tlsv" + name.replace("_", "") in plain:
            return number
    return None


def judge(case, client, reached, text, alerts):
    """Returns what is wrong with a client's answer, empty where nothing is."""
    name = case["case"]
    if case["alert"]:
        wanted = case["alert"]["code"]
        got = alert_in(text, alerts)
        return "" if got == wanted else f"alert {wanted} expected, it says {got}"
    if client == "curl" and name in CURL_SAYS and not re.search(CURL_SAYS[name], text):
        return f"'{CURL_SAYS[name]}' expected"
    if name in REACHED and not reached:
        return "not reached"
    if name not in REACHED | DIFFER and reached:
        return "reached, and must not be"
    return ""


def start(program, folder, cases):
    """Starts the lab. Returns the process and its document."""
    ca = folder / "ca.pem"
    lab = subprocess.Popen([program, "lab", "--json", "--ca", ca, "--deadline", "60", *cases], stdout=subprocess.PIPE)
    text = b""
    while not text.endswith(b"}\n") or text.count(b"{") != text.count(b"}"):
        piece = os.read(lab.stdout.fileno(), 65536)
        if not piece:
            raise RuntimeError("the lab did not start")
        text += piece
    return lab, json.loads(text)


def ends_in_order(program, tries=5):
    """Interrupts servers as soon as the first byte of their table is there. Returns the wrong exit codes."""
    codes = []
    for _ in range(tries):
        with subprocess.Popen([program, "lab", "--json", "alert_40"], stdout=subprocess.PIPE) as lab:
            lab.stdout.read(1)
            lab.send_signal(signal.SIGINT)
            lab.stdout.read()
            codes.append(lab.wait(10))
    return [code for code in codes if code != 0]


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="print what every client said")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    args = parser.parse_args()
    if codes := ends_in_order(args.tlsdoctor.resolve()):
        print(f"FAILED  interrupted at once, the lab ends with {codes}")
        return 1
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        lab, document = start(args.tlsdoctor.resolve(), folder, args.cases)
        try:
            return compare(document, str(folder / "ca.pem"), args.verbose)
        finally:
            lab.terminate()
            lab.wait(5)


def compare(document, ca, verbose):
    """Asks every server with every client. Returns the exit code."""
    import jsonschema

    jsonschema.validate(document, json.loads((LAB.parent / "schema" / "lab.schema.json").read_text()))
    alerts = {case["alert"]["code"]: case["alert"]["name"] for case in document["cases"] if case["alert"]}
    questions = [(case, client) for case in document["cases"] for client in ("curl", "openssl", "gnutls", "python")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda q: run(q[0], q[1], ca), questions))
    failed = 0
    for (case, client), (reached, text) in zip(questions, answers, strict=True):
        wrong = judge(case, client, reached, text, alerts)
        failed += bool(wrong)
        if wrong or verbose:
            last = " | ".join(text.strip().splitlines()[-3:])[:300]
            print(f"{'FAILED' if wrong else 'ok':6}  {case['case']:22}  {client:8}  {wrong}  [{last}]")
    print(f"own servers: {len(questions) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
