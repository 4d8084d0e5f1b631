# SPDX-License-Identifier: Apache-2.0
"""Servers on the TLS of a programming language."""

import fcntl
import os
import subprocess

from servers.common import LIB


def java(args):
    """JSSE with nothing disabled: compiled once per run, beside the certificates. `--set` names a system property."""
    names = {"ssl3": "SSLv3", "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    classes = os.path.join(args.pki, "classes")
    with open(os.path.join(args.pki, "classes.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(classes, "JsseServer.class")):
            subprocess.run(["javac", "-d", classes, os.path.join(LIB, "JsseServer.java")], check=True, timeout=60)
    return [
        "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx96m",
        *(f"-D{line}" for line in args.set), "-cp", classes, "JsseServer",
        args.address[0], str(args.port), f"{args.certificate}.p12", ",".join(names[v] for v in args.versions),
    ]  # fmt: skip


def node(args):
    """Node.js: a lowest and a highest version. `--set` is JSON: further options of tls.createServer."""
    return [
        "node", os.path.join(LIB, "node_server.js"), args.address[0], str(args.port), args.certificate,
        f"TLSv{args.versions[0]}".replace("1.0", "1"), f"TLSv{args.versions[-1]}".replace("1.0", "1"), args.ciphers,
        *args.set,
    ]  # fmt: skip


def erlang(args):
    """Erlang/OTP's ssl application. `--set` is one further option, an Erlang term."""
    names = {"1.0": "tlsv1", "1.1": "'tlsv1.1'", "1.2": "'tlsv1.2'", "1.3": "'tlsv1.3'"}
    address = "{" + args.address[0].replace(".", ",") + "}"
    options = [
        f"{{ip,{address}}}", "{reuseaddr,true}", "{active,false}", "{log_level,none}",
        f'{{certfile,"{args.certificate}.crt"}}', f'{{keyfile,"{args.certificate}.key"}}',
        f"{{versions,[{','.join(names[v] for v in args.versions)}]}}", *args.set,
    ]  # fmt: skip
    os.environ["HOME"] = args.run
    return ["escript", os.path.join(LIB, "erlang_server.escript"), str(args.port), f"[{','.join(options)}]."]
