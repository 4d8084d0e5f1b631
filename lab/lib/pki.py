#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the lab's certificates with openssl, anew for every run: a root of our own and the leaves below it.

NAME.crt is the certificate, NAME.key its key, NAME.pem both in one file (HAProxy), NAME.p12 a key store
with the password `changeit` (Java); root.pem is what a client must trust; dhN.pem are Diffie-Hellman
parameters with a prime of N bits.
"""

import os
import subprocess
import sys

SAN = "DNS:localhost,DNS:*.lab.test,IP:127.0.0.1,IP:127.0.0.2,IP:::1"

#: As many names as make the certificate alone fill two segments.
MANY_NAMES = SAN + "".join(f",DNS:customer-{number:03}.shared-hosting.lab.test" for number in range(60))

#: name: (key, subjectAltName, first day, last day); `self` and those of STRANGERS are signed below.
LEAVES = {
    "rsa": ("rsa", SAN, "20200101000000Z", "20991231235959Z"),
    "ecdsa": ("ecdsa", SAN, "20200101000000Z", "20991231235959Z"),
    "ecdsa521": ("ecdsa521", SAN, "20200101000000Z", "20991231235959Z"),
    "rsa1024": ("rsa1024", SAN, "20200101000000Z", "20991231235959Z"),
    "expired": ("rsa", SAN, "20200101000000Z", "20210101000000Z"),
    "wrong_name": ("rsa", "DNS:elsewhere.example", "20200101000000Z", "20991231235959Z"),
    "bulky": ("rsa", MANY_NAMES, "20200101000000Z", "20991231235959Z"),
}
#: Leaves of roots that no client trusts, with the root's subject: two are named as inspection products name theirs.
STRANGERS = {
    "stranger": "/CN=tlsdoctor lab stranger_root",
    "fortinet": "/C=US/ST=California/L=Sunnyvale/O=Fortinet/OU=Certificate Authority/CN=FG100FTK00000000",
    "zscaler": "/C=US/ST=California/L=San Jose/O=Zscaler Inc./OU=Zscaler Inc./CN=Zscaler Intermediate Root CA (lab)",
}
#: Large safe primes take seconds to find; GnuTLS reads the form of the safe ones only.
DH_PRIMES = {"512": [], "1024": ["-dsaparam"], "2048": ["-dsaparam"]}
KEYS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "ecdsa": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "ecdsa521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "rsa1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
}
CONFIG = """
[ca]
default_ca = lab
[lab]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = policy
unique_subject = no
[policy]
commonName = supplied
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
"""


def openssl(folder, *arguments):
    """Runs openssl in the folder; its messages are shown only where it fails."""
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    if done.returncode:
        sys.exit(f"openssl {arguments[0]}: {done.stderr.strip()}")


def write(folder, name, text):
    """Writes a small file."""
    with open(os.path.join(folder, name), "w", encoding="ascii") as out:
        out.write(text)


def make_roots(folder):
    """Makes the root that clients trust, and those that nobody trusts."""
    subjects = {"root": "/CN=tlsdoctor lab root", **{f"{name}_root": subject for name, subject in STRANGERS.items()}}
    for name, subject in subjects.items():
        openssl(folder, "genpkey", *KEYS["ecdsa"], "-out", f"{name}.key")
        openssl(folder, "req", "-x509", "-new", "-key", f"{name}.key", "-subj", subject,
                "-days", "3650", "-config", "ca.cnf", "-extensions", "root", "-out", f"{name}.pem")


def make_leaf(folder, name, root, key, san, first, last):
    """Signs one leaf; the key is shared by all leaves of its kind."""
    write(folder, f"{name}.ext", f"basicConstraints = CA:FALSE\nsubjectAltName = {san}\n")
    openssl(folder, "req", "-new", "-key", f"kind_{key}.key", "-subj", f"/CN=tlsdoctor lab {name}",
            "-config", "ca.cnf", "-out", f"{name}.csr")
    openssl(folder, "ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", f"{root}.pem",
            "-keyfile", f"{root}.key", "-in", f"{name}.csr", "-out", f"{name}.crt",
            "-startdate", first, "-enddate", last, "-extfile", f"{name}.ext")


def bundle(folder, name, key):
    """Writes NAME.key, NAME.pem and NAME.p12 beside NAME.crt."""
    with open(os.path.join(folder, f"kind_{key}.key"), encoding="ascii") as source:
        key_text = source.read()
    with open(os.path.join(folder, f"{name}.crt"), encoding="ascii") as source:
        certificate = source.read()
    write(folder, f"{name}.key", key_text)
    write(folder, f"{name}.pem", certificate + key_text)
    openssl(folder, "pkcs12", "-export", "-in", f"{name}.crt", "-inkey", f"{name}.key", "-name", "lab",
            "-passout", "pass:changeit", "-out", f"{name}.p12")


def make(folder):
    """Fills an empty folder with everything."""
    write(folder, "ca.cnf", CONFIG)
    write(folder, "index.txt", "")
    for key, how in KEYS.items():
        openssl(folder, "genpkey", *how, "-out", f"kind_{key}.key")
    make_roots(folder)
    for name, (key, san, first, last) in LEAVES.items():
        make_leaf(folder, name, "root", key, san, first, last)
        bundle(folder, name, key)
    for name in STRANGERS:
        make_leaf(folder, name, f"{name}_root", "rsa", SAN, "20200101000000Z", "20991231235959Z")
        bundle(folder, name, "rsa")
    openssl(folder, "req", "-x509", "-new", "-key", "kind_rsa.key", "-subj", "/CN=localhost", "-days", "3650",
            "-addext", f"subjectAltName={SAN}", "-config", "ca.cnf", "-out", "self_signed.crt")
    bundle(folder, "self_signed", "rsa")
    for bits, how in DH_PRIMES.items():
        openssl(folder, "dhparam", *how, "-out", f"dh{bits}.pem", bits)


if __name__ == "__main__":
    make(sys.argv[1])
