#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a log for measuring `tlsdoctor explain`: three of ten lines are failures of TLS.

    make_log.py OUT LINES [--unique]

With --unique no two lines are equal even without their numbers: each carries words of its own.
"""

import random
import sys

ERRORS = [
    "[error] {n}#{n}: *{n} SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake"
    " failure:SSL alert number 40) while SSL handshaking to upstream, client: {ip}, server: {w}.example, request:"
    ' "GET /{w} HTTP/1.1", upstream: "https://{ip}:8443/{w}", host: "{w}.example"',
    "[info] {n}#{n}: *{n} SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL"
    " handshaking, client: {ip}, server: 0.0.0.0:443",
    "[crit] {n}#{n}: *{n} SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol)"
    " while SSL handshaking, client: {ip}, server: 0.0.0.0:443",
    'level=error msg="request to {w} failed" err="Get \\"https://{w}.example/v2/\\": remote error: tls: protocol'
    ' version not supported"',
    "ERROR {w} javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure",
    "ERROR {w} ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129) to {w}.example:8443",
    "WARN {w} curl: (35) OpenSSL/3.0.15: error:0A00042E:SSL routines::tlsv1 alert protocol version",
]
OTHERS = [
    '[info] {n}#{n}: *{n} client {ip} closed keepalive connection, request: "GET /{w} HTTP/1.1"',
    'INFO {ip} - - "GET /{w}/{n} HTTP/1.1" 200 {n} "https://{w}.example/" "Mozilla/5.0 (X11; Linux x86_64)"',
    "DEBUG worker {n} took job {w} from queue {w} after {n} ms",
    "INFO TLS handshake with {ip} completed in {n} ms, session {w}",
    "[notice] {n}#{n}: signal {n} (SIGCHLD) received from {n}",
]


def main(arguments):
    unique = "--unique" in arguments
    arguments = [a for a in arguments if a != "--unique"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    rng = random.Random(4711)
    word = lambda: "".join(rng.choice("abcdefghiklmnoprstuvwz") for _ in range(10)) if unique else "shop"
    with open(arguments[0], "w", encoding="ascii") as out:
        for i in range(int(arguments[1])):
            line = rng.choice(ERRORS if rng.random() < 0.3 else OTHERS)
            address = f"192.0.2.{rng.randrange(256)}"
            stamp = f"2026/11/23 {i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02}"
            out.write(f"{stamp} {line.format(n=rng.randrange(100000), ip=address, w=word())}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
