#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A box on the path: reads the whole ClientHello, holds one rule against it, and acts or passes it on.

  box.py --when offers_tls13 --then reset --backend PORT

The real server stands behind, on `--backend`. Two small tables, WHEN and THEN, say all that a box can do;
what is no TLS hello (SSL 2.0, plain HTTP) is passed on. Peers are hostile: every length is checked.
"""

import argparse
import os
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass, field

import peer

#: What one segment carries on Ethernet; the box announces it, so that loopback cuts hellos as a path does.
SEGMENT = 1460
HELLO_MOST = 1 << 17
HELLO_SECONDS = 10
TCP_INFO_SIZE, DATA_SEGMENTS_IN = 160, 152
X25519MLKEM768 = 0x11EC
#: IANA's extension types above 60.
LATE_EXTENSIONS = {61, 62, 64768, 65037, 65281}
#: IANA's cipher suites, first and last of each row of neighbours, with the two signalling values.
SUITES = [
    (0x0000, 0x001B), (0x001E, 0x0046), (0x0067, 0x006D), (0x0084, 0x00C7), (0x00FF, 0x00FF), (0x1301, 0x1307),
    (0x5600, 0x5600), (0xC001, 0xC0B5), (0xC100, 0xC106), (0xCCA8, 0xCCAE), (0xD001, 0xD003), (0xD005, 0xD005),
]  # fmt: skip


class Malformed(ValueError):
    """The bytes are no ClientHello."""


class Reader:
    """Reads numbers and vectors, never beyond the end."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        """Returns how many bytes are left."""
        return len(self.data) - self.at

    def take(self, size):
        """Returns the next `size` bytes."""
        if size > self.left():
            raise Malformed(f"{size} bytes promised, {self.left()} there")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size):
        """Returns the next number of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, size):
        """Returns the contents of a vector whose length has `size` bytes."""
        return self.take(self.number(size))


@dataclass
class Hello:
    """What a box can see of a ClientHello."""

    record_version: int = 0
    wire_size: int = 0  # bytes with the record headers
    message_size: int = 0  # bytes of the handshake message with its header
    segments: int = 1
    suites: list = field(default_factory=list)
    extensions: dict = field(default_factory=dict)
    versions: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    shares: list = field(default_factory=list)
    schemes: list = field(default_factory=list)
    name: str = ""


def words(data):
    """Splits bytes into numbers of 16 bits."""
    if len(data) % 2:
        raise Malformed("half a number")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def message_of(raw):
    """Joins the handshake records at the beginning of `raw`: (message or None while more is to come, records)."""
    message, reader, records = b"", Reader(raw), 0
    while True:
        if len(message) >= 4 and len(message) >= 4 + int.from_bytes(message[1:4], "big"):
            return message[: 4 + int.from_bytes(message[1:4], "big")], records
        if reader.left() < 5:
            return None, records
        kind, _, size = reader.number(1), reader.number(2), reader.number(2)
        if kind != 0x16 or size == 0:
            raise Malformed("no handshake record")
        if reader.left() < size:
            return None, records
        message, records = message + reader.take(size), records + 1
        if message[0] != 1:
            raise Malformed("no ClientHello")


def server_name(data):
    """Returns the host name of a server_name extension."""
    entries = Reader(Reader(data).vector(2))
    while entries.left():
        kind, name = entries.number(1), entries.vector(2)
        if kind == 0:
            return name.decode("ascii", "replace").lower()
    return ""


def share_groups(data):
    """Returns the groups of a key_share extension."""
    shares, groups = Reader(Reader(data).vector(2)), []
    while shares.left():
        groups.append(shares.number(2))
        shares.vector(2)
    return groups


def parse(raw):
    """Reads a whole ClientHello from its records; Malformed where it is none."""
    message, records = message_of(raw)
    if message is None:
        raise Malformed("not whole")
    body = Reader(message[4:])
    hello = Hello(record_version=int.from_bytes(raw[1:3], "big"), message_size=len(message))
    hello.wire_size = len(message) + 5 * records
    body.take(34)
    body.vector(1)
    hello.suites = words(body.vector(2))
    body.vector(1)
    extensions = Reader(body.vector(2) if body.left() else b"")
    while extensions.left():
        kind = extensions.number(2)
        hello.extensions[kind] = extensions.vector(2)
    read = {
        0: ("name", server_name),
        10: ("groups", lambda data: words(Reader(data).vector(2))),
        13: ("schemes", lambda data: words(Reader(data).vector(2))),
        43: ("versions", lambda data: words(Reader(data).vector(1))),
        51: ("shares", share_groups),
    }
    for kind, (member, function) in read.items():
        if kind in hello.extensions:
            setattr(hello, member, function(hello.extensions[kind]))
    return hello


def is_grease(number):
    """Tells whether a number is one of the sixteen of GREASE [RFC 8701]."""
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


def has_grease(hello):
    """Tells whether GREASE is anywhere in a hello."""
    lists = (hello.suites, hello.extensions, hello.versions, hello.groups, hello.shares, hello.schemes)
    return any(is_grease(number) for numbers in lists for number in numbers)


def has_unknown_suite(hello):
    """Tells whether a suite is not in IANA's list."""
    return any(not any(first <= suite <= last for first, last in SUITES) for suite in hello.suites)


#: name: what must be true of a hello (and the box's options) for the box to act.
WHEN = {
    "never": lambda hello, args: False,
    "always": lambda hello, args: True,
    "offers_tls13": lambda hello, args: 0x0304 in hello.versions,
    "longer_than": lambda hello, args: hello.wire_size > args.size,
    "message_256_to_511": lambda hello, args: 256 <= hello.message_size <= 511,
    "cut": lambda hello, args: hello.segments > 1,
    "offers_mlkem": lambda hello, args: X25519MLKEM768 in hello.groups + hello.shares,
    "record_0301": lambda hello, args: hello.record_version == 0x0301,
    "grease": lambda hello, args: has_grease(hello),
    "unknown_suite": lambda hello, args: has_unknown_suite(hello),
    "unknown_extension": lambda hello, args: any(k > 60 and k not in LATE_EXTENSIONS for k in hello.extensions),
    "names": lambda hello, args: hello.name == args.name,
    "banned": lambda hello, args: args.ban.forbids(),
}

PAGE = b"<html><head><title>Web Page Blocked</title></head><body>This site is blocked by policy.</body></html>\r\n"


def inject(connection, raw, args):
    """Sends an alert of its own and then what the real server answers."""
    connection.sendall(bytes([0x15, 3, 3, 0, 2, 2, 40]))
    peer.pass_on(connection, raw, args, bytes_at_once=65536)


#: name: what the box does then, in the form of peer.py's behaviours.
THEN = {
    "reset": peer.reset,
    "silent": peer.silent,
    "close": peer.answering(b""),
    "alert70": peer.alert(70),
    "inject40": inject,
    "block_page": peer.answering(
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        % (len(PAGE), PAGE)
    ),
}


class Ban:
    """Forbids everything for some seconds, once, from the hello after the first `after` on."""

    def __init__(self, after, seconds):
        self.after, self.seconds = after, seconds
        self.count, self.until, self.lock = 0, None, threading.Lock()

    def forbids(self):
        """Counts a hello and tells whether it comes during the ban."""
        with self.lock:
            self.count += 1
            if self.until is None and self.count > self.after:
                self.until = time.monotonic() + self.seconds
            return self.until is not None and time.monotonic() < self.until


def segments_in(connection):
    """Returns how many segments with data the kernel has seen from the client."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_SIZE)
    return struct.unpack_from("=I", info, DATA_SEGMENTS_IN)[0]


def receive(connection, whole):
    """Reads until the hello is whole, or only once. Returns (raw bytes, what is known of the hello or None)."""
    raw = b""
    while piece := connection.recv(65536):
        raw += piece
        try:
            if message_of(raw)[0] is not None:
                hello = parse(raw)
                hello.segments = segments_in(connection)
                return raw, hello
        except Malformed:
            return raw, None  # not TLS: no business of this box
        if not whole:
            return raw, Hello(segments=2)
        if len(raw) > HELLO_MOST:
            break
    return raw, None


def serve(connection, args):
    """Handles one connection; a client that is gone is no error."""
    with connection:
        try:
            connection.settimeout(HELLO_SECONDS)
            raw, hello = receive(connection, whole=args.when != "cut")
            connection.settimeout(None)
            if hello is not None and WHEN[args.when](hello, args):
                THEN[args.then](connection, raw, args)
            elif raw:
                peer.pass_on(connection, raw, args, bytes_at_once=65536)
        except OSError:
            pass


def options():
    """Reads the command line and the environment."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--when", choices=WHEN, default="never")
    parser.add_argument("--then", choices=THEN, default="reset")
    parser.add_argument("--size", type=int, help="longer_than: bytes on the wire that pass")
    parser.add_argument("--name", help="names: the server name that the box acts on")
    parser.add_argument("--after", type=int, default=6, help="banned: hellos that pass before it")
    parser.add_argument("--seconds", type=float, default=1.0, help="banned: how long")
    parser.add_argument("--backend", type=int, default=int(os.environ["LAB_PORT2"]), help="port of the real server")
    args = parser.parse_args()
    args.ban = Ban(args.after, args.seconds)
    return args


def main():
    """Listens until it is killed."""
    args = options()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    listener.bind(("127.0.0.1", int(os.environ["LAB_PORT"])))
    listener.listen(64)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, args), daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
