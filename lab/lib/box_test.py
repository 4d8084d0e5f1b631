#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that box.py reads hellos as they are, and that each rule tells a pair of hellos apart."""

import argparse
import os
import socket
import struct
import threading
import unittest

os.environ.setdefault("LAB_PORT2", "0")

import box
from prober import extension, vector, words


def hello(suites=(0x1301, 0xC02F), groups=(29, 23), shares=(29,), versions=(0x0304, 0x0303), name="", more=b"", pad=0,
          record=0x0301):  # fmt: skip
    """Writes the record with a ClientHello; `pad` is the size of a padding extension."""
    out = extension(10, vector(2, words(groups))) + extension(13, vector(2, words([0x0403, 0x0804])))
    out += extension(43, vector(1, words(versions)))
    out += extension(51, vector(2, b"".join(words([group]) + vector(2, bytes(32)) for group in shares)))
    out += extension(0, vector(2, b"\x00" + vector(2, name.encode()))) if name else b""
    out += more + (extension(21, bytes(pad)) if pad else b"")
    body = words([0x0303]) + bytes(32) + vector(1, bytes(32)) + vector(2, words(suites)) + b"\x01\x00" + vector(2, out)
    return b"\x16" + words([record]) + vector(2, b"\x01" + vector(3, body))


def padded_to(wire_size):
    """Writes a hello of exactly so many bytes with the record header."""
    return hello(pad=wire_size - len(hello()) - 4)


def options(**given):
    """Returns the options of a box."""
    return argparse.Namespace(**{"name": "localhost", "size": 600, "ban": None, **given})


#: (rule, options, the hello that the box acts on, the nearest one that passes)
PAIRS = [
    ("offers_tls13", {}, hello(), hello(versions=(0x0303,))),
    ("longer_than", {"size": 600}, padded_to(601), padded_to(600)),
    ("message_256_to_511", {}, padded_to(261), padded_to(260)),
    ("message_256_to_511", {}, padded_to(516), padded_to(517)),
    ("offers_mlkem", {}, hello(groups=(0x11EC, 29)), hello(pad=1300)),
    ("offers_mlkem", {}, hello(shares=(0x11EC, 29)), hello(groups=(0x11EB, 29))),
    ("record_0301", {}, hello(), hello(record=0x0303)),
    ("grease", {}, hello(suites=(0x8A8A, 0x1301)), hello(suites=(0x1301,))),
    ("grease", {}, hello(groups=(0x1A1A, 29)), hello(groups=(0x1A2A, 29))),
    ("grease", {}, hello(versions=(0xFAFA, 0x0304)), hello()),
    ("grease", {}, hello(more=extension(0x2A2A, b"")), hello(more=extension(0x2A2B, b""))),
    ("grease", {}, hello(shares=(0x3A3A, 29)), hello()),
    ("unknown_suite", {}, hello(suites=(0x1301, 0xFE01)), hello(suites=(0x1301, 0x00FF, 0x5600, 0xC02F, 0xCCA8))),
    ("unknown_suite", {}, hello(suites=(0x0A0A,)), hello()),
    ("unknown_extension", {}, hello(more=extension(17613, b"")), hello(more=extension(65037, b""))),
    ("unknown_extension", {}, hello(more=extension(63, b"")), hello(more=extension(60, b""))),
    ("names", {}, hello(name="LOCALHOST"), hello(name="localhost2")),
    ("names", {}, hello(name="localhost"), hello()),
    ("always", {}, hello(), None),
    ("never", {}, None, hello()),
]


class RulesTest(unittest.TestCase):
    """What a box sees in a hello, and what it makes of it."""

    def test_each_rule_tells_its_pair_apart(self):
        for rule, given, hit, passed in PAIRS:
            with self.subTest(rule, given=given):
                for raw, expected in ((hit, True), (passed, False)):
                    if raw is not None:
                        self.assertIs(box.WHEN[rule](box.parse(raw), options(**given)), expected)

    def test_every_rule_but_those_of_time_and_place_has_a_pair(self):
        self.assertEqual(set(box.WHEN) - {rule for rule, *_ in PAIRS}, {"cut", "banned"})

    def test_every_truncation_is_not_yet_whole(self):
        raw = hello(name="localhost")
        for size in range(len(raw)):
            with self.subTest(size=size):
                self.assertIsNone(box.message_of(raw[:size])[0])
                self.assertRaises(box.Malformed, box.parse, raw[:size])

    def test_lengths_that_lie_are_malformed_and_never_read_beyond_the_end(self):
        raw, malformed = hello(name="localhost"), 0
        for at in range(9, len(raw)):
            for value in (0, 1, raw[at] ^ 1, 0x7F, 0xFF):
                try:
                    box.parse(raw[:at] + bytes([value]) + raw[at + 1 :])
                except box.Malformed:
                    malformed += 1
        self.assertGreater(malformed, 50)

    def test_a_hello_in_two_records_is_one_hello(self):
        raw = hello(name="localhost")
        two = raw[:3] + vector(2, raw[5:60]) + raw[:3] + vector(2, raw[60:])
        self.assertEqual(box.parse(two).name, "localhost")
        self.assertEqual(box.parse(two).wire_size, len(two))

    def test_what_is_no_hello_is_malformed(self):
        for raw in (b"GET / HTTP/1.1\r\n\r\n", b"\x80\x2e\x01\x00\x02", b"\x16\x03\x01\x00\x01\x02", b"\x16\x03\x01\0\0"):
            with self.subTest(raw):
                self.assertRaises(box.Malformed, box.message_of, raw)

    def test_a_ban_begins_after_some_hellos_and_ends(self):
        ban = box.Ban(after=2, seconds=60)
        self.assertEqual([ban.forbids() for _ in range(4)], [False, False, True, True])
        ban.until = 0
        self.assertIs(ban.forbids(), False)


class ConnectionTest(unittest.TestCase):
    """What a box reads from a real connection."""

    def received(self, pieces, whole):
        """Sends pieces, each a segment of its own, through loopback; returns what the box has of them."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, box.SEGMENT)
            client = socket.create_connection(listener.getsockname(), 5)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection, _ = listener.accept()
            with client, connection:
                connection.settimeout(5)
                for piece in pieces:
                    client.sendall(piece)
                client.shutdown(socket.SHUT_WR)
                return box.receive(connection, whole)[1]

    def test_segments_are_counted_however_the_kernel_joins_them(self):
        small, large = hello(), hello(pad=1500)
        for pieces, cut in (([small], False), ([small[:100], small[100:]], True), ([large], True)):
            with self.subTest(sizes=[len(piece) for piece in pieces]):
                for whole in (True, False):
                    self.assertIs(self.received(pieces, whole).segments > 1, cut)

    def test_what_is_no_hello_has_no_hello(self):
        self.assertIsNone(self.received([b"GET / HTTP/1.0\r\n\r\n"], True))
        self.assertIsNone(self.received([hello()[:50]], True))

    def test_a_rule_decides_between_the_backend_and_the_action(self):
        with socket.create_server(("127.0.0.1", 0)) as backend, socket.create_server(("127.0.0.1", 0)) as front:

            def answer():
                connection, _ = backend.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"real")

            threading.Thread(target=answer, daemon=True).start()
            args = options(when="record_0301", then="alert70", backend=backend.getsockname()[1])
            for raw, expected in ((hello(), struct.pack("7B", 0x15, 3, 3, 0, 2, 2, 70)), (hello(record=0x0303), b"real")):
                with socket.create_connection(front.getsockname(), 5) as client:
                    connection, _ = front.accept()
                    threading.Thread(target=box.serve, args=(connection, args), daemon=True).start()
                    client.sendall(raw)
                    client.shutdown(socket.SHUT_WR)
                    self.assertEqual(client.recv(100), expected)


if __name__ == "__main__":
    unittest.main()
