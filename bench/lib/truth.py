# SPDX-License-Identifier: Apache-2.0
"""What is true of the servers, and how to read it from what a program prints. OpenSSL's client, asked for one
version and one suite at a time, is the judge of the suites."""

import json
import re
import subprocess

from lib.measure import WrongAnswer

VERSIONS_A = ("TLS 1.2", "TLS 1.3")
VERSIONS_B = ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")
FLAGS = {"TLS 1.0": "-tls1", "TLS 1.1": "-tls1_1", "TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}

# One line for each pair of a version and a suite that s_client completes a handshake with.
SUITE_LOOP = """
at=$1
for flag in -tls1 -tls1_1 -tls1_2; do
    for suite in $(openssl ciphers -s $flag ALL:@SECLEVEL=0 | tr : ' '); do
        openssl s_client $flag -cipher "$suite:@SECLEVEL=0" -connect $at </dev/null 2>/dev/null |
            grep -q "Cipher is $suite" && echo "pair $flag $suite"
    done
done
for suite in TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 TLS_AES_128_GCM_SHA256 TLS_AES_128_CCM_SHA256 \
    TLS_AES_128_CCM_8_SHA256; do
    openssl s_client -tls1_3 -ciphersuites $suite -connect $at </dev/null 2>/dev/null |
        grep -q "Cipher is $suite" && echo "pair -tls1_3 $suite"
done
true
"""


def standard_names():
    """Returns the IANA name of each of OpenSSL's names."""
    words = ("openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    text = subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout
    rows = [line.split() for line in text.splitlines()]
    # 0x13,0x02 - TLS_AES_256_GCM_SHA384 - TLS_AES_256_GCM_SHA384 TLSv1.3 ...
    return {row[4]: row[2] for row in rows if len(row) > 4 and row[1] == row[3] == "-"}


def pairs_of_loop(text):
    """Returns what the loop of OpenSSL's client found: (version, IANA name of the suite)."""
    names = standard_names()
    versions = {flag: version for version, flag in FLAGS.items()}
    pairs = {(versions[flag], names[suite]) for flag, suite in re.findall(r"^pair (\S+) (\S+)$", text, re.M)}
    if not pairs:
        raise WrongAnswer("the loop of openssl s_client found no suite")
    return pairs


def endpoints_of(document):
    found = document.get("endpoints") or []
    if not found:
        raise WrongAnswer(f"no endpoint: {json.dumps(document)[:500]}")
    return found


def accepted_versions(document):
    """Returns the versions that a result of tlsdoctor says are accepted."""
    rows = endpoints_of(document)[0]["versions"]
    return tuple(sorted(row["version"] for row in rows if row["outcome"] == "accepted"))


def wants_versions(wanted):
    """Returns a check of tlsdoctor's JSON."""

    def check(text):
        found = accepted_versions(json.loads(text))
        if found != tuple(sorted(wanted)):
            raise WrongAnswer(f"found {found} instead of {wanted}")

    return check


def accepted_pairs(document):
    """Returns the pairs of version and suite that a result of tlsdoctor says are accepted."""
    pairs = set()
    for row in endpoints_of(document)[0]["cipher_suites"]:
        pairs |= {(row["version"], suite["name"]) for suite in row["accepted"]}
    return pairs


def wants_pairs(wanted):
    """Returns a check of tlsdoctor's JSON: the very suites that OpenSSL's client connects with."""

    def check(text):
        found = accepted_pairs(json.loads(text))
        if found != wanted:
            raise WrongAnswer(f"too many: {sorted(found - wanted)}; missing: {sorted(wanted - found)}")

    return check


def counts_suites(of_sslscan):
    """Returns a check that sslscan lists this many suites."""

    def check(text):
        found = len(re.findall(r"^(?:Accepted|Preferred)\s", text, re.M))
        if found != of_sslscan:
            raise WrongAnswer(f"sslscan lists {found} suites instead of {of_sslscan}:\n{text[-800:]}")

    return check


def counts_suites_of_nmap(least):
    """Returns a check that nmap lists at least as many suites."""

    def check(text):
        found = len(re.findall(r"^\|\s+TLS_\S+", text, re.M))
        if found < least:
            raise WrongAnswer(f"nmap lists {found} suites instead of {least}:\n{text[-800:]}")

    return check


def wants_lines(path, hosts, wanted):
    """Returns a check of what `scan` wrote: each host once, each with these versions."""

    def check(_text):
        seen, count = set(), 0
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                document = json.loads(line)
                seen.add(document["target"]["host"])
                count += 1
                if wanted is not None and accepted_versions(document) != tuple(sorted(wanted)):
                    raise WrongAnswer(f"{line[:800]}: not {wanted}")
        if len(seen) != hosts or count != hosts:
            raise WrongAnswer(f"{count} lines of {len(seen)} hosts instead of {hosts}")

    return check
