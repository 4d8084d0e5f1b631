# SPDX-License-Identifier: Apache-2.0
"""Asks other programs - openssl s_client, gnutls-cli, curl - whether a server takes one version.

Each offers that version alone and everything else as widely as it can. A ServerHello of the version is
enough: a client certificate that is missing afterwards, or an old parameter, is another question.
"""

import os

import processes

SECONDS = 6
#: Our name: s_client's option, GnuTLS's name, curl's.
VERSIONS = {
    "TLS 1.0": ("-tls1", "VERS-TLS1.0", "1.0"),
    "TLS 1.1": ("-tls1_1", "VERS-TLS1.1", "1.1"),
    "TLS 1.2": ("-tls1_2", "VERS-TLS1.2", "1.2"),
    "TLS 1.3": ("-tls1_3", "VERS-TLS1.3", "1.3"),
}
CIPHERS = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"
GROUPS = "X25519:P-256:P-384:P-521:X448:ffdhe2048:ffdhe3072:ffdhe4096"
HASHES = ("SHA256", "SHA384", "SHA512", "SHA224", "SHA1")
SIGNATURES = ":".join(
    ["ed25519", "ed448", *(f"rsa_pss_rsae_{h}" for h in ("sha256", "sha384", "sha512"))]
    + [f"{key}+{h}" for key in ("ECDSA", "RSA") for h in HASHES]
)
SUITES_13 = ":".join(
    f"TLS_{name}" for name in ("AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256",
                               "AES_128_CCM_SHA256", "AES_128_CCM_8_SHA256")
)  # fmt: skip
#: What OpenSSL prints where a ServerHello came that was not wanted.
WRONG_VERSION = ("unsupported protocol", "wrong ssl version", "wrong version number")


def host_and_port(address, port):
    """Returns `address:port`, IPv6 in brackets."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def openssl(address, port, name, version, starttls):
    """Returns s_client's command and the words that mean a ServerHello."""
    command = ["openssl", "s_client", "-connect", host_and_port(address, port), VERSIONS[version][0], "-msg",
               "-cipher", CIPHERS, "-ciphersuites", SUITES_13, "-groups", GROUPS, "-sigalgs", SIGNATURES,
               "-legacy_server_connect", *(["-servername", name] if name else ["-noservername"]),
               *(["-starttls", starttls] if starttls else []),
               *(["-xmpphost", name] if starttls and starttls.startswith("xmpp") else [])]  # fmt: skip
    return command, ", ServerHello"


def openssl_small(address, port, name, version, starttls):
    """Returns s_client's command with the lists of its own, for what takes small hellos only."""
    command, sign = openssl(address, port, name, version, starttls)
    for option in ("-ciphersuites", "-groups", "-sigalgs"):
        at = command.index(option)
        del command[at : at + 2]
    command[command.index(CIPHERS)] = "HIGH:@SECLEVEL=0"
    return command, sign


def gnutls(address, port, name, version, starttls):
    """Returns gnutls-cli's command and the words that mean a ServerHello."""
    kinds = ":+ANON-ECDH:+ANON-DH" if version != "TLS 1.3" else ""
    priority = f"LEGACY:-VERS-ALL:+{VERSIONS[version][1]}{kinds}:+GROUP-ALL:%UNSAFE_RENEGOTIATION"
    command = ["gnutls-cli", "--insecure", "--debug=4", "--dh-bits=512", f"--priority={priority}", f"--port={port}",
               *([f"--sni-hostname={name}"] if name else ["--disable-sni"]),
               *([f"--starttls-proto={starttls}"] if starttls else []), address]  # fmt: skip
    sign = "Negotiated version: 3.4" if version == "TLS 1.3" else f"Server's version: 3.{int(version[-1]) + 1}"
    return command, sign


def curl(address, port, name, version, _starttls):
    """Returns curl's command and the words that mean a ServerHello."""
    number = VERSIONS[version][2]
    host = name or (f"[{address}]" if ":" in address else address)
    command = ["curl", "--disable", "--insecure", "--verbose", "--head", f"--tlsv{number}", "--tls-max", number,
               "--ciphers", CIPHERS, "--curves", GROUPS, "--no-alpn", "--max-time", str(SECONDS),
               *(["--connect-to", f"::{host_and_port(address, port)}"]), f"https://{host}:{port}/"]  # fmt: skip
    return command, "TLS handshake, Server hello (2)"


PROGRAMS = {"openssl": openssl, "openssl, small": openssl_small, "gnutls-cli": gnutls, "curl": curl}


def who_reaches(address, port, name, version, starttls=None):
    """Returns the first program that got a ServerHello of the version, or None."""
    # The system's own OpenSSL settings must not narrow what is asked.
    environment = {**os.environ, "OPENSSL_CONF": "/dev/null"}
    for program, words in PROGRAMS.items():
        if starttls and program == "curl":
            continue
        command, sign = words(address, port, name, version, starttls)
        _, out, err = processes.run(command, env=environment, seconds=SECONDS)
        said = out + err
        if sign in said and not any(wrong in said for wrong in WRONG_VERSION):
            return program
    return None
