#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what `tlsdoctor check --full` finds out beside cipher suites against clients that ask one thing at a time.

  lab/feature_check.py [--tlsdoctor PATH] [SERVER...]

Real servers, each set up in another way, are enumerated; then `openssl s_client` (and `gnutls-cli` where OpenSSL says
nothing) offers every group, signature scheme, protocol and kind of key alone. Both lists must be the same: what one
reaches alone is accepted, what it does not reach is not.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LAB = Path(__file__).resolve().parent
sys.path.insert(0, str(LAB / "lib"))
import pki  # noqa: E402

AT_ONCE = 4
PATIENCE = 10
MOST_CONNECTIONS = 46

#: tlsdoctor's names of groups and OpenSSL's.
CURVES = {"x25519": "X25519", "x448": "X448", "secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
OLD_CURVES = {
    "brainpoolP256r1": "brainpoolP256r1", "brainpoolP384r1": "brainpoolP384r1", "brainpoolP512r1": "brainpoolP512r1",
    "secp256k1": "secp256k1", "secp224r1": "secp224r1", "secp192r1": "prime192v1", "sect283k1": "sect283k1",
    "sect571r1": "sect571r1",
}  # fmt: skip
FINITE = {f"ffdhe{bits}": f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)}
GROUPS = {"TLS 1.2": CURVES | OLD_CURVES, "TLS 1.3": CURVES | FINITE}

MODERN_SCHEMES = {
    "ecdsa_secp256r1_sha256": "ECDSA+SHA256", "ecdsa_secp384r1_sha384": "ECDSA+SHA384",
    "ecdsa_secp521r1_sha512": "ECDSA+SHA512", "ed25519": "ed25519", "ed448": "ed448",
    "rsa_pss_rsae_sha256": "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384": "rsa_pss_rsae_sha384",
    "rsa_pss_rsae_sha512": "rsa_pss_rsae_sha512", "rsa_pss_pss_sha256": "rsa_pss_pss_sha256",
    "rsa_pss_pss_sha384": "rsa_pss_pss_sha384", "rsa_pss_pss_sha512": "rsa_pss_pss_sha512",
}  # fmt: skip
OLD_SCHEMES = {
    "rsa_pkcs1_sha256": "RSA+SHA256", "rsa_pkcs1_sha384": "RSA+SHA384", "rsa_pkcs1_sha512": "RSA+SHA512",
    "rsa_pkcs1_sha224": "RSA+SHA224", "rsa_pkcs1_sha1": "RSA+SHA1", "ecdsa_sha224": "ECDSA+SHA224", "ecdsa_sha1": "ECDSA+SHA1",
}  # fmt: skip
SCHEMES = {"TLS 1.2": MODERN_SCHEMES | OLD_SCHEMES, "TLS 1.3": MODERN_SCHEMES}

PROTOCOLS = ["h2", "http/1.1", "http/1.0", "spdy/3.1", "imap", "acme-tls/1"]
FLAGS = {"TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}

NGINX = """daemon off; master_process off; error_log stderr crit; pid {work}/nginx.pid;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work};
uwsgi_temp_path {work}; scgi_temp_path {work};
server {{ listen 127.0.0.1:{port} ssl{http2}; server_name localhost; {lines} }} }}
"""


def pair(name):
    """Returns nginx's lines for a certificate."""
    return f"ssl_certificate {{pki}}/{name}.crt; ssl_certificate_key {{pki}}/{name}.key;"


def nginx(*lines, http2=True):
    """Returns a starter of nginx."""

    def start(work, folder, port):
        text = " ".join(lines).replace("{pki}", str(folder))
        config = work / f"nginx{port}.conf"
        config.write_text(NGINX.format(work=work, port=port, lines=text, http2=" http2" if http2 else ""))
        return ["nginx", "-p", str(work), "-c", str(config)]

    return start


def s_server(certificate, *options):
    """Returns a starter of openssl s_server; further words are its options."""

    def start(_work, folder, port):
        words = [option.replace("{pki}", str(folder)) for option in options]
        files = ["-cert", folder / f"{certificate}.crt", "-key", folder / f"{certificate}.key"]
        return ["openssl", "s_server", "-quiet", "-www", "-accept", f"127.0.0.1:{port}", *files, *words]

    return start


def gnutls(certificate, priority, *options):
    """Returns a starter of gnutls-serv."""

    def start(_work, folder, port):
        files = ["--x509certfile", folder / f"{certificate}.crt", "--x509keyfile", folder / f"{certificate}.key"]
        return ["gnutls-serv", "--quiet", "--http", "--port", str(port), "--priority", priority, *files, *options]

    return start


BOTH = pair("rsa") + pair("ecdsa") + "ssl_protocols TLSv1.2 TLSv1.3;"
SERVERS = {
    "nginx_modern": nginx(BOTH),
    "nginx_curves": nginx(BOTH, "ssl_ecdh_curve secp384r1:prime256v1;"),
    "nginx_client_order": nginx(BOTH, "ssl_ecdh_curve X25519:X448:P-256; ssl_prefer_server_ciphers off;", http2=False),
    "nginx_ecdsa": nginx(pair("ecdsa"), "ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve prime256v1:secp384r1;"),
    "nginx_dhe": nginx(pair("rsa"), "ssl_protocols TLSv1.2; ssl_dhparam {pki}/dh2048.pem; ssl_ciphers DHE+AES:AES128-SHA;"),
    "nginx_ffdhe": nginx(pair("rsa"), "ssl_protocols TLSv1.2 TLSv1.3; ssl_dhparam {pki}/ffdhe3072.pem; ssl_ciphers HIGH;"),
    "openssl_groups": s_server("rsa", "-groups", "brainpoolP256r1:secp256k1:P-521:ffdhe3072", "-serverpref", "-cipher", "ALL:@SECLEVEL=0"),
    "openssl_sigalgs": s_server("rsa", "-sigalgs", "RSA+SHA384:rsa_pss_rsae_sha512", "-alpn", "imap,http/1.0"),
    "openssl_old": s_server("ecdsa", "-cipher", "ALL:@SECLEVEL=0", "-sigalgs", "ECDSA+SHA1:ECDSA+SHA256:ECDSA+SHA512", "-no_ticket"),
    "openssl_ed25519": s_server("ed25519", "-status"),
    "gnutls_normal": gnutls("rsa", "NORMAL", "--alpn", "http/1.1"),
    "gnutls_few": gnutls("rsa", "NORMAL:-GROUP-ALL:+GROUP-X25519:+GROUP-FFDHE2048:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA512"),
}  # fmt: skip


def free_port():
    """Returns a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(port, process):
    """Waits until somebody listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not start")


def s_client(port, *options):
    """Asks with openssl s_client. Returns whether the handshake succeeded, and its words."""
    words = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost", *options]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
    text = (done.stdout + done.stderr).decode("utf-8", "replace")
    return bool(re.search(r"^\s*New, (TLS|SSL)v", text, re.M)), text


def leaf_of(text):
    """Returns the SHA-256 of the certificate that s_client printed."""
    found = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", text, re.S)
    if not found:
        return None
    words = ["openssl", "x509", "-noout", "-fingerprint", "-sha256"]
    done = subprocess.run(words, input=found[0], capture_output=True, text=True, timeout=PATIENCE)
    return done.stdout.strip().split("=")[-1].replace(":", "").lower()


class Peer:
    """What OpenSSL's client reaches, one thing at a time."""

    def __init__(self, port):
        self.port = port
        self.certificates = set()

    def versions(self):
        """Returns the versions that are accepted."""
        return [version for version, flag in FLAGS.items() if s_client(self.port, flag, "-cipher", "ALL:@SECLEVEL=0")[0]]

    def groups(self, version, beside):
        """Returns the groups accepted alone, or beside the certificate's curve."""
        accepted = []
        for name, word in GROUPS[version].items():
            words = [FLAGS[version], "-cipher", "ECDHE:@SECLEVEL=0", "-groups", word]
            reached, text = s_client(self.port, *words)
            if not reached and beside and name != beside:
                reached, text = s_client(self.port, *words[:-1], f"{word}:{CURVES[beside]}")
                key = re.search(r"Server Temp Key: (?:ECDH, )?(\S+?),", text)
                reached = reached and key and key[1] in (word, {"P-256": "prime256v1"}.get(word), name)
            accepted += [name] if reached else []
        return accepted

    def schemes(self, version):
        """Returns the signature schemes accepted alone; notes the certificates that came."""
        accepted = []
        suites = ["-cipher", "ECDHE:DHE:@SECLEVEL=0"]
        for name, word in SCHEMES[version].items():
            reached, text = s_client(self.port, FLAGS[version], *suites, "-sigalgs", word)
            if reached:
                accepted.append(name)
                self.certificates.add(leaf_of(text))
        return accepted

    def protocols(self, version):
        """Returns the protocols of ALPN that are chosen where they are offered alone."""
        asked = {name: s_client(self.port, FLAGS[version], "-alpn", name) for name in PROTOCOLS}
        return [name for name, (_, text) in asked.items() if f"ALPN protocol: {name}\n" in text]

    def features(self, versions):
        """Returns the state of each feature that the clients speak of."""
        if "TLS 1.2" not in versions:
            return {}
        _, text = s_client(self.port, "-tls1_2", "-status", "-cipher", "ALL:@SECLEVEL=0")
        words = ["gnutls-cli", "--insecure", "--no-ca-verification", "-p", str(self.port), "127.0.0.1", "--priority",
                 "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC:+SIGN-ALL:%VERIFY_ALLOW_SIGN_WITH_SHA1"]  # fmt: skip
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        options = re.search(r"^- Options:(.*)$", done.stdout, re.M)
        found = {
            "extended_master_secret": "Extended master secret: yes" in text,
            "secure_renegotiation": "Secure Renegotiation IS supported" in text,
            "session_ticket": "TLS session ticket:" in text,
            "ocsp_staple": "OCSP response: no response sent" not in text and "OCSP Response Status" in text,
            "compression": not re.search(r"Compression: NONE", text),
        }
        if options:
            found["encrypt_then_mac"] = "EtM" in options[1]
        return found


    def dh_bits(self):
        """Returns the sizes of the primes; OpenSSL's server may choose one by the strength of an anonymous suite."""
        sizes = set()
        for suites in ("DHE", "ADH+AES256", "ADH+AES128"):
            reached, text = s_client(self.port, "-tls1_2", "-cipher", f"{suites}:@SECLEVEL=0")
            key = re.search(r"Server Temp Key: DH, (\d+) bits", text)
            sizes |= {int(key[1])} if reached and key else set()
        return sizes


def compare(what, doctor, peer, known=None):
    """Yields a fault where two lists differ; of the doctor's only names that the peer could ask for count."""
    ours = {name for name in doctor if known is None or name in known}
    theirs = set(peer)
    if ours != theirs:
        yield f"{what}: check alone {sorted(ours - theirs)}, one at a time alone {sorted(theirs - ours)}"


def certificate_curve(endpoint):
    """Returns the curve of the certificate where the server has no other kind."""
    keys = [one["key"] for one in endpoint["inventory"]["certificates"]]
    curves = {"EC P-256": "secp256r1", "EC P-384": "secp384r1", "EC P-521": "secp521r1"}
    return curves.get(keys[0]) if len(keys) == 1 else None


def faults_of(endpoint, port):
    """Asks the server one thing at a time and yields every difference."""
    peer = Peer(port)
    versions = peer.versions()
    inventory = endpoint["inventory"]
    for version in versions:
        rows = [row for row in endpoint["groups"] if row["version"] == version]
        found = [group["name"] for row in rows for group in row["accepted"]]
        yield from compare(f"{version} groups", found, peer.groups(version, certificate_curve(endpoint)), GROUPS[version])
        yield from (f"{version} groups: undecided {row['undecided']}" for row in rows if row["undecided"])
        rows = [row for row in endpoint["signature_algorithms"] if row["version"] == version]
        found = [name for row in rows for name in row["accepted"]]
        yield from compare(f"{version} signatures", found, peer.schemes(version), SCHEMES[version])
        yield from (f"{version} signatures: undecided {row['undecided']}" for row in rows if row["undecided"])
    yield from compare("certificates", [one["sha256"] for one in inventory["certificates"]], peer.certificates)
    yield from compare("ALPN", inventory["alpn"] or [], peer.protocols(versions[-1]), PROTOCOLS)
    states = {feature["name"]: feature["state"] for feature in inventory["features"]}
    for name, truth in peer.features(versions).items():
        if states[name] != ("accepted" if truth else "refused"):
            yield f"{name}: check says {states[name]}, the clients {truth}"
    yield from compare("DH bits", [one["bits"] for one in inventory["dh_parameters"]], peer.dh_bits())


#: What is true of a server and no client tells.
TRUTHS = {
    "nginx_ffdhe": lambda e: e["inventory"]["dh_parameters"][0]["prime"] == "ffdhe3072",
    "nginx_dhe": lambda e: e["inventory"]["dh_parameters"][0]["prime"] in (None, ""),
    # Without ssl_prefer_server_ciphers OpenSSL goes by its own order in HelloRetryRequests alone.
    "nginx_curves": lambda e: [row["preference"] for row in e["groups"]] == ["client", "server"]
    and e["groups"][1]["accepted"][0]["name"] == "secp384r1",
    "gnutls_normal": lambda e: all(row["preference"] == "client" for row in e["groups"]),
}


def check(name, tlsdoctor, work, folder):
    """Starts one server, enumerates it and compares. Returns (faults, connections)."""
    port = free_port()
    words = SERVERS[name](work, folder, port)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as server:
        try:
            wait_for(port, server)
            run = subprocess.run([tlsdoctor, "check", "--full", "--json", "--insecure", f"localhost:{port}", "-4"],
                                 capture_output=True, timeout=60)  # fmt: skip
            if not run.stdout:
                return [f"exit {run.returncode}: {run.stderr.decode()[-300:]}"], 0
            document = json.loads(run.stdout)
            endpoint = document["endpoints"][0]
            faults = list(faults_of(endpoint, port))
            if name in TRUTHS and not TRUTHS[name](endpoint):
                faults.append(f"not as set up: {json.dumps(endpoint['groups'])[:300]} {endpoint['inventory']['dh_parameters']}")
            # What the part beside cipher suites cost, on a server that is as most are.
            spent = sum(one["purpose"] == "inventory" for one in document["evidence"])
            if name == "nginx_modern" and spent > MOST_CONNECTIONS:
                faults.append(f"{spent} connections, more than {MOST_CONNECTIONS}")
            return faults, spent
        finally:
            os.killpg(server.pid, signal.SIGTERM)


def prepare(folder):
    """Makes the certificates and primes."""
    pki.make(folder)
    pki.openssl(folder, "genpkey", "-algorithm", "ed25519", "-out", "ed25519.key")
    pki.openssl(folder, "req", "-x509", "-key", "ed25519.key", "-subj", "/CN=localhost", "-days", "30", "-out", "ed25519.crt")
    pki.openssl(folder, "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe3072", "-out", "ffdhe3072.pem")


def main():
    """Does what the command line says. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tlsdoctor", default=LAB.parent / "build" / "release" / "tlsdoctor", type=Path)
    parser.add_argument("servers", nargs="*", metavar="SERVER")
    args = parser.parse_args()
    names, failed, began = args.servers or list(SERVERS), 0, time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        work, folder = Path(made), Path(made) / "pki"
        folder.mkdir()
        prepare(folder)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = pool.map(lambda name: check(name, args.tlsdoctor.resolve(), work, folder), names)
            for name, (faults, connections) in zip(names, results, strict=True):
                failed += bool(faults)
                print(f"{'FAILED' if faults else 'ok':6}  {name:20}  {connections} connections")
                for fault in faults:
                    print(f"        {fault}")
    print(f"feature_check: {len(names) - failed} passed, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
