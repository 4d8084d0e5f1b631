#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds nginx, configured exactly as Mozilla's guidelines want it, and with one thing changed, against `--policy`.

  lab/policy_check.py [--tlsdoctor PATH] [CASE...]

What keeps to the policy must be compliant, and each single deviation must be named, alone. The lists of suites are
written out here, as Mozilla's generator writes them: those of the program are under test.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import feature_check as features
import jsonschema

LAB = Path(__file__).resolve().parent
sys.path.insert(0, str(LAB / "lib"))
import pki  # noqa: E402

AT_ONCE = 4

MIDDLE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)
DHE = ":DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305"
OLD = (
    ":ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
    "ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA:DES-CBC3-SHA:@SECLEVEL=0"
)
GROUPS = "X25519:prime256v1:secp384r1"


def lines(versions="TLSv1.2 TLSv1.3", suites=MIDDLE, groups=GROUPS, order="off", key="rsa", more=""):
    """Returns nginx's lines; the defaults are Mozilla's intermediate."""
    return (
        f"ssl_protocols {versions}; ssl_ciphers {suites}; ssl_ecdh_curve {groups}; ssl_prefer_server_ciphers {order};"
        f"{''.join(features.pair(name) for name in key.split())} {more}"
    )


OLDEST = {"versions": "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "suites": MIDDLE + OLD, "order": "on"}
MODERN = {"versions": "TLSv1.3", "key": "ec"}

#: name: (policy, lines, what differs).
CASES = {
    "intermediate": ("intermediate", lines(), []),
    "two_keys": ("intermediate@5.8", lines(key="rsa ec"), []),
    "stricter": ("intermediate", lines(suites="ECDHE-RSA-AES128-GCM-SHA256", groups="X25519"), []),
    "dhe": ("intermediate@5.7", lines(suites=MIDDLE + DHE, more="ssl_dhparam {pki}/dh2048.pem;"), []),
    "small_prime": (
        "intermediate@5.7", lines(suites=MIDDLE + DHE + ":@SECLEVEL=0", more="ssl_dhparam {pki}/dh1024.pem;"),
        ["must_go: a Diffie-Hellman prime of 1024 bits is in use, 2048 are the least"],
    ),
    "suite": (
        "intermediate", lines(suites=MIDDLE + ":AES128-SHA"),
        ["must_go: TLS_RSA_WITH_AES_128_CBC_SHA (AES128-SHA) is accepted in TLS 1.2"],
    ),
    "old_version": (
        "intermediate", lines(versions="TLSv1.1 TLSv1.2 TLSv1.3", suites=MIDDLE + ":AES128-SHA:@SECLEVEL=0"),
        ["must_go: TLS 1.1 is accepted", "must_go: TLS_RSA_WITH_AES_128_CBC_SHA (AES128-SHA) is accepted in TLS 1.2"],
    ),
    "no_tls13": ("intermediate", lines(versions="TLSv1.2"), ["must_come: TLS 1.3 is not accepted"]),
    "group": (
        "intermediate", lines(groups=GROUPS + ":secp521r1"),
        ["must_go: the group secp521r1 is accepted in TLS 1.2 and TLS 1.3"],
    ),
    "long_life": (
        "intermediate", lines(key="rsa400"),
        ["must_go: the RSA 2048 certificate is valid for 400 days, 366 are the most"],
    ),
    "signature": (
        "intermediate", lines(key="rsa384"),
        ["must_go: the RSA 2048 certificate is signed with sha384WithRSAEncryption"],
    ),
    "curve": (
        "intermediate", lines(key="rsa ec521"),
        ["must_go: the EC P-521 certificate is on a curve that is not permitted"],
    ),
    "old": ("old", lines(**OLDEST), []),
    "order": (
        "old", lines(**{**OLDEST, "order": "off"}),
        [f"must_come: the server does not insist on its own order of suites in TLS 1.{minor}" for minor in range(4)],
    ),
    "key": (
        "old", lines(**{**OLDEST, "key": "rsa ec"}),
        ["must_go: the EC P-256 certificate is in use, only rsa may be",
         "must_go: the EC P-256 certificate is signed with ecdsa-with-SHA256"],
    ),
    "modern": ("modern", lines(**MODERN), []),
    "modern_rsa": (
        "modern", lines(**{**MODERN, "key": "rsa"}),
        ["must_go: the RSA 2048 certificate is in use, only ecdsa may be",
         "must_go: the RSA 2048 certificate is signed with sha256WithRSAEncryption"],
    ),
    "modern_tls12": ("modern", lines(key="ec"), ["must_go: TLS 1.2 is accepted"]),
    "own_file": (
        "{work}/own.json", lines(),
        ["must_go: the group secp384r1 is accepted in TLS 1.2 and TLS 1.3",
         "must_go: the signature scheme rsa_pkcs1_sha512 is accepted in TLS 1.2"],
    ),
}  # fmt: skip

OWN = {
    "name": "ours",
    "tls_versions": ["TLSv1.2", "TLSv1.3"],
    "tls_curves": ["X25519", "P-256"],
    "signature_algorithms": [
        "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512", "rsa_pkcs1_sha256", "rsa_pkcs1_sha384",
        "rsa_pkcs1_sha224",
    ],
}  # fmt: skip


def prepare(work, folder):
    """Makes certificates that live as long as the guidelines want, some that do not, primes and a policy."""
    made = {
        "rsa": (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], "90", "-sha256"),
        "rsa400": (None, "400", "-sha256"),
        "rsa384": (None, "90", "-sha384"),
        "ec": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "90", "-sha256"),
        "ec521": (["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], "90", "-sha256"),
    }
    for name, (key, days, digest) in made.items():
        if key:
            pki.openssl(folder, "genpkey", *key, "-out", f"{name}.key")
        else:
            (folder / f"{name}.key").write_bytes((folder / "rsa.key").read_bytes())
        pki.openssl(folder, "req", "-x509", "-key", f"{name}.key", "-subj", "/CN=localhost", "-days", days, digest,
                    "-out", f"{name}.crt")  # fmt: skip
    for bits in ("1024", "2048"):
        pki.openssl(folder, "dhparam", "-dsaparam", "-out", f"dh{bits}.pem", bits)
    (work / "own.json").write_text(json.dumps(OWN))


def faults_of(run, expected, schema):
    """Holds one result against what was set up and yields what is wrong."""
    if not run.stdout:
        yield f"exit {run.returncode}: {run.stderr.decode()[-300:]}"
        return
    document = json.loads(run.stdout)
    for error in schema.iter_errors(document):
        yield f"against the schema: {error.message[:200]}"
    policy = document["policy"]
    found = sorted(f"{one['kind']}: {one['what']}" for one in policy["differences"])
    if found != sorted(expected):
        yield f"differences {found} instead of {sorted(expected)}"
    if policy["compliant"] is not (not expected):
        yield f"compliant is {policy['compliant']}"
    if run.returncode != (1 if expected else 0):
        yield f"exit code {run.returncode}, verdict {document['verdict']['cause']}: {document['verdict']['summary']}"
    known = {one["id"] for one in document["evidence"]}
    cited = {name for one in policy["differences"] for name in one["evidence"]}
    if cited - known:
        yield f"evidence that is not there: {sorted(cited - known)}"


def check(name, tlsdoctor, work, folder, schema):
    """Starts one server and holds it against its policy. Returns the faults."""
    policy, text, expected = CASES[name]
    port = features.free_port()
    words = features.nginx(text, http2=False)(work, folder, port)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as server:
        try:
            features.wait_for(port, server)
            run = subprocess.run(
                [tlsdoctor, "check", "--policy", policy.format(work=work), "--json", "-k", "-4", f"localhost:{port}"],
                capture_output=True, timeout=60,
            )  # fmt: skip
            return list(faults_of(run, expected, schema))
        except RuntimeError as error:
            return [f"{error}: {server.stderr.read().decode()[-300:]}"]
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    args = parser.parse_args()
    names, failed, began = args.cases or list(CASES), 0, time.monotonic()
    schema = jsonschema.Draft202012Validator(json.loads((LAB.parent / "schema" / "check.schema.json").read_text()))
    with tempfile.TemporaryDirectory() as made:
        work, folder = Path(made), Path(made) / "pki"
        folder.mkdir()
        prepare(work, folder)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = pool.map(lambda name: check(name, args.tlsdoctor.resolve(), work, folder, schema), names)
            for name, faults in zip(names, results, strict=True):
                failed += bool(faults)
                print(f"{'FAILED' if faults else 'ok':6}  {name}")
                for fault in faults:
                    print(f"        {fault}")
    print(f"policy_check: {len(names) - failed} passed, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
