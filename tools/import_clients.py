#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of data/clients/ from a collection of real hellos.

    import_clients.py CLIENTS.json [--hellos OUT.tsv]

CLIENTS.json is a list of objects, one for each client: the lists of its hello, what it was seen to do, and
where that comes from (docs/manual/clients.md). data/clients/clients.tsv exists before: its rows, their
order and the columns that people wrote stay, columns that come from the collection are rewritten. The other
tables are written whole. No published byte string goes into them: the lists are facts of the protocol, and
the encoder of src/client builds the bytes again. --hellos writes those bytes of the collection that the
tests compare with.
"""

import argparse
import hashlib
import json
import re
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "clients"
DATE = "2026-11-23"
VERSIONS = {"0x0002": "SSL 2.0", "0x0200": "SSL 2.0", "0x0300": "SSL 3.0", "0x0301": "TLS 1.0"}
VERSIONS |= {"0x0302": "TLS 1.1", "0x0303": "TLS 1.2", "0x0304": "TLS 1.3"}
COPYLEFT = ("ts-", "lee-")

# Extensions whose content is a list with a column of its own.
LISTED = {0x0000, 0x000A, 0x000B, 0x000D, 0x0010, 0x002B, 0x002D, 0x0032, 0x0033}
# What the encoder puts into others (src/client/encode.cpp); a body that differs stands in the table.
USUAL = {
    0x0005: "0100000000", 0x000F: "01", 0x0011: "000702000400000000", 0x0012: "", 0x0016: "", 0x0017: "",
    0x0018: "001003020100", 0x001C: "4001", 0x0023: "", 0x0031: "", 0x3374: "", 0x4469: "0003026832",
    0x44CD: "0003026832", 0x5500: "000100020002", 0x754F: "", 0x7550: "", 0xFF01: "00",
}  # fmt: skip
FIDELITY = {"exact bytes": "published_bytes", "exact": "captured", "parrot": "parrot"}
FIDELITY |= {"field list": "published_lists", "fingerprint": "published_lists", "assembled": "documented"}


def is_grease(number):
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


def numbers(entry, key):
    return [int(n, 16) for n in entry.get(key) or []]


def words(values, digits=4):
    return " ".join(f"{v:0{digits}x}" for v in values)


class Hello:
    """A hello's bytes, taken apart as far as lists do not tell."""

    def __init__(self, stream):
        body = b""
        while stream:
            size = int.from_bytes(stream[3:5], "big")
            body += stream[5 : 5 + size]
            stream = stream[5 + size :]
        at = 4 + 2 + 32
        self.size = 4 + int.from_bytes(body[1:4], "big")
        self.legacy = body[4:6]
        self.session = body[at]
        at += 1 + self.session
        size = int.from_bytes(body[at : at + 2], "big")
        self.suites = body[at + 2 : at + 2 + size]
        at += 2 + size
        self.compression = body[at + 1 : at + 1 + body[at]]
        at += 1 + body[at]
        self.extensions = {}
        at += 2
        while at < self.size:
            kind, size = int.from_bytes(body[at : at + 2], "big"), int.from_bytes(body[at + 2 : at + 4], "big")
            self.extensions[kind] = body[at + 4 : at + 4 + size]
            at += 4 + size


    def lists(self):
        """The same as the collection says it of clients."""
        pairs = lambda data: [f"0x{data[i:i + 2].hex()}" for i in range(0, len(data), 2)]
        of = lambda kind, head: pairs(self.extensions.get(kind, b"")[head:])
        shares, left = [], self.extensions.get(0x0033, b"")[2:]
        while left:
            shares.append(f"0x{left[:2].hex()}")
            left = left[4 + int.from_bytes(left[2:4], "big") :]
        alpn, left = [], self.extensions.get(0x0010, b"")[2:]
        while left:
            alpn.append(left[1 : 1 + left[0]].decode())
            left = left[1 + left[0] :]
        return {
            "legacy_version": f"0x{self.legacy.hex()}",
            "cipher_suites": pairs(self.suites),
            "compression": list(self.compression),
            "extensions": [f"0x{kind:04x}" for kind in self.extensions],
            "supported_groups": of(0x000A, 2),
            "signature_algorithms": of(0x000D, 2),
            "signature_algorithms_cert": of(0x0032, 2),
            "ec_point_formats": list(self.extensions.get(0x000B, b"")[1:]),
            "supported_versions": of(0x002B, 1),
            "psk_modes": list(self.extensions.get(0x002D, b"")[1:]),
            "key_share_groups": shares,
            "alpn": alpn,
        }


def listed_body(entry, kind):
    """The body of an extension whose list the collection has under another name."""
    if kind == 0x001B and "cert_compression" in entry:
        methods = entry["cert_compression"]
        return f"{2 * len(methods):02x}" + "".join(f"{m:04x}" for m in methods)
    if kind == 0x0022 and "delegated_credentials" in entry:
        schemes = numbers(entry, "delegated_credentials")
        return f"{2 * len(schemes):04x}" + "".join(f"{s:04x}" for s in schemes)
    if kind == 0x001C and "record_size_limit" in entry:
        return f"{entry['record_size_limit']:04x}"
    return None


def ech(body):
    """GREASE of encrypted_client_hello is random but for its AEAD and the sizes of its two parts."""
    key = int.from_bytes(body[6:8], "big")
    return f"{body[3:5].hex()}/{len(body) - 10 - key}"


def extension(entry, kind, hello):
    """One word of the extensions column."""
    word = f"{kind:04x}"
    body = listed_body(entry, kind)
    if body is None and hello and not entry["id"].startswith(COPYLEFT):
        if kind == 0xFE0D:
            return f"{word}~{ech(hello.extensions[kind])}"
        body = hello.extensions[kind].hex()
    if kind == 0xFE0D:  # as Chrome's: its size is one of four
        return f"{word}~0001/144"
    if kind == 0x0015 and hello and hello.size != 512:
        return f"{word}@{hello.size}"
    if kind in LISTED | {0x0015, 0x0023, 0x0028, 0x0029} or is_grease(kind):
        return word
    if body is None or body == USUAL.get(kind):
        return word
    return f"{word}={body}"


def shares_of(entry):
    """The groups of the key shares; telemetry did not record them, then as such clients send them."""
    shares = entry["key_share_groups"]
    if shares is not None:
        return [int(g, 16) for g in shares]
    groups = numbers(entry, "supported_groups")
    grease = [g for g in groups[:1] if is_grease(g)]
    return grease + [g for g in groups if not is_grease(g)][:1]


def hello_row(entry, name):
    """A row of hellos.tsv."""
    if entry.get("hello_format") == "sslv2":
        kinds = words(numbers(entry, "sslv2_cipher_kinds"), 6)
        stream = bytes.fromhex(entry["hello_hex"])
        session, challenge = int.from_bytes(stream[7:9], "big"), int.from_bytes(stream[9:11], "big")
        return [name, "ssl2", entry["legacy_version"][2:], f"{session}+{challenge}", kinds] + [""] * 10
    hello = Hello(bytes.fromhex(entry["hello_hex"])) if "hello_hex" in entry else None
    versions = numbers(entry, "supported_versions")
    session = hello.session if hello else 32 if 0x0304 in versions else 0
    record = entry.get("record_version") or "0x0301"
    kinds = numbers(entry, "extensions")
    return [
        name,
        record[2:],
        entry["legacy_version"][2:],
        str(session),
        words(numbers(entry, "cipher_suites")),
        words(entry["compression"], 2),
        words(versions),
        words(numbers(entry, "supported_groups")),
        words(shares_of(entry)),
        words(numbers(entry, "signature_algorithms")),
        words(numbers(entry, "signature_algorithms_cert")),
        words(entry["ec_point_formats"], 2),
        " ".join(entry["alpn"]),
        words(entry.get("psk_modes") or ([1] if 0x002D in kinds else []), 2),
        " ".join(extension(entry, kind, hello) for kind in kinds),
    ]


HELLO_COLUMNS = "id record legacy session suites compression versions groups shares schemes cert_schemes points alpn psk extensions"


def yes_no(value):
    return "" if value is None else "yes" if value else "no"


CURVES = {"prime256v1": "0017", "secp384r1": "0018", "secp521r1": "0019", "secp224r1": "0015"}
GROUPS = CURVES | {"secp256r1": "0017", "x25519": "001d", "X25519MLKEM768": "11ec"}
LIMIT_COLUMNS = (
    "id from basis versions dhe min_dh max_dh max_dh_tried min_rsa max_rsa max_rsa_tried min_ecdsa curves ed25519 "
    "sha1_certificate md5_certificate sha1_key_exchange static_rsa cbc_sha1 triple_des rc4 groups groups_12 "
    "old_static_rsa requires_sha2"
)


def names(checks, key, table):
    if key not in checks:
        return ""
    return " ".join(table[n] for n in checks[key]) or "none"


def limit_row(entry):
    checks = entry["checks"]
    number = lambda key: str(checks.get(key, ""))
    flag = lambda key: yes_no(checks.get(key))
    measured = checks["basis"].startswith("measured")
    versions = " ".join(v[2:] for v in checks.get("versions_completed", []))
    basis = "published"
    if measured:
        only_tls = "handshake level only" in checks["basis"] or "verification off" in checks["basis"]
        basis = "handshake" if only_tls else "measured"
    return [
        entry["id"], "", basis, versions, flag("dhe_supported"),
        number("min_dh_bits"), number("max_dh_bits"), number("max_dh_bits_tested_ok"),
        number("min_rsa_cert_bits"), number("max_rsa_cert_bits"), number("max_rsa_cert_bits_tested_ok"),
        number("min_ecdsa_cert_bits"), names(checks, "ecdsa_cert_curves", CURVES), flag("ed25519_cert"),
        flag("accepts_sha1_signed_leaf"), flag("accepts_md5_signed_leaf"),
        flag("accepts_sha1_server_key_exchange_tls12"), flag("static_rsa_key_exchange_tls12"),
        flag("cbc_sha1_tls12"), flag("triple_des_tls12"), flag("rc4_tls12"),
        names(checks, "tls13_groups", GROUPS), names(checks, "ecdhe_tls12_groups_extra", GROUPS),
        flag("tls10_tls11_only_with_static_rsa_key_exchange"), flag("requires_sha2"),
    ]  # fmt: skip


def limit_rows(entries):
    for entry in entries:
        if "checks" in entry:
            yield limit_row(entry)
        elif "checks_inherited_from" in entry:
            yield [entry["id"], entry["checks_inherited_from"]] + [""] * (len(LIMIT_COLUMNS.split()) - 2)


def probe_rows(entries):
    said = {"offered, prober had no matching key share": "untried"}
    for entry in entries:
        probe = entry.get("version_probe")
        if probe is None:
            continue
        answers = [probe.get(v, "untried") for v in ("0x0304", "0x0303", "0x0302", "0x0301", "0x0300")]
        answers = [said.get(a, a).replace(" ", "_").replace("-", "_") for a in answers]
        yield [entry["id"], *answers, yes_no(entry.get("requires_secure_renegotiation"))]


def escaped(text):
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text.strip())
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def text_rows(entries):
    after = {
        "handshake_failure alert (40)": "alert_40",
        "ServerHello SSL 3.0": "ssl_3_0",
        "ServerHello TLS 1.0": "tls_1_0",
    }
    for entry in entries:
        for situation, text in entry.get("client_error_text", {}).items():
            if text.strip():
                yield [entry["id"], after[situation], escaped(text)]


def hello_class(entry):
    """As src/client/fingerprint.cpp makes it; the tests hold the two together."""
    known = lambda key: [n for n in numbers(entry, key) if not is_grease(n)]
    hexed = lambda values: ",".join(f"{v:04x}" for v in values)
    parts = [
        entry["hello_format"],
        entry["legacy_version"][2:],
        hexed(known("cipher_suites")),
        ",".join(f"{kind:06x}" for kind in numbers(entry, "sslv2_cipher_kinds")),
        hexed(sorted(kind for kind in known("extensions") if kind != 0x0015)),
        hexed(known("supported_groups")),
        hexed(known("signature_algorithms")),
        ",".join(entry["alpn"]),
        hexed(known("supported_versions") or [int(entry["legacy_version"], 16)]),
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


def library(entry):
    """The TLS library. In the collection every name with `openssl` in it also reads `NSS`."""
    stack = entry["tls_stack"] or ""
    if stack == "NSS" and not re.search(r"firefox|nss-tstclnt|thunderbird|tor-", entry["id"]):
        return "OpenSSL"
    if not stack and "openssl" in entry["id"]:
        return "OpenSSL"
    return {"JSSE": "JSSE (OpenJDK)", "BoringSSL (Apple)": "SecureTransport / Apple"}.get(stack, stack)


def fidelity(entry):
    return next(value for key, value in FIDELITY.items() if entry["fidelity"].startswith(key))


def write(path, comment, columns, rows):
    head = "".join(f"# {line}".rstrip() + "\n" for line in ["SPDX-License-Identifier: Apache-2.0", *comment])
    lines = ["\t".join(columns.split())] + ["\t".join(row) for row in rows]
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def rewrite_front(entries):
    """Fills the columns of clients.tsv that come from the collection."""
    path = DATA / "clients.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    columns = lines[at].split("\t")
    by_id = {entry["id"]: entry for entry in entries}
    rows = [dict(zip(columns, line.split("\t"))) for line in lines[at + 1 :]]
    assert {row["id"] for row in rows} == set(by_id), "clients.tsv and the collection name different clients"
    for row in rows:
        entry = by_id[row["id"]]
        row |= {"library": library(entry), "ja4": entry["ja4"], "fidelity": fidelity(entry)}
        row |= {"permutes": yes_no(entry["features"]["permutes_extensions"]), "date": DATE}
        row["source"] = entry["source"] + ("; bytes: " + entry["hello_hex_source"].split(":")[0] if "hello_hex_source" in entry else "")
        row["hello_class"] = hello_class(entry)
    columns = "id name platform category released lowest highest telling hello_class ja4 library fidelity permutes date source"
    body = ["\t".join(columns.split())] + ["\t".join(row[c] for c in columns.split()) for row in rows]
    path.write_text("\n".join(lines[:at] + body) + "\n", encoding="utf-8")
    return [by_id[row["id"]] for row in rows]


def hello_rows(entries):
    for entry in entries:
        yield hello_row(entry, entry["id"])
        for at, fallback in enumerate(entry.get("fallbacks", []), start=1):
            stream = bytes.fromhex(fallback["hello_hex"])
            lists = Hello(stream).lists() | {"id": entry["id"], "hello_hex": fallback["hello_hex"]}
            lists["record_version"] = f"0x{stream[1:3].hex()}"
            yield hello_row(lists, f"{entry['id']}#{at}")


def write_hellos(path, entries):
    """The expected fingerprints of all clients, and bytes: of every captured class one, and all fallbacks."""
    rows, classes = [], set()
    for entry in entries:
        shown = entry["id"].startswith("cap-") and entry["hello_class"] not in classes
        classes |= {entry["hello_class"]} if shown else set()
        rows.append([entry["id"], entry["ja3"], entry["ja4"], entry["hello_class"], entry["hello_hex"] if shown else ""])
        for at, fallback in enumerate(entry.get("fallbacks", []), start=1):
            rows.append([f"{entry['id']}#{at}", fallback["ja3"], fallback["ja4"], "", fallback["hello_hex"]])
    write(path, HELLOS_COMMENT, "id ja3 ja4 class hello", rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--hellos", type=Path)
    arguments = parser.parse_args()
    entries = rewrite_front(json.loads(arguments.collection.read_text(encoding="utf-8")))
    write(DATA / "hellos.tsv", HELLO_COMMENT, HELLO_COLUMNS, hello_rows(entries))
    write(DATA / "limits.tsv", LIMIT_COMMENT, LIMIT_COLUMNS, limit_rows(entries))
    write(DATA / "probes.tsv", PROBE_COMMENT, "id tls_1_3 tls_1_2 tls_1_1 tls_1_0 ssl_3_0 secure_renegotiation", probe_rows(entries))
    if arguments.hellos:
        write_hellos(arguments.hellos, entries)
    write(DATA / "error_texts.tsv", TEXT_COMMENT, "id after text", text_rows(entries))


HELLO_COMMENT = """What each client of clients.tsv says first: its hello, list by list, GREASE where it stood. All numbers are
hexadecimal. Made by tools/import_clients.py, 2026-11-23; `source` in clients.tsv says where each comes from.
id           `#1` behind it: the hello that the client tries after an alert 40, `#2` the next
record       version of the record; `ssl2` for a hello in SSL 2.0's format, whose suites have six digits
session      length of the session id; in SSL 2.0's format of session id and challenge
extensions   in their order; `=` gives the content of one that the encoder would fill otherwise, `~` AEAD and
             payload size of encrypted_client_hello's GREASE, `@` the size that the message is padded to where
             it is not 512 [RFC 7685]""".splitlines()
LIMIT_COMMENT = """What clients accept beyond their hello, 2026-11-23. Made by tools/import_clients.py.
from         the limits are those of this client, which has the same library
basis        measured: real handshakes, one property changed, certificates verified; handshake: the same, but
             certificates were verified later or not at all; published: testssl.sh etc/client-simulation.txt
max_*_tried  the largest that was tried, and accepted
curves, groups, versions   hexadecimal; `none` of those that were tried; groups_12 beyond P-256""".splitlines()
PROBE_COMMENT = """What captured clients did with a ServerHello of each version, 2026-11-23: went on, sent an alert, closed, or never
offered it; and whether they refuse a TLS 1.2 ServerHello without renegotiation_info. Made by
tools/import_clients.py.""".splitlines()
HELLOS_COMMENT = """Fingerprints of all clients of data/clients/ as the collection gives them, and recorded bytes: one hello of
each class that was captured on loopback. Made by tools/import_clients.py --hellos, 2026-11-23.""".splitlines()
TEXT_COMMENT = """What captured clients print after an alert 40 and after a ServerHello of SSL 3.0 or TLS 1.0 that they refuse,
2026-11-23. Made by tools/import_clients.py.""".splitlines()

if __name__ == "__main__":
    main()
