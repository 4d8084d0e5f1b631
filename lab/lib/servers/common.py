# SPDX-License-Identifier: Apache-2.0
"""What the servers' functions share: files of their own, addresses, and lines that a case adds."""

import os

LIB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: The versions' names as OpenSSL's configuration, nginx and Apache have them.
OPENSSL_NAMES = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}


def write(args, name, text):
    """Writes a configuration file into the run directory and returns its path."""
    path = os.path.join(args.run, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def hosts_and_port(args):
    """Returns `address:port` for every address, IPv6 in brackets."""
    return [f"[{a}]:{args.port}" if ":" in a else f"{a}:{args.port}" for a in args.address]


def lines(args, end=""):
    """Returns what `--set` adds, each on a line of its own."""
    return "\n".join(f"{line}{end}" for line in args.set)
