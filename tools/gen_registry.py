#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of data/registry/ (all but alerts.tsv) from named sources. For developers: the build
only reads the tables.

    tools/gen_registry.py            writes the tables
    tools/gen_registry.py --check    compares them with a fresh run and with what other programs say
    tools/gen_registry.py --names    rebuilds openssl_names.tsv from testssl.sh and openssl, then writes

Sources: IANA's registries (data/registry/iana/); what IANA lacks or forgot stands in registry_facts.py with its
RFC, draft or program; OpenSSL's names were collected once into openssl_names.tsv. `--check` asks tshark, nmap,
testssl.sh and openssl, as far as they are installed, and lists every difference that KNOWN below does not explain.
"""

import csv
import hashlib
import re
import sys
from pathlib import Path

import registry_facts as facts

DATA = Path(__file__).resolve().parent.parent / "data" / "registry"
IANA = {  # file -> what it is, and when it was copied
    "tls-parameters-4.csv": "TLS Cipher Suites, January 2023",
    "tls-parameters-8.csv": "TLS Supported Groups, November 2025",
    "tls-signaturescheme.csv": "TLS SignatureScheme, November 2025",
}


def iana_rows(file):
    """Yields (number, name, reference) of the assigned single values; ranges and reserved ones are no rows."""
    with open(DATA / "iana" / file, encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            pair = re.fullmatch(r"0x([0-9A-F]{2}),0x([0-9A-F]{2})", row["Value"])
            value = "0x" + pair[1] + pair[2] if pair else row["Value"]
            if not re.fullmatch(r"(0x)?[0-9A-F]+", value) or re.match(r"Reserved|Unassigned", row["Description"]):
                continue
            yield int(value, 0), row["Description"].removesuffix(" (OBSOLETE)"), reference(row["Reference"])


def reference(cell):
    """`[RFC5246][RFC9155]` -> `RFC 5246, RFC 9155`."""
    names = re.findall(r"\[([^\]]+)\]", cell)
    return ", ".join(re.sub(r"^RFC(?=\d)", "RFC ", name) for name in names if "http" not in name)


# --- Cipher suites: what a name says -------------------------------------------------------------------

# Key exchange part of the name -> KeyExchange, Authentication, forward secrecy. Anonymous DH is ephemeral, so
# it has forward secrecy, and is worthless all the same. SRP and the password suites agree on a fresh secret.
# GOST key transport and static (EC)DH, RSA, PSK and Kerberos depend on one long-lived key.
KEY_EXCHANGES = {
    "NULL": ("none", "none", False),
    "RSA": ("rsa", "rsa", False),
    "DH_DSS": ("dh", "dss", False),
    "DH_RSA": ("dh", "rsa", False),
    "DHE_DSS": ("dhe", "dss", True),
    "DHE_RSA": ("dhe", "rsa", True),
    "DH_anon": ("dhe", "anonymous", True),
    "ECDH_ECDSA": ("ecdh", "ecdsa", False),
    "ECDH_RSA": ("ecdh", "rsa", False),
    "ECDHE_ECDSA": ("ecdhe", "ecdsa", True),
    "ECDHE_RSA": ("ecdhe", "rsa", True),
    "ECDH_anon": ("ecdhe", "anonymous", True),
    "PSK": ("psk", "psk", False),
    "DHE_PSK": ("dhe_psk", "psk", True),
    "PSK_DHE": ("dhe_psk", "psk", True),
    "ECDHE_PSK": ("ecdhe_psk", "psk", True),
    "RSA_PSK": ("rsa_psk", "rsa", False),
    "KRB5": ("krb5", "krb5", False),
    "SRP_SHA": ("srp", "srp", True),
    "SRP_SHA_RSA": ("srp", "rsa", True),
    "SRP_SHA_DSS": ("srp", "dss", True),
    "ECCPWD": ("eccpwd", "other", True),
    "ECJPAKE": ("other", "other", True),
    "CECPQ1_RSA": ("other", "rsa", True),
    "CECPQ1_ECDSA": ("other", "ecdsa", True),
    "FORTEZZA_KEA": ("other", "other", False),
    # TLCP, the Chinese national protocol (GB/T 38636), signs with SM2.
    "ECDHE": ("ecdhe", "other", True),
    "ECC": ("other", "other", False),
    "IBSDH": ("other", "other", True),
    "IBC": ("other", "other", False),
}

# Encryption -> effective bits of its key; other names carry their bits as _128 or _256.
KEY_BITS = {
    "NULL": 0, "DES40_CBC": 40, "DES_CBC_40": 40, "RC2_CBC_40": 40, "RC4_40": 40, "RC4_56": 56, "RC2_CBC_56": 56,
    "DES_CBC": 56, "FORTEZZA_CBC": 80, "3DES_EDE_CBC": 112, "IDEA_CBC": 128, "SEED_CBC": 128, "SM1": 128,
    "SM4_CBC": 128, "SM4_GCM": 128, "SM4_CCM": 128, "AEGIS_128L": 128, "AEGIS_256": 256, "28147_CNT": 256,
    "KUZNYECHIK_CTR": 256, "MAGMA_CTR": 256, "KUZNYECHIK_MGM_L": 256, "KUZNYECHIK_MGM_S": 256, "MAGMA_MGM_L": 256,
    "MAGMA_MGM_S": 256, "SALSA20": 256, "ESTREAM_SALSA20": 256, "CHACHA20_POLY1305": 256,
}  # fmt: skip

AEAD = re.compile(r"_(GCM|CCM|CCM_8|MGM_L|MGM_S)$|^CHACHA20_POLY1305$|^AEGIS_")
TLS13 = {*range(0x1301, 0x1308), 0x00C6, 0x00C7, 0xC0B4, 0xC0B5, *range(0xC103, 0xC107)}


def parts_of(number, name):
    """Splits a name into key exchange, whether it is an export suite, encryption and MAC."""
    body = re.sub(r"^(TLS|SSL)_", "", name).removesuffix("_OLD")
    if number in (0xC0B4, 0xC0B5):  # RFC 9150: integrity only
        return "TLS13", False, "NULL", body.split("_")[0]
    if number >> 8 == 0xE0:  # TLCP's names have no WITH
        exchange, protection = body.split("_", 1)
    else:
        exchange, _, protection = body.rpartition("_WITH_")
    exchange, export = re.subn(r"_EXPORT(1024)?", "", exchange)
    exchange = re.sub(r"_(OLD)?FIPS", "", exchange)
    # TLS 1.3 names no exchange; AEADs name the hash of the key derivation, which is no MAC.
    cipher = re.sub(r"_(SHA256|SHA384|SHA512|SM3)$", "", protection)
    if AEAD.search(cipher):
        return exchange or "TLS13", bool(export), cipher, "AEAD"
    cipher, _, mac = protection.rpartition("_")
    return exchange, bool(export), cipher, {"SHA1": "SHA"}.get(mac, mac)


def versions_of(number, exchange, export, cipher, mac):
    """The lowest and highest version that can negotiate the suite."""
    if number in TLS13:
        return "TLS 1.3", "TLS 1.3"  # RFC 8446 B.4: TLS 1.3 and older suites do not mix
    if number >> 8 == 0xE0:
        return "none", "none"  # TLCP has a version number of its own, 0x0101
    if exchange == "FORTEZZA_KEA":
        return "SSL 3.0", "SSL 3.0"  # RFC 2246 A.5 keeps the numbers free
    # Without an AEAD or SHA-2 a suite works in every version from its first on. RFC 5487 3.2 and RFC 5489 3
    # let the PSK suites with CBC or NULL and SHA-2 be used before TLS 1.2, as OpenSSL does; RFC 6367 likewise.
    psk = exchange.endswith("PSK") and not cipher.startswith("ARIA")
    if mac == "AEAD" or (mac in ("SHA256", "SHA384") and not psk) or 0xC100 <= number <= 0xC102:
        return "TLS 1.2", "TLS 1.2"
    # Elliptic curves and SRP need hello extensions, which SSL 3.0 lacks. SHA-2 with PSK is of the TLS era, as are
    # GOST and the Salsa20 draft. The rest dates from SSL 3.0 [RFC 6101], or (AES, Camellia, SEED, Kerberos,
    # PSK with SHA-1) was specified for TLS 1.0 but is negotiated in SSL 3.0 by OpenSSL and others.
    of_tls = exchange.startswith(("EC", "SRP", "GOST")) or mac in ("SHA256", "SHA384") or "SALSA20" in cipher
    of_tls = of_tls or exchange == "RSA" and "28147" in cipher
    first = "TLS 1.0" if of_tls else "SSL 3.0"
    if export:
        return first, "TLS 1.0"  # RFC 4346 A.5: "TLS 1.1 implementations MUST NOT negotiate these cipher suites"
    if cipher in ("DES_CBC", "IDEA_CBC"):
        return first, "TLS 1.1"  # RFC 5246 1.2 removed IDEA and DES; RFC 5469
    return first, "TLS 1.2"


def strength_of(authentication, secrecy, export, cipher, mac, bits):
    """The header's three words (src/registry/cipher_suite.hpp)."""
    if authentication in ("anonymous", "none") or export or bits <= 56 or cipher.startswith("RC4"):
        return "broken"
    return "fine" if mac == "AEAD" and secrecy else "weak"


def suite_row(number, name, openssl, status, source):
    exchange, export, cipher, mac = parts_of(number, name)
    if number in TLS13:
        kind = ("tls13", "tls13", True)
    elif "GOST" in exchange:
        kind = ("gost", "gost", False)
    else:
        kind = KEY_EXCHANGES[exchange]
    bits = KEY_BITS.get(cipher)
    if bits is None:
        bits = int(re.search(r"_(128|256)(_|$)", cipher)[1])
    first, last = versions_of(number, exchange, export, cipher, mac)
    strength = strength_of(kind[1], kind[2], export, cipher, mac, bits)
    secrecy = "yes" if kind[2] else "no"
    row = f"0x{number:04x}", name, openssl, kind[0], kind[1], cipher, mac, str(bits), secrecy, strength
    return *row, first, last, status, source


def cipher_suites():
    """All rows by number: IANA's, then corrected and completed from registry_facts.py."""
    rows = {number: (name, "iana", source) for number, name, source in iana_rows("tls-parameters-4.csv")}
    rows |= {number: (name, "iana", source) for number, name, source in facts.RENAMED_SUITES}
    rows |= {number: (name, "unregistered", source) for number, name, source in facts.UNREGISTERED_SUITES}
    for signal in (0x00FF, 0x5600):  # SCSVs stand in a hello's list but are no suites
        del rows[signal]
    names = openssl_names()
    return [suite_row(n, name, names.get(n, ""), status, source) for n, (name, status, source) in sorted(rows.items())]


def openssl_names():
    lines = (DATA / "openssl_names.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    return {int(number, 16): name for number, name in cells}


# --- The other tables ----------------------------------------------------------------------------------


def group_row(number, name, status, source):
    """Kind and field size follow from the name; curve25519's field has 255 bits."""
    pq = re.search(r"MLKEM|[Kk]yber|CECPQ", name)
    if pq:
        return f"0x{number:04x}", name, "post_quantum" if re.match(r"MLKEM|kyber", name) else "hybrid", "0", status, source
    if name.startswith("arbitrary"):
        return f"0x{number:04x}", name, "other", "0", status, source
    kind = "finite_field" if name.startswith("ffdhe") else "elliptic_curve"
    bits = {"x25519": "255", "curveSM2": "256"}.get(name) or re.search(r"\d+", name)[0]
    return f"0x{number:04x}", name, kind, bits, status, source


def groups():
    rows = [group_row(number, name, "iana", source) for number, name, source in iana_rows("tls-parameters-8.csv")]
    rows += [group_row(number, name, status, source) for number, name, status, source in facts.MORE_GROUPS]
    return sorted(rows, key=lambda row: int(row[0], 16))


def signature_schemes():
    """TLS 1.3's names where there are any; else TLS 1.2's pair of hash and signature [RFC 5246 7.4.1.4.1]."""
    hashes = {1: "md5", 2: "sha1", 3: "sha224", 4: "sha256", 5: "sha384", 6: "sha512"}
    signatures = {1: "rsa_pkcs1", 2: "dsa", 3: "ecdsa"}
    rows = {}
    for high, digest in hashes.items():
        for low, signature in signatures.items():
            rows[high << 8 | low] = (f"{signature}_{digest}", "pair", "RFC 5246")
    rows |= {number: (name, "unregistered", source) for number, name, source in facts.UNREGISTERED_SCHEMES}
    rows |= {number: (name, "iana", source) for number, name, source in iana_rows("tls-signaturescheme.csv")}
    return [(f"0x{number:04x}", *row) for number, row in sorted(rows.items())]


SUITE_COLUMNS = """number name openssl_name key_exchange authentication encryption mac bits forward_secrecy strength
                   first_version last_version status source"""
TABLES = {  # file -> columns, rows, IANA's file or None, what the comment says of other sources
    "cipher_suites.tsv": (SUITE_COLUMNS, cipher_suites, "tls-parameters-4.csv",
                          "OpenSSL's names: openssl_names.tsv; `unregistered` rows: the source of each."),
    "ssl2_cipher_kinds.tsv": ("number name bits source", lambda: facts.SSL2_KINDS, None,
                              "The SSL Protocol, draft-hickman-netscape-ssl-00 (version 2), C.4; SSLeay's and OpenSSL's ssl2.h."),
    "groups.tsv": ("number name kind bits status source", groups, "tls-parameters-8.csv",
                   "`unregistered` rows: the source of each."),
    "signature_schemes.tsv": ("number name status source", signature_schemes, "tls-signaturescheme.csv",
                              "`pair`: TLS 1.2's hash and signature; `unregistered` rows: the source of each."),
    "extensions.tsv": ("number name status source", lambda: facts.EXTENSIONS, None,
                       "IANA's TLS ExtensionType Values as the RFCs named in each row define them; `unregistered`: seen in hellos."),
}  # fmt: skip


def table_text(file):
    columns, rows, iana, more = TABLES[file]
    lines = ["# SPDX-License-Identifier: Apache-2.0", "# Made by tools/gen_registry.py; change its sources instead."]
    if iana:
        digest = hashlib.sha256((DATA / "iana" / iana).read_bytes()).hexdigest()
        lines += [f"# Source: IANA {IANA[iana]}; iana/{iana}", f"# sha256 {digest}"]
    lines += [f"# {more}"]
    if not iana:
        digest = hashlib.sha256(Path(facts.__file__).read_bytes()).hexdigest()
        lines += [f"# Collected {facts.DATE} in tools/registry_facts.py", f"# sha256 {digest}"]
    lines += ["\t".join(columns.split())] + ["\t".join(row) for row in rows()]
    return "\n".join(lines) + "\n"


def main(arguments):
    if arguments not in ([], ["--check"], ["--names"]):
        sys.exit(__doc__)
    if arguments == ["--names"]:
        import registry_peers

        registry_peers.write_openssl_names(DATA / "openssl_names.tsv")
    if arguments == ["--check"]:
        import registry_peers

        stale = [file for file in TABLES if (DATA / file).read_text(encoding="utf-8") != table_text(file)]
        for file in stale:
            print(f"{file}: differs from what this script writes")
        sys.exit(1 if registry_peers.differences(DATA) + len(stale) > 0 else 0)
    for file in TABLES:
        (DATA / file).write_text(table_text(file), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
