# SPDX-License-Identifier: Apache-2.0
"""Who takes part, what each is asked, and what a right answer of it looks like."""

from lib import truth
from lib.measure import Contender, expects

SSLSCAN = ["sslscan", "--no-colour", "--no-check-certificate"]
VERSIONS_ALONE = [
    *("--no-ciphersuites", "--no-fallback", "--no-renegotiation", "--no-groups", "--no-heartbleed", "--no-compression"),
]
SUITES_ALONE = ["--no-fallback", "--no-renegotiation", "--no-groups", "--no-heartbleed", "--no-compression"]
NMAP = ["nmap", "-n", "-Pn", "--script", "+ssl-enum-ciphers"]
SLOW = 1  # runs of what takes seconds


def testssl(*words):
    return ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--ip", "one", *words]


def enabled(versions, separator="   enabled"):
    return expects(*(version.replace(" ", "v") + separator for version in versions))


def for_versions(tlsdoctor, at, port):
    """Row 1 and 4: which versions does one host accept? `at` is its address."""
    place = f"{at}:{port}"
    flags = " ".join(truth.FLAGS.values())
    # Each ends with an error or a handshake; the last decides the exit code, and TLS 1.3 is accepted.
    loop = f"for v in {flags}; do openssl s_client $v -connect {place} </dev/null 2>/dev/null; done"
    ours = [tlsdoctor, "check", "--versions-only", "-j", place]
    return [
        Contender("tlsdoctor check --versions-only", ours, truth.wants_versions(truth.VERSIONS_A)),
        Contender("sslscan, version tests alone", [*SSLSCAN, *VERSIONS_ALONE, place], enabled(truth.VERSIONS_A)),
        Contender(
            "openssl s_client, once for each of four versions",
            ["sh", "-c", loop],
            expects("Protocol  : TLSv1.2", "New, TLSv1.3"),
            most_runs=5,
        ),
        Contender(
            "testssl.sh -p", testssl("-p", place), expects("TLS 1.2    offered", "TLS 1.3    offered"), (0, 1), SLOW
        ),
    ]


def for_suites(tlsdoctor, at, port, pairs):
    """Rows 2, 3 and 5: which suites does one host accept in each version?"""
    place = f"{at}:{port}"
    ours = [tlsdoctor, "check", "--suites-only", "-j", place]
    older = sum(1 for version, _ in pairs if version in truth.VERSIONS_B)
    return [
        Contender("tlsdoctor check --suites-only", ours, truth.wants_pairs(pairs), (0, 1)),
        Contender("sslscan, suites alone", [*SSLSCAN, *SUITES_ALONE, place], truth.counts_suites(older)),
        Contender(
            "nmap --script ssl-enum-ciphers",
            [*NMAP, "-p", str(port), at],
            # nmap 7.93 leaves out what it does not know (ARIA, CCM of anonymous suites).
            truth.counts_suites_of_nmap(len(pairs) * 2 // 3),
            most_runs=5,
        ),
        Contender("testssl.sh -E", testssl("-E", place), expects("TLS 1.2", "TLS 1.3"), (0, 1), SLOW),
    ]


def suite_loop(at, port):
    """OpenSSL's client, once for each suite: a contender, and the judge of the others."""
    return Contender(
        "openssl s_client, once for each suite", ["sh", "-c", truth.SUITE_LOOP, "sh", f"{at}:{port}"], expects("pair ")
    )


def for_fleet(tlsdoctor, targets, out, hosts, options=()):
    """Rows 6 to 10: the versions of every host of a list."""
    command = [tlsdoctor, "scan", "-iL", str(targets), "--versions-only", "-oJ", str(out), "--overwrite", *options]
    return Contender("tlsdoctor scan --versions-only", command, truth.wants_lines(out, hosts, truth.VERSIONS_A), (0, 1))


def sslscan_fleet(targets, hosts):
    def check(text):
        found = text.count("TLSv1.3   enabled")
        if found != hosts:
            raise truth.WrongAnswer(f"sslscan found TLS 1.3 at {found} of {hosts} hosts")

    command = [*SSLSCAN, *VERSIONS_ALONE, f"--targets={targets}"]
    return Contender("sslscan --targets, version tests alone", command, check)


def start(tlsdoctor):
    """What a process costs before it does anything."""
    return [
        Contender("tlsdoctor --version", [tlsdoctor, "--version"], expects("tlsdoctor")),
        Contender("openssl version", ["openssl", "version"], expects("OpenSSL")),
        Contender("sslscan --version", ["sslscan", "--version"], expects(".")),
    ]
