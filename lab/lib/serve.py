#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts one real server in the foreground: writes its configuration into the run directory, then
becomes the server (exec), so that killing the process group is all that stopping takes.

A case says what it needs in one line: `serve.py nginx --versions 1.2,1.3`. One function per server, in
servers/, turns that into the server's own words. LAB_RUN, LAB_PORT and LAB_PKI come from run.py.
"""

import argparse
import os
import sys

from servers import SERVERS

ALL = ["ssl3", "1.0", "1.1", "1.2", "1.3"]
#: Debian's OpenSSL signs nothing for TLS 1.0 and 1.1 above this level, whatever the versions say.
EVERY_CIPHER = "ALL:@SECLEVEL=0"


def parse():
    """Reads the command line and the environment."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("--versions", default="1.2,1.3", help="adjoining ones, e.g. 1.0,1.1")
    parser.add_argument("--address", action="append", help="default 127.0.0.1; may be given again")
    parser.add_argument("--certificate", default="rsa", help="a name from pki.py")
    parser.add_argument("--no-certificate", action="store_true", help="openssl: none at all")
    parser.add_argument("--ciphers", default=EVERY_CIPHER)
    parser.add_argument("--groups", help="nginx: ssl_ecdh_curve; openssl: -groups")
    parser.add_argument("--only-name", help="nginx, haproxy: refuse the handshake for any other name; caddy: names")
    parser.add_argument("--not-name", help="nginx: refuse the handshake for this name")
    parser.add_argument("--client-cert", default="", choices=["asked", "demanded"], help="openssl: of the client")
    parser.add_argument("--priority", default="", help="gnutls: further words of the priority string")
    parser.add_argument("--set", action="append", default=[], help="a line of the server's own; may be given again")
    parser.add_argument("--plain", action="store_true", help="nginx, dovecot: listen without TLS")
    args = parser.parse_args()
    args.versions = sorted(args.versions.split(","), key=ALL.index)
    args.address = args.address or ["127.0.0.1"]
    args.port = int(os.environ["LAB_PORT"])
    args.pki = os.environ["LAB_PKI"]
    args.certificate = os.path.join(args.pki, args.certificate)
    args.run = os.path.join(os.environ["LAB_RUN"], f"{args.server}-{args.address[0]}-{args.port}".replace(":", "."))
    os.makedirs(args.run, exist_ok=True)
    return args


if __name__ == "__main__":
    arguments = parse()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    command = SERVERS[arguments.server](arguments)
    sys.stdout.flush()
    os.execvp(command[0], command)
