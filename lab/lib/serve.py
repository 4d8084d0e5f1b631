#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts one real server in the foreground: writes its configuration into the run directory, then
becomes the server (exec), so that killing the process group is all that stopping takes.

A case says what it needs in one line: `serve.py nginx --versions 1.2,1.3`. One function per server turns
that into the server's own words. LAB_RUN, LAB_PORT and LAB_PKI come from run.py.
"""

import argparse
import fcntl
import os
import subprocess
import sys

LIB = os.path.dirname(os.path.abspath(__file__))
ALL = ["ssl3", "1.0", "1.1", "1.2", "1.3"]
#: Debian's OpenSSL signs nothing for TLS 1.0 and 1.1 above this level, whatever the versions say.
EVERY_CIPHER = "ALL:@SECLEVEL=0"


def write(args, name, text):
    """Writes a configuration file into the run directory and returns its path."""
    path = os.path.join(args.run, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def hosts_and_port(args):
    """Returns `address:port` for every address, IPv6 in brackets."""
    return [f"[{a}]:{args.port}" if ":" in a else f"{a}:{args.port}" for a in args.address]


def nginx(args):
    """nginx: the default server of a socket decides the versions for all names."""
    protocols = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    tls = "" if args.plain else f"""
        ssl_certificate {args.certificate}.crt;
        ssl_certificate_key {args.certificate}.key;
        ssl_protocols {" ".join(protocols[v] for v in args.versions)};
        ssl_ciphers {args.ciphers};
        {f"ssl_ecdh_curve {args.groups};" if args.groups else ""}"""
    word = "" if args.plain else " ssl"
    listen = "".join(f"listen {a}{word};" for a in hosts_and_port(args))
    first = listen.replace(";", " default_server;")
    refuse = f"server {{ {first} {tls} ssl_reject_handshake on; }}" if args.only_name else ""
    name = args.only_name or "_"
    config = write(args, "nginx.conf", f"""
{"user root;" if os.geteuid() == 0 else ""}
worker_processes 1;
daemon off;
pid {args.run}/nginx.pid;
error_log {args.run}/error.log info;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {args.run}/body;
    proxy_temp_path {args.run}/proxy;
    fastcgi_temp_path {args.run}/fastcgi;
    uwsgi_temp_path {args.run}/uwsgi;
    scgi_temp_path {args.run}/scgi;
    {refuse}
    server {{
        {listen}
        server_name {name};
        {tls}
        location / {{ return 200 "lab\\n"; }}
    }}
}}
""")
    return ["nginx", "-p", args.run, "-e", f"{args.run}/error.log", "-c", config]


def apache(args):
    """Apache httpd with the four modules that TLS takes."""
    protocols = {"1.0": "+TLSv1", "1.1": "+TLSv1.1", "1.2": "+TLSv1.2", "1.3": "+TLSv1.3"}
    modules = "\n".join(
        f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in ("mpm_event", "authz_core", "ssl")
    )
    listen = "\n".join(f"Listen {a} https" for a in hosts_and_port(args))
    config = write(args, "apache2.conf", f"""
ServerRoot "{args.run}"
ServerName localhost
DocumentRoot "{args.run}"
PidFile "{args.run}/httpd.pid"
DefaultRuntimeDir "{args.run}"
ErrorLog "{args.run}/error.log"
User www-data
Group www-data
StartServers 1
ThreadsPerChild 25
{modules}
{listen}
<VirtualHost *:{args.port}>
    SSLEngine on
    SSLProtocol -all {" ".join(protocols[v] for v in args.versions)}
    SSLCipherSuite {args.ciphers}
    SSLCertificateFile {args.certificate}.crt
    SSLCertificateKeyFile {args.certificate}.key
</VirtualHost>
""")
    return ["apache2", "-d", args.run, "-f", config, "-DFOREGROUND"]


def haproxy(args):
    """HAProxy: lowest and highest version on the bind line; strict-sni knows only the names of its certificate."""
    strict = "strict-sni" if args.only_name else ""
    binds = "\n".join(
        f"    bind {a} ssl crt {args.certificate}.pem ssl-min-ver TLSv{args.versions[0]}"
        f" ssl-max-ver TLSv{args.versions[-1]} ciphers {args.ciphers} {strict}"
        for a in hosts_and_port(args)
    )
    config = write(args, "haproxy.cfg", f"""
global
    maxconn 200
    nbthread 1
defaults
    mode http
    timeout connect 5s
    timeout client 10s
    timeout server 10s
frontend lab
{binds}
    http-request return status 200
""")
    return ["haproxy", "-db", "-f", config]


def openssl(args):
    """openssl s_server: one connection after the other, on one address."""
    names = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    return [
        "openssl", "s_server", "-www", "-accept", hosts_and_port(args)[0],
        "-cert", f"{args.certificate}.crt", "-key", f"{args.certificate}.key", "-cipher", args.ciphers,
        "-min_protocol", names[args.versions[0]], "-max_protocol", names[args.versions[-1]],
        *{"": [], "asked": ["-verify", "2"], "demanded": ["-Verify", "2", "-verify_return_error"]}[args.client_cert],
    ]  # fmt: skip


def gnutls(args):
    """gnutls-serv: listens on every address of the machine."""
    versions = "".join(f":+VERS-TLS{v}" for v in args.versions)
    return [
        "gnutls-serv", "--http", "--quiet", "--disable-client-cert", f"--port={args.port}",
        f"--x509certfile={args.certificate}.crt", f"--x509keyfile={args.certificate}.key",
        f"--priority=LEGACY:-VERS-ALL{versions}",
    ]  # fmt: skip


def java(args):
    """JSSE with nothing disabled: the class is compiled once per run, beside the certificates."""
    names = {"ssl3": "SSLv3", "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    classes = os.path.join(args.pki, "classes")
    with open(os.path.join(args.pki, "classes.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(os.path.join(classes, "JsseServer.class")):
            subprocess.run(["javac", "-d", classes, os.path.join(LIB, "JsseServer.java")], check=True, timeout=60)
    return [
        "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx96m", "-cp", classes, "JsseServer",
        args.address[0], str(args.port), f"{args.certificate}.p12", ",".join(names[v] for v in args.versions),
    ]  # fmt: skip


def node(args):
    """Node.js: a lowest and a highest version."""
    return [
        "node", os.path.join(LIB, "node_server.js"), args.address[0], str(args.port), args.certificate,
        f"TLSv{args.versions[0]}".replace("1.0", "1"), f"TLSv{args.versions[-1]}".replace("1.0", "1"), args.ciphers,
    ]  # fmt: skip


def dovecot(args):
    """Dovecot knows a lowest version only; a highest one reaches it through OpenSSL's own configuration."""
    lowest = {"1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3"}
    if args.versions[-1] != "1.3":
        os.environ["OPENSSL_CONF"] = write(args, "openssl.cnf", f"""
openssl_conf = conf
[conf]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
MaxProtocol = {lowest[args.versions[-1]]}
""")
    address = " ".join(args.address)
    plain, tls = (args.port, 0) if args.plain else (0, args.port)
    config = write(args, "dovecot.conf", f"""
base_dir = {args.run}/run
state_dir = {args.run}/run
log_path = {args.run}/dovecot.log
import_environment = TZ OPENSSL_CONF
protocols = imap
mail_location = maildir:{args.run}/mail
passdb {{
  driver = static
  args = password=lab
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={args.run}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    address = {address}
    port = {plain}
  }}
  inet_listener imaps {{
    address = {address}
    port = {tls}
    ssl = yes
  }}
}}
ssl = yes
ssl_cert = <{args.certificate}.crt
ssl_key = <{args.certificate}.key
ssl_min_protocol = {lowest[args.versions[0]]}
ssl_cipher_list = {args.ciphers}
""")
    os.makedirs(os.path.join(args.run, "run"), exist_ok=True)
    return ["dovecot", "-F", "-c", config]


SERVERS = {
    "nginx": nginx,
    "apache": apache,
    "haproxy": haproxy,
    "openssl": openssl,
    "gnutls": gnutls,
    "java": java,
    "node": node,
    "dovecot": dovecot,
}


def parse():
    """Reads the command line and the environment."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("--versions", default="1.2,1.3", help="adjoining ones, e.g. 1.0,1.1")
    parser.add_argument("--address", action="append", help="default 127.0.0.1; may be given again")
    parser.add_argument("--certificate", default="rsa", help="a name from pki.py")
    parser.add_argument("--ciphers", default=EVERY_CIPHER)
    parser.add_argument("--groups", help="nginx: ssl_ecdh_curve")
    parser.add_argument("--only-name", help="nginx, haproxy: refuse the handshake for any other name")
    parser.add_argument(
        "--client-cert", default="", choices=["asked", "demanded"], help="openssl: of the client"
    )
    parser.add_argument("--plain", action="store_true", help="nginx, dovecot: listen without TLS")
    args = parser.parse_args()
    args.versions = sorted(args.versions.split(","), key=ALL.index)
    args.address = args.address or ["127.0.0.1"]
    args.port = int(os.environ["LAB_PORT"])
    args.pki = os.environ["LAB_PKI"]
    args.certificate = os.path.join(args.pki, args.certificate)
    args.run = os.path.join(os.environ["LAB_RUN"], f"{args.server}-{args.address[0]}-{args.port}".replace(":", "."))
    os.makedirs(args.run, exist_ok=True)
    return args


if __name__ == "__main__":
    arguments = parse()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    command = SERVERS[arguments.server](arguments)
    sys.stdout.flush()
    os.execvp(command[0], command)
