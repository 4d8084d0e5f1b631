#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Asks a server for each version alone, with hellos made here by hand, and prints what came back.

It shares no line with tlsdoctor, so that a case's truth is known from two sides. The words are those of
the manual's outcomes; a refusal carries its alert number: `refused 70`.
"""

import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

VERSIONS = {
    "SSL 2.0": 0x0002,
    "SSL 3.0": 0x0300,
    "TLS 1.0": 0x0301,
    "TLS 1.1": 0x0302,
    "TLS 1.2": 0x0303,
    "TLS 1.3": 0x0304,
}
SUITES_13 = [0x1301, 0x1302, 0x1303]
SUITES_12 = [0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x009E, 0x009F, 0x009C, 0x009D, 0xC027, 0x003C, 0x003D]
SUITES_10 = [0xC009, 0xC00A, 0xC013, 0xC014, 0x0033, 0x0039, 0x002F, 0x0035, 0xC012, 0x0016, 0x000A, 0x0005, 0x0004]
SUITES_ANONYMOUS = [0x00A6, 0x00A7, 0xC018, 0xC019]
SSL2_KINDS = bytes.fromhex("010080 020080 030080 040080 050080 060040 0700c0")
GROUPS = [29, 23, 24, 25, 30, 256]
SCHEMES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201]


def vector(size, data):
    """Puts the length of `data`, in `size` bytes, before it."""
    return len(data).to_bytes(size, "big") + data


def words(values):
    """Writes 16-bit numbers one after the other."""
    return b"".join(value.to_bytes(2, "big") for value in values)


def numbers(text):
    """Reads hexadecimal numbers with blanks between them, or nothing."""
    return [int(word, 16) for word in (text or "").split()]


def extension(kind, data):
    """Writes one extension."""
    return kind.to_bytes(2, "big") + vector(2, data)


def extensions(version, sni, how):
    """Writes the extensions of a hello for one version; SSL 3.0 has none."""
    if version == 0x0300:
        return b""
    out = extension(10, vector(2, words(numbers(how.get("groups")) or GROUPS))) + extension(11, b"\x01\x00")
    if "extended_master_secret" not in how.get("without", []):
        out += extension(23, b"")
    if sni:
        out += extension(0, vector(2, b"\x00" + vector(2, sni.encode())))
    if version >= 0x0303:
        out += extension(13, vector(2, words(numbers(how.get("schemes")) or SCHEMES)))
    if how.get("alpn"):
        out += extension(16, vector(2, b"".join(vector(1, name.encode()) for name in how["alpn"])))
    if version == 0x0304:
        share = words([29]) + vector(2, os.urandom(32))
        out += extension(43, b"\x02\x03\x04") + extension(45, b"\x01\x01") + extension(51, vector(2, share))
    return vector(2, out)


def client_hello(version, sni, how):
    """Writes the record with a ClientHello that offers this version alone; `how` says what else it varies."""
    if version == 0x0002:
        body = b"\x01\x00\x02" + words([len(SSL2_KINDS), 0, 16]) + SSL2_KINDS + os.urandom(16)
        return (0x8000 | len(body)).to_bytes(2, "big") + body
    suites = SUITES_13 if version == 0x0304 else (SUITES_12 if version == 0x0303 else []) + SUITES_10 + SUITES_ANONYMOUS
    suites = (numbers(how.get("suites")) or suites) + [0x00FF] * (version != 0x0304)
    suites = suites + [0x5600] * ("fallback_scsv" in how.get("with", []))
    body = words([min(version, 0x0303)]) + os.urandom(32) + vector(1, os.urandom(32))
    body += vector(2, words(suites)) + b"\x01\x00" + extensions(version, sni, how)
    return b"\x16" + words([min(version, 0x0301)]) + vector(2, b"\x01" + vector(3, body))


def messages(data):
    """Returns (type, body) of every whole handshake message in the records so far."""
    stream, out = b"", []
    while len(data) >= 5 and data[0] == 0x16:
        size = int.from_bytes(data[3:5], "big")
        stream, data = stream + data[5 : 5 + size], data[5 + size :]
    while len(stream) >= 4 and len(stream) >= 4 + int.from_bytes(stream[1:4], "big"):
        size = int.from_bytes(stream[1:4], "big")
        out.append((stream[0], stream[4 : 4 + size]))
        stream = stream[4 + size :]
    return out


def shown(data):
    """Lists what the server's messages before any encryption show, as the cases' `shows` spell it."""
    out = []
    for kind, body in messages(data):
        if kind == 2:
            has = 0xFF01 in [number for number, _ in extensions_of(body)]
            out.append("renegotiation_info" if has else "no renegotiation_info")
        elif kind == 12 and body[:1] != b"\x03":
            prime = body[2 : 2 + int.from_bytes(body[:2], "big")]
            out.append(f"prime of {int.from_bytes(prime, 'big').bit_length()} bits")
        elif kind == 13:
            out.append("CertificateRequest")
    return out


def extensions_of(hello):
    """Returns (number, data) of every extension of a ServerHello."""
    at, out = 35 + hello[34] + 3, []
    end = at + 2 + int.from_bytes(hello[at : at + 2], "big")
    at += 2
    while at + 4 <= min(end, len(hello)):
        size = int.from_bytes(hello[at + 2 : at + 4], "big")
        out.append((int.from_bytes(hello[at : at + 2], "big"), hello[at + 4 : at + 4 + size]))
        at += 4 + size
    return out


def selected_version(hello):
    """Returns the version that a whole ServerHello selects: supported_versions before legacy_version."""
    named = [data for number, data in extensions_of(hello) if number == 43]
    return int.from_bytes(named[0] if named else hello[0:2], "big")


def judge(version, data):
    """Names what the bytes received so far mean; None while more are needed."""
    if version == 0x0002 and len(data) >= 3 and data[0] & 0x80 and data[2] == 4:
        return "accepted"
    if data[:1] == b"\x15" and len(data) >= 7:
        return f"refused {data[6]}"
    if data[:2] == b"\x16\x03":
        size = int.from_bytes(data[6:9], "big")
        if len(data) < 9 + size:
            return None
        return "accepted" if selected_version(data[9 : 9 + size]) == version else "other_version"
    return "not_tls" if len(data) >= 4 and data[:1] not in (b"\x15", b"\x16") else None


def reach(host, port, timeout=1.5):
    """Says whether a TCP connection comes about: `open`, `refused`, `filtered` or `unreachable`."""
    try:
        socket.create_connection((host, port), timeout).close()
        return "open"
    except TimeoutError:
        return "filtered"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "unreachable"


def ask(host, port, name, sni, timeout, how=None):
    """Makes one connection, offers one version, and returns the outcome's word."""
    return ask_bytes(host, port, name, sni, timeout, how)[0]


def ask_bytes(host, port, name, sni, timeout, how=None):
    """Does so, and returns what was received up to the outcome beside it."""
    version, data = VERSIONS[name], b""
    try:
        connection = socket.create_connection((host, port), timeout)
    except OSError:
        return "unreachable", data
    with connection:
        try:
            connection.sendall(client_hello(version, sni, how or {}))
            while (verdict := judge(version, data)) is None or (how and wants_more(verdict, version, data)):
                piece = connection.recv(65536)
                if not piece:
                    return verdict or ("garbled" if data else "closed"), data
                data += piece
            return verdict, data
        except TimeoutError:
            return "garbled" if data else "silent", data
        except ConnectionError:
            return "garbled" if data else "reset", data


def wants_more(verdict, version, data):
    """Tells whether the server's first flight of TLS 1.2 or older is not all there."""
    return verdict == "accepted" and version < 0x0304 and 14 not in [kind for kind, _ in messages(data)]


def ask_all(host, port, sni=None, timeout=5.0):
    """Asks for all six versions at once and returns {version name: outcome}."""
    with ThreadPoolExecutor(len(VERSIONS)) as pool:
        answers = pool.map(lambda name: ask(host, port, name, sni, timeout), VERSIONS)
        return dict(zip(VERSIONS, answers))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: prober.py HOST PORT [SNI]")
    for version_name, outcome in ask_all(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]).items():
        print(f"{version_name}  {outcome}")
