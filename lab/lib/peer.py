#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Peers that no real server can be told to be: one small table of behaviours, one thread a connection.

A connection on which nothing was sent is not answered, so that waiting for the port changes nothing.
"""

import argparse
import os
import socket
import ssl
import struct
import sys
import threading
import time

HOLD_SECONDS = 120


def read_hello(connection):
    """Reads one whole record or SSL 2.0 hello, or what there is when the client stops."""
    data = connection.recv(65536)
    while data:
        tls, ssl2_size = 5 + int.from_bytes(data[3:5], "big"), 2 + (int.from_bytes(data[:2], "big") & 0x7FFF)
        if len(data) >= 5 and len(data) >= (tls if data[0] == 0x16 else ssl2_size):
            break
        piece = connection.recv(65536)
        if not piece:
            break
        data += piece
    return data


def finish(connection):
    """Closes with a FIN: unread bytes would make a RST of it."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(5)
    while connection.recv(65536):
        pass


def answering(reply):
    """Returns the behaviour that answers every hello with the same bytes, then closes."""

    def behave(connection, _hello, _args):
        connection.sendall(reply)
        finish(connection)

    return behave


def alert(code):
    """Returns the behaviour that refuses every hello with this alert."""
    return answering(bytes([0x15, 3, 3, 0, 2, 2, code]))


def alert_left_open(connection, _hello, _args):
    """Refuses with alert 40 and leaves the connection open, as exim does."""
    connection.sendall(bytes([0x15, 3, 3, 0, 2, 2, 40]))
    time.sleep(HOLD_SECONDS)


def silent(_connection, _hello, _args):
    """Reads the hello and says nothing."""
    time.sleep(HOLD_SECONDS)


def reset(connection, _hello, _args):
    """Aborts the connection with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def ssl2(connection, hello, args):
    """Speaks SSL 2.0 only: SERVER-HELLO with the certificate [SSL 2.0 2.6]; other hellos are closed on."""
    if len(hello) > 2 and hello[0] & 0x80 and hello[2] == 1:
        with open(os.path.join(args.pki, "rsa.crt"), encoding="ascii") as pem:
            certificate = ssl.PEM_cert_to_DER_cert(pem.read())
        kinds, identity = bytes.fromhex("010080 0700c0"), os.urandom(16)
        body = b"\x04\x00\x01\x00\x02" + struct.pack(">HHH", len(certificate), len(kinds), len(identity))
        body += certificate + kinds + identity
        connection.sendall(struct.pack(">H", 0x8000 | len(body)) + body)
    finish(connection)


_hellos, _hellos_lock = 0, threading.Lock()


def ban(connection, hello, args):
    """Passes the first `--after` hellos on to the real server at `--backend`, then closes on everything."""
    global _hellos
    with _hellos_lock:
        _hellos += 1
        banned = _hellos > args.after
    if banned:
        finish(connection)
    else:
        pass_on(connection, hello, args, bytes_at_once=65536)


def slow(connection, hello, args):
    """Lets the real server at `--backend` wait before it hears the hello."""
    time.sleep(1.5)
    pass_on(connection, hello, args, bytes_at_once=65536)


def trickle(connection, hello, args):
    """Gives what the real server at `--backend` says away in crumbs, each a segment of its own."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pass_on(connection, hello, args, bytes_at_once=3)


def pass_on(connection, hello, args, bytes_at_once):
    """Joins the client and the real server until one of them ends."""
    with socket.create_connection(("127.0.0.1", args.backend), 5) as backend:
        backend.sendall(hello)
        threading.Thread(target=copy, args=(connection, backend, 65536), daemon=True).start()
        copy(backend, connection, bytes_at_once)


def copy(source, sink, bytes_at_once):
    """Copies until the source ends, and passes the end on."""
    try:
        while data := source.recv(bytes_at_once):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


#: Half of a ServerHello: the record promises 80 bytes and ends after 20.
HALF_HELLO = bytes([0x16, 3, 3, 0, 80, 2, 0, 0, 76, 3, 3]) + bytes(range(14))

BEHAVIOURS = {
    "alert40": alert(40),
    "alert70": alert(70),
    "alert80": alert(80),
    "alert40_left_open": alert_left_open,
    "alert70_and_text": answering(bytes([0x15, 3, 3, 0, 2, 2, 70]) + b"#08S01Bad handshake"),
    "silent": silent,
    "close": answering(b""),
    "reset": reset,
    "half_hello": answering(HALF_HELLO),
    "ssl2": ssl2,
    "ban": ban,
    "slow": slow,
    "trickle": trickle,
    "ssh": answering(b""),
    "smtp": answering(b"500 5.5.1 Command unrecognized\r\n"),
    "ftp": answering(b"500 Unknown command.\r\n"),
    "pop3": answering(b"-ERR Unknown command.\r\n"),
}
#: What a server says before it has heard anything.
BANNERS = {
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n",
    "smtp": b"220 mail.lab.test ESMTP\r\n",
    "ftp": b"220 (vsFTPd 3.0.3)\r\n",
    "pop3": b"+OK Dovecot ready.\r\n",
}


def serve(connection, args):
    """Handles one connection; a client that is gone is no error."""
    with connection:
        try:
            connection.sendall(BANNERS.get(args.behaviour, b""))
            hello = read_hello(connection)
            if hello:
                BEHAVIOURS[args.behaviour](connection, hello, args)
        except OSError:
            pass


def say_ready():
    """Makes the file that the runner waits for where no connection can tell."""
    with open(os.path.join(os.environ["LAB_RUN"], "ready"), "w", encoding="ascii"):
        pass


def full_backlog(listener):
    """Fills the queue of a listener that accepts nobody, so that the kernel drops every further SYN."""
    kept = []
    for _ in range(4):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
        kept.append(client)
    say_ready()
    time.sleep(HOLD_SECONDS)


def no_such_name(args):
    """Answers every DNS question with NXDOMAIN."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((args.address, 53))
    say_ready()
    while True:
        query, client = server.recvfrom(4096)
        question = query[12 : query.index(b"\0", 12) + 5]
        server.sendto(query[:2] + b"\x81\x83\0\1" + bytes(6) + question, client)


def parse():
    """Reads the command line and the environment."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("behaviour", choices=[*BEHAVIOURS, "filtered", "nxdomain"])
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--after", type=int, default=5, help="ban: hellos answered before it")
    parser.add_argument("--backend", type=int, help="port of the real server behind")
    args = parser.parse_args()
    args.pki = os.environ["LAB_PKI"]
    return args


def main():
    """Listens until it is killed."""
    args = parse()
    if args.behaviour == "nxdomain":
        no_such_name(args)
    family = socket.AF_INET6 if ":" in args.address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((args.address, int(os.environ["LAB_PORT"])))
    listener.listen(0 if args.behaviour == "filtered" else 64)
    if args.behaviour == "filtered":
        full_backlog(listener)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, args), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
