# SPDX-License-Identifier: Apache-2.0
"""What other programs call the same numbers: tshark, nmap, testssl.sh and openssl, where they are installed.
Used by gen_registry.py for `--check` and `--names`."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import registry_facts as facts

NMAP = Path("/usr/share/nmap/nselib/tls.lua")
TESTSSL = Path("/etc/testssl/cipher-mapping.txt")
OPENSSL = ["openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL@SECLEVEL=0"]

# Differences that were looked into: (who, first, last number) -> why our table is right all the same.
KNOWN = {
    ("tshark", 0x1306, 0x1307): "AEGIS is newer than tshark 4.0",
    ("tshark", 0xFFE0, 0xFFE1): "NSS calls them OLDFIPS, which keeps names unique",
    ("testssl.sh", 0x0061, 0x0061): "the draft says RC2_CBC_56",
    ("testssl.sh", 0xFF00, 0xFF01): "tests of an old GOST engine; the numbers are for private use",
    ("testssl.sh", 0xFFE0, 0xFFE1): "NSS calls them OLDFIPS, which keeps names unique",
    ("nmap", 0x0300, 0x0300): "a version, not a suite",
    ("nmap", 0xC0B4, 0xC0B5): "RFC 9150 says TLS_SHA256_SHA256 and TLS_SHA384_SHA384",
    ("tshark groups", 0x0200, 0x02FF): "prototypes of Open Quantum Safe; IANA gave some numbers to others",
    ("tshark groups", 0x2F00, 0x2FFF): "prototypes of Open Quantum Safe",
    ("tshark schemes", 0xFE00, 0xFEFF): "prototypes of Open Quantum Safe; the numbers are for private use",
    ("tshark extensions", 0x0022, 0x0022): "RFC 9345 has the singular",
    ("tshark extensions", 0x0035, 0x0035): "spelling only",
    ("tshark extensions", 0x4469, 0x4469): "17613 has taken over the name",
    ("tshark extensions", 0xFFA5, 0xFFA5): "spelling only",
    ("nmap extensions", 0x000A, 0x000A): "RFC 7919 renamed elliptic_curves",
    ("nmap extensions", 0x000D, 0x000D): "nmap has two names for it",
    ("nmap extensions", 0x0022, 0x0022): "RFC 9345 has the singular",
    ("nmap extensions", 0x0023, 0x0027): "nmap's numbers are one too low from TLMSP to SessionTicket",
    ("nmap extensions", 0x0035, 0x0035): "spelling only",
}


def output_of(command):
    """Standard output, or None where the program is missing or fails."""
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout if done.returncode == 0 else None


def hex_pairs(text):
    """`0x13,0x02` -> 0x1302."""
    return int(text.replace("0x", "").replace(",", ""), 16)


def openssl_suites():
    """{number: (OpenSSL's name, lowest version)} of this machine's openssl, or None."""
    text = output_of(OPENSSL)
    found = re.findall(r"^\s*(0x..,0x..) - (\S+)\s+(\S+)", text or "", re.MULTILINE)
    return {hex_pairs(number): (name, version) for number, name, version in found} or None


def testssl_suites():
    """{number: (OpenSSL's name or `-`, IANA's name or `-`)} of testssl.sh, or None."""
    if not TESTSSL.exists():
        return None
    found = re.findall(r"^\s*(0x..,0x..) - (\S+)\s+(\S+)", TESTSSL.read_text(encoding="utf-8"), re.MULTILINE)
    return {hex_pairs(number): (openssl, iana) for number, openssl, iana in found}


def nmap_suites():
    if not NMAP.exists():
        return None
    found = re.findall(r'\["?(\w+)"?\]\s*=\s*0x([0-9A-Fa-f]{4})\b', NMAP.read_text(encoding="utf-8"))
    # nmap invents `TLS_AKE_WITH_` for TLS 1.3 so that all names look alike.
    return {int(number, 16): re.sub(r"^TLS_AKE_WITH_(?!NULL)", "TLS_", name) for name, number in found}


def nmap_extensions():
    if not NMAP.exists():
        return None
    block = re.search(r"^EXTENSIONS = \{(.*?)^\}", NMAP.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return {int(number): name for name, number in re.findall(r'\["([^"]+)"\]\s*=\s*(\d+)', block[1])}


def tshark_values():
    """{field: {number: name}} of the TLS fields of `tshark -G values`, or None."""
    text = output_of(["tshark", "-G", "values"])
    if text is None:
        return None
    fields = {}
    for field, number, name in re.findall(r"^V\ttls\.handshake\.(\S+)\t(\d+|0x[0-9a-fA-F]+)\t(.*)$", text, re.MULTILINE):
        fields.setdefault(field, {})[int(number, 0)] = name.strip()
    return fields


def write_openssl_names(path):
    """Collects OpenSSL's names: what testssl.sh knows of all versions, overruled by the installed openssl."""
    testssl, openssl = testssl_suites(), openssl_suites()
    if testssl is None or openssl is None:
        raise SystemExit("both testssl.sh and openssl must be installed")
    # Names that only patched OpenSSLs had are none of OpenSSL's; nor is the empty suite's: NULL is a class to it.
    names = {n: name for n, (name, _) in testssl.items() if name != "-" and not name.endswith("-OLD")}
    names = {n: name for n, name in names.items() if 0 < n < 0xFF00}
    names |= facts.OPENSSL_GOST_NAMES | {number: name for number, (name, _) in openssl.items()}
    version = output_of(["openssl", "version"]).split(" (")[0].strip()
    lines = [
        "# SPDX-License-Identifier: Apache-2.0",
        "# OpenSSL's names of cipher suites, those of older versions included. Written by tools/gen_registry.py --names.",
        f"# Source: testssl.sh's cipher-mapping.txt, {facts.DATE}",
        f"# sha256 {hashlib.sha256(TESTSSL.read_bytes()).hexdigest()}",
        f"# Source: {' '.join(OPENSSL)} of {version}, {facts.DATE}",
        f"# sha256 {hashlib.sha256(output_of(OPENSSL).encode()).hexdigest()}",
        "# Source: ssl/s3_lib.c of OpenSSL 3.0 for the GOST suites",
        "number\topenssl_name",
    ]
    lines += [f"0x{number:04x}\t{name}" for number, name in sorted(names.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def table(path, *columns):
    """{number: cells of the columns}, or of one column, as it is."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    at = [lines[0].index(column) for column in columns]
    return {int(row[0], 0): tuple(row[i] for i in at) if len(at) > 1 else row[at[0]] for row in lines[1:]}


def is_known(who, number):
    return any(who == peer and first <= number <= last for peer, first, last in KNOWN)


def compare(who, ours, theirs):
    """Prints each number that the other program names otherwise, or that only it names; returns how many."""
    if theirs is None:
        print(f"{who}: not installed or without this table, not compared")
        return 0
    count = 0
    for number, name in sorted(theirs.items()):
        mine = ours.get(number)
        if name in (mine, "-", "") or is_known(who, number) or re.match(r"Reserved|Unassigned", name):
            continue
        print(f"{who}: 0x{number:04x} is {name}, here {mine or 'missing'}")
        count += 1
    print(f"{who}: {len(theirs)} names compared, {count} unexplained differences")
    return count


def compare_versions(suites, theirs):
    """Compares the lowest version with openssl's. Ours may be higher where SSL 3.0 cannot carry what RFCs demand."""
    said = {"SSLv3": "SSL 3.0", "TLSv1": "TLS 1.0", "TLSv1.2": "TLS 1.2", "TLSv1.3": "TLS 1.3"}
    count = 0
    for number, (name, version) in sorted((theirs or {}).items()):
        if suites[number] != said[version] and not name.startswith("SRP"):  # SRP needs a hello extension
            print(f"openssl: {name} is of {version}, here {suites[number]}")
            count += 1
    return count


def differences(data):
    """Compares every table with every program that has one like it; returns the unexplained differences."""
    suites = table(data / "cipher_suites.tsv", "name")
    suites |= {0x00FF: "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", 0x5600: "TLS_FALLBACK_SCSV"}
    old = {n: re.sub("_OLD$", "", name) for n, name in suites.items()}  # tshark and nmap have no `_OLD`
    openssl_names = table(data / "cipher_suites.tsv", "openssl_name")
    tshark, testssl, openssl = tshark_values() or {}, testssl_suites(), openssl_suites()
    count = compare("tshark", old, tshark.get("ciphersuite"))
    count += compare("nmap", old, nmap_suites())
    count += compare("testssl.sh", suites, testssl and {n: iana for n, (_, iana) in testssl.items()})
    count += compare("openssl", openssl_names, openssl and {n: name for n, (name, _) in openssl.items()})
    count += compare_versions(table(data / "cipher_suites.tsv", "first_version"), openssl)
    count += compare("tshark groups", table(data / "groups.tsv", "name"), tshark.get("extensions_supported_group"))
    count += compare("tshark schemes", table(data / "signature_schemes.tsv", "name"), tshark.get("sig_hash_alg"))
    extensions = table(data / "extensions.tsv", "name")
    count += compare("tshark extensions", extensions, tshark.get("extension.type"))
    return count + compare("nmap extensions", extensions, nmap_extensions())
