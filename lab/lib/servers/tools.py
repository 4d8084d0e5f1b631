# SPDX-License-Identifier: Apache-2.0
"""The TLS libraries' own test servers. `--set WORDS` adds words to their command line."""

from servers.common import OPENSSL_NAMES, hosts_and_port


def words(args):
    """Returns what `--set` adds, split at blanks."""
    return [word for line in args.set for word in line.split()]


def openssl(args):
    """openssl s_server: one connection after the other, on one address."""
    certificate = ["-cert", f"{args.certificate}.crt", "-key", f"{args.certificate}.key"]
    return [
        "openssl", "s_server", "-www", "-accept", hosts_and_port(args)[0],
        *(["-nocert"] if args.no_certificate else certificate), "-cipher", args.ciphers,
        "-min_protocol", OPENSSL_NAMES[args.versions[0]], "-max_protocol", OPENSSL_NAMES[args.versions[-1]],
        *{"": [], "asked": ["-verify", "2"], "demanded": ["-Verify", "2", "-verify_return_error"]}[args.client_cert],
        *(["-groups", args.groups] if args.groups else []), *words(args),
    ]  # fmt: skip


def gnutls(args):
    """gnutls-serv: listens on every address of the machine."""
    versions = "".join(f":+VERS-TLS{v}" for v in args.versions)
    return [
        "gnutls-serv", "--http", "--quiet", "--disable-client-cert", f"--port={args.port}",
        f"--x509certfile={args.certificate}.crt", f"--x509keyfile={args.certificate}.key",
        f"--priority=LEGACY:-VERS-ALL{versions}{args.priority}", *words(args),
    ]  # fmt: skip
