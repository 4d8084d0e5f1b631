#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns one table of data/ into C++ rows for `#include "x.inc"` inside an array initialiser.

    gen_tables.py OUT.inc IN.tsv

A table is UTF-8 text: lines that start with `#` are comments, the first other line names the columns,
tabs separate, nothing is quoted. In text columns `\\n`, `\\t` and `\\\\` stand for newline, tab and
backslash. What each column becomes in C++ stands in TABLES below; columns that a table's row there does
not name (such as `source`) are documentation and are not compiled in.

A malformed table ends the build with FILE:LINE and the reason.
"""

import re
import sys
from pathlib import Path

# How a cell becomes C++: each function takes the cell and returns an expression, or raises ValueError
# with the reason. The rows use designated initialisers, so that the compiler holds them to the struct.


def text(cell):
    """A string literal. Everything but plain ASCII is written in octal, which no compiler reinterprets."""
    escapes = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}

    def unescaped(match):
        if match.group() not in escapes:
            raise ValueError(f"{match.group()!r}: only \\n, \\t and \\\\ are known escapes")
        return escapes[match.group()]

    value = re.sub(r"\\.?", unescaped, cell)
    plain = lambda byte: 0x20 <= byte < 0x7F and byte not in b'"\\'
    return '"' + "".join(chr(b) if plain(b) else f"\\{b:03o}" for b in value.encode()) + '"'


def number(most):
    """A decimal or hexadecimal number of at most `most`; an empty cell is 0."""

    def convert(cell):
        if not re.fullmatch(r"(0x[0-9a-fA-F]+|[0-9]+|)", cell):
            raise ValueError(f"{cell!r} is not a number")
        value = int(cell or "0", 16 if cell.startswith("0x") else 10)
        if value > most:
            raise ValueError(f"{cell} is more than {most}")
        return str(value)

    return convert


def open_enum(name, most):
    """A number of an open enumeration such as CipherSuite."""

    def convert(cell):
        if not cell:
            raise ValueError("a number is missing")
        return f"{name}{{{number(most)(cell)}}}"

    return convert


def one_of(name):
    """An enumerator by its name; the compiler knows which exist."""

    def convert(cell):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", cell):
            raise ValueError(f"{cell!r} is not the name of a {name}")
        return f"{name}::{cell}"

    return convert


def version(cell):
    """A protocol version as people write it; an empty cell or `none` is no version."""
    known = ["SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]
    if cell in ("", "none"):
        return "ProtocolVersion::none"
    if cell not in known:
        raise ValueError(f"{cell!r} is none of {', '.join(known)}, none")
    return "ProtocolVersion::" + re.sub(r"[ .]", "_", cell.lower())


def boolean(cell):
    values = {"yes": "true", "no": "false"}
    if cell not in values:
        raise ValueError(f"{cell!r} is neither yes nor no")
    return values[cell]


def maybe(convert):
    """The same for an std::optional; an empty cell is nullopt."""
    return lambda cell: convert(cell) if cell else "std::nullopt"


def required(convert):
    """The same, but an empty cell is an error."""

    def checked(cell):
        if not cell.strip():
            raise ValueError("must not be empty")
        return convert(cell)

    return checked


U8, U16, U24 = 0xFF, 0xFFFF, 0xFFFFFF
NAME = required(text)

# File name -> (column, field of the struct, how to convert), in the order of the struct's fields.
TABLES = {
    "alerts.tsv": [
        ("number", "id", open_enum("AlertDescription", U8)),
        ("name", "name", NAME),
        ("reference", "reference", text),
        ("meaning", "meaning", text),
        ("sender", "sender", text),
        ("causes", "causes", text),
    ],
    "causes.tsv": [
        ("name", "name", NAME),
        ("status", "status", one_of("Status")),
        ("side", "side", one_of("Side")),
        ("exit_code", "exit_code", required(number(U8))),
        ("rank", "rank", required(number(U16))),
        ("title", "title", NAME),
    ],
    "cipher_suites.tsv": [
        ("number", "id", open_enum("CipherSuite", U16)),
        ("name", "name", NAME),
        ("openssl_name", "openssl_name", text),
        ("key_exchange", "key_exchange", one_of("KeyExchange")),
        ("authentication", "authentication", one_of("Authentication")),
        ("encryption", "encryption", NAME),
        ("mac", "mac", NAME),
        ("bits", "bits", required(number(U16))),
        ("forward_secrecy", "forward_secrecy", boolean),
        ("strength", "strength", one_of("Strength")),
        ("first_version", "first_version", required(version)),
        ("last_version", "last_version", required(version)),
    ],
    "ssl2_cipher_kinds.tsv": [
        ("number", "id", required(number(U24))),
        ("name", "name", NAME),
        ("bits", "bits", required(number(U16))),
    ],
    "groups.tsv": [
        ("number", "id", open_enum("NamedGroup", U16)),
        ("name", "name", NAME),
        ("kind", "kind", one_of("GroupKind")),
        ("bits", "bits", required(number(U16))),
    ],
    "signature_schemes.tsv": [
        ("number", "id", open_enum("SignatureScheme", U16)),
        ("name", "name", NAME),
    ],
    "dh_primes.tsv": [
        ("sha256", "sha256", NAME),
        ("bits", "bits", required(number(U16))),
        ("name", "name", NAME),
    ],
    "extensions.tsv": [
        ("number", "id", open_enum("ExtensionType", U16)),
        ("name", "name", NAME),
    ],
    "openssl_reasons.tsv": [
        ("number", "number", required(number(U16))),
        ("text", "text", NAME),
    ],
    "fixes.tsv": [
        ("cause", "cause", NAME),
        ("side", "side", one_of("Side")),
        ("product", "product", NAME),
        ("where", "where", text),
        ("text", "text", NAME),
        ("cost", "cost", text),
        ("verify", "verify", text),
    ],
    "policies.tsv": [
        ("name", "name", NAME),
        ("guideline", "guideline", NAME),
        ("source", "source", NAME),
        ("versions", "versions", NAME),
        ("cipher_suites", "cipher_suites", text),
        ("tls13_suites", "tls13_suites", text),
        ("groups", "groups", text),
        ("certificate_types", "certificate_types", text),
        ("certificate_curves", "certificate_curves", text),
        ("certificate_signatures", "certificate_signatures", text),
        ("rsa_key_size", "rsa_bits", required(number(U16))),
        ("dh_param_size", "dh_bits", required(number(U16))),
        ("certificate_days", "certificate_days", required(number(U16))),
        ("server_order", "server_order", boolean),
        ("not_judged", "not_judged", text),
    ],
    "suite_sets.tsv": [
        ("name", "name", NAME),
        ("weight", "weight", required(number(U8))),
        ("order", "order", NAME),
        ("suites", "suites", NAME),
    ],
    "stacks.tsv": [
        ("style", "style", NAME),
        ("family", "family", NAME),
        ("probe", "probe", NAME),
        ("newest", "newest", NAME),
        ("answers", "answers", NAME),
    ],
    "limits.tsv": [
        ("id", "id", NAME),
        ("from", "from", text),
        ("basis", "basis", text),
        ("versions", "versions", text),
        ("dhe", "dhe", maybe(boolean)),
        ("min_dh", "min_dh", maybe(number(U16))),
        ("max_dh", "max_dh", maybe(number(U16))),
        ("min_rsa", "min_rsa", maybe(number(U16))),
        ("max_rsa", "max_rsa", maybe(number(U16))),
        ("min_ecdsa", "min_ecdsa", maybe(number(U16))),
        ("curves", "curves", text),
        ("ed25519", "ed25519", maybe(boolean)),
        ("sha1_certificate", "sha1_certificate", maybe(boolean)),
        ("md5_certificate", "md5_certificate", maybe(boolean)),
        ("sha1_key_exchange", "sha1_key_exchange", maybe(boolean)),
        ("static_rsa", "static_rsa", maybe(boolean)),
        ("cbc_sha1", "cbc_sha1", maybe(boolean)),
        ("triple_des", "triple_des", maybe(boolean)),
        ("rc4", "rc4", maybe(boolean)),
        ("groups", "groups", text),
        ("groups_12", "groups_12", text),
        ("old_static_rsa", "old_static_rsa", maybe(boolean)),
        ("requires_sha2", "requires_sha2", maybe(boolean)),
    ],
    "probes.tsv": [
        ("id", "id", NAME),
        ("tls_1_3", "tls_1_3", NAME),
        ("tls_1_2", "tls_1_2", NAME),
        ("tls_1_1", "tls_1_1", NAME),
        ("tls_1_0", "tls_1_0", NAME),
        ("ssl_3_0", "ssl_3_0", NAME),
        ("secure_renegotiation", "secure_renegotiation", maybe(boolean)),
    ],
    "error_texts.tsv": [
        ("id", "id", NAME),
        ("after", "after", one_of("After")),
        ("text", "text", NAME),
    ],
    "clients.tsv": [
        ("id", "id", NAME),
        ("name", "name", NAME),
        ("platform", "platform", text),
        ("category", "category", text),
        ("released", "released", number(U16)),
        ("lowest", "lowest", version),
        ("highest", "highest", version),
        ("telling", "telling", boolean),
        ("hello_class", "hello_class", NAME),
        ("ja4", "ja4", NAME),
        ("library", "library", text),
        ("fidelity", "fidelity", one_of("Fidelity")),
        ("permutes", "permutes_extensions", boolean),
        ("source", "source", NAME),
    ],
}


class Malformed(Exception):
    """The reason, with FILE:LINE in front."""


def lines_of(path):
    """Yields (line number, cells) of all lines that are not comments."""
    for at, raw in enumerate(path.read_bytes().split(b"\n"), start=1):
        if raw.startswith(b"#") or not raw:
            continue
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as e:
            raise Malformed(f"{path}:{at}: byte {e.start + 1} is not UTF-8") from None
        bad = re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line)
        if bad:
            raise Malformed(f"{path}:{at}: control character {bad.group()!r}")
        yield at, line.split("\t")


def rows_of(path, columns):
    """Yields one C++ initialiser for each row of the table."""
    lines = lines_of(path)
    at, header = next(lines, (1, []))
    missing = [name for name, _, _ in columns if header.count(name) != 1]
    if missing:
        raise Malformed(f"{path}:{at}: the header must name once: {', '.join(missing)}")
    for at, cells in lines:
        if len(cells) != len(header):
            raise Malformed(f"{path}:{at}: {len(cells)} cells, but the header names {len(header)} columns")
        fields = []
        for name, field, convert in columns:
            try:
                fields.append(f".{field} = {convert(cells[header.index(name)])}")
            except ValueError as e:
                raise Malformed(f"{path}:{at}: column {name}: {e}") from None
        yield "{" + ", ".join(fields) + "},"


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    out, source = Path(arguments[0]), Path(arguments[1])
    try:
        if source.name not in TABLES:
            raise Malformed(f"{source}:1: TABLES in {Path(__file__).name} has no entry for {source.name}")
        rows = list(rows_of(source, TABLES[source.name]))
        if not rows:
            raise Malformed(f"{source}:1: the table has no rows")
    except (Malformed, OSError) as e:
        sys.exit(str(e))
    out.parent.mkdir(parents=True, exist_ok=True)
    head = f"// Made by {Path(__file__).name} from {source.name}; change that file instead.\n"
    out.write_text(head + "\n".join(rows) + "\n", encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])
