#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a real server whose TLS stands behind a door: a STARTTLS dialogue, or a forward proxy itself.

  doors.py NAME [--no-tls] [--protocol P] [--deny] [--password]

As serve.py does, it writes the configuration into $LAB_RUN and becomes the server, which listens on
$LAB_PORT. Servers that may not be root become their Debian user; what they write goes to folders of
their own below $LAB_RUN.
"""

import argparse
import os
import pwd
import shutil
import subprocess
from pathlib import Path

RUN = Path(os.environ["LAB_RUN"])
PORT = os.environ["LAB_PORT"]
PKI = Path(os.environ["LAB_PKI"])


def write(name, text):
    """Writes a file into the run directory and returns its path."""
    path = RUN / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def own(name, user):
    """Makes a folder that belongs to a user, with the certificate and key inside; the key is for that user alone."""
    folder = RUN / name
    folder.mkdir(parents=True, exist_ok=True)
    for end in ("crt", "key"):
        shutil.copy(PKI / f"rsa.{end}", folder / f"rsa.{end}")
    (folder / "rsa.key").chmod(0o600)
    for path in (folder, *folder.iterdir()):
        give(path, user)
    return folder


def give(path, user):
    """Gives a file to a user, where we are root."""
    if os.geteuid() == 0:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def as_user(user, command):
    """Returns the command that runs as a user, where we are root."""
    if os.geteuid() != 0:
        return command
    group = pwd.getpwnam(user).pw_gid
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--", *command]


def prepare(command):
    """Runs a program that makes ready what a server needs."""
    subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL, cwd=RUN)


def postfix(args):
    """Postfix: `master -d` stays in the foreground; smtpd alone, without chroot."""
    queue, data = RUN / "queue", RUN / "data"
    queue.mkdir()
    own("data", "postfix")
    tls = "" if args.no_tls else f"""
smtpd_tls_security_level = may
smtpd_tls_cert_file = {PKI}/rsa.crt
smtpd_tls_key_file = {PKI}/rsa.key
smtpd_tls_protocols = >=TLSv1.2
"""
    write("etc/main.cf", f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = /dev/stdout
maillog_file_prefixes = /dev
myhostname = mail.lab.test
mydestination = localhost
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
smtputf8_enable = no
{tls}
""")
    write("etc/master.cf", f"""
127.0.0.1:{PORT} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
""")
    etc = RUN / "etc"
    prepare(["postfix", "-c", str(etc), "check"])
    return ["/usr/lib/postfix/sbin/master", "-c", str(etc), "-d"]


def dovecot(args):
    """Dovecot: one of its clear-text listeners, which upgrade where TLS is on."""
    service = {"imap": "imap-login", "pop3": "pop3-login", "sieve": "managesieve-login", "lmtp": "lmtp"}[args.protocol]
    listener = {"imap": ("imap", "imaps"), "pop3": ("pop3", "pop3s"), "sieve": ("sieve", "")}.get(args.protocol)
    others = f"inet_listener {listener[1]} {{\n port = 0\n }}" if listener and listener[1] else ""
    config = write("dovecot.conf", f"""
base_dir = {RUN}/run
state_dir = {RUN}/run
log_path = {RUN}/dovecot.log
protocols = {args.protocol}
mail_location = maildir:{RUN}/mail
passdb {{
  driver = static
  args = password=lab
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={RUN}
}}
service {service} {{
  chroot =
  {"process_min_avail = 1" if listener else ""}
  inet_listener {listener[0] if listener else "lmtp"} {{
    address = 127.0.0.1
    port = {PORT}
  }}
  {others}
}}
ssl = {"no" if args.no_tls else "yes"}
ssl_cert = <{PKI}/rsa.crt
ssl_key = <{PKI}/rsa.key
ssl_min_protocol = TLSv1.2
""")
    (RUN / "run").mkdir()
    return ["dovecot", "-F", "-c", str(config)]


def vsftpd(args):
    """vsftpd, which Debian links with OpenSSL."""
    config = write("vsftpd.conf", f"""
listen=YES
listen_address=127.0.0.1
listen_port={PORT}
background=NO
anonymous_enable=YES
local_enable=NO
secure_chroot_dir={RUN}
vsftpd_log_file={RUN}/vsftpd.log
run_as_launching_user={"NO" if os.geteuid() == 0 else "YES"}
ssl_enable={"NO" if args.no_tls else "YES"}
rsa_cert_file={PKI}/rsa.crt
rsa_private_key_file={PKI}/rsa.key
ssl_tlsv1=NO
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
""")
    return ["vsftpd", str(config)]


def postgres(args):
    """PostgreSQL 15 with an empty cluster."""
    programs = "/usr/lib/postgresql/15/bin"
    folder = own("pg", "postgres")
    data = folder / "data"
    prepare(as_user("postgres", [f"{programs}/initdb", "-D", str(data), "-N", "--auth=trust", "-E", "UTF8", "--locale=C"]))
    options = {
        "listen_addresses": "127.0.0.1",
        "port": PORT,
        "unix_socket_directories": str(folder),
        "ssl": "off" if args.no_tls else "on",
        "ssl_cert_file": str(folder / "rsa.crt"),
        "ssl_key_file": str(folder / "rsa.key"),
    }
    words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
    return as_user("postgres", [f"{programs}/postgres", "-D", str(data), *words])


def mariadb(args):
    """MariaDB with an empty data folder; without the grant tables nothing has to be installed."""
    folder = own("my", "nobody")
    tls = "skip-ssl" if args.no_tls else f"ssl-cert={folder}/rsa.crt\nssl-key={folder}/rsa.key"
    config = write("my.cnf", f"""
[mysqld]
datadir={folder}
socket={folder}/s
pid-file={folder}/pid
bind-address=127.0.0.1
port={PORT}
skip-grant-tables
skip-networking=0
innodb=OFF
default-storage-engine=MyISAM
default-tmp-storage-engine=MyISAM
aria-log-dir-path={folder}
log-error={folder}/log
{tls}
""")
    return as_user("nobody", ["mariadbd", f"--defaults-file={config}", "--lc-messages-dir=/usr/share/mysql"])


def slapd(args):
    """OpenLDAP with an empty LDIF database."""
    (RUN / "db").mkdir()
    tls = "" if args.no_tls else f"TLSCertificateFile {PKI}/rsa.crt\nTLSCertificateKeyFile {PKI}/rsa.key\nTLSCipherSuite NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"
    config = write("slapd.conf", f"""
modulepath /usr/lib/ldap
moduleload back_ldif
include /etc/ldap/schema/core.schema
pidfile {RUN}/slapd.pid
{tls}
database ldif
suffix "dc=lab"
directory {RUN}/db
""")
    return ["slapd", "-h", f"ldap://127.0.0.1:{PORT}", "-f", str(config), "-d", "0"]


def prosody(args):
    """Prosody: the port of clients, or that of other servers."""
    folder = own("prosody", "prosody")
    kind = "s2s" if args.protocol == "xmpp-server" else "c2s"
    modules = "" if args.no_tls else '"tls";'
    config = folder / "prosody.cfg.lua"
    config.write_text(f"""
pidfile = "{folder}/pid"
data_path = "{folder}"
interfaces = {{ "127.0.0.1" }}
{kind}_ports = {{ {PORT} }}
{"c2s" if kind == "s2s" else "s2s"}_ports = {{}}
c2s_direct_tls_ports = {{}}
s2s_direct_tls_ports = {{}}
c2s_require_encryption = false
s2s_require_encryption = false
modules_enabled = {{ "saslauth"; {modules} {'"dialback";' if kind == "s2s" else ""} }}
modules_disabled = {{ {'"tls";' if args.no_tls else ""} {'"s2s";' if kind == "c2s" else '"c2s";'} }}
authentication = "internal_hashed"
log = {{ {{ levels = {{ min = "info" }}; to = "console" }} }}
ssl = {{ certificate = "{folder}/rsa.crt"; key = "{folder}/rsa.key" }}
VirtualHost "localhost"
""")
    give(config, "prosody")
    return as_user("prosody", ["prosody", "--config", str(config), "-F"])


def inspircd(args):
    """InspIRCd with the starttls module."""
    tls = "" if args.no_tls else f"""
<module name="ssl_gnutls">
<module name="starttls">
<sslprofile name="lab" provider="gnutls" certfile="{PKI}/rsa.crt" keyfile="{PKI}/rsa.key"
            priority="NORMAL:-VERS-TLS1.0:-VERS-TLS1.1">
"""
    config = write("inspircd.conf", f"""
<module name="cap">
<module name="ircv3">
<server name="irc.lab.test" description="lab" network="lab">
<admin name="lab" nick="lab" email="lab@lab.test">
<bind address="127.0.0.1" port="{PORT}" type="clients" {'' if args.no_tls else 'sslprofile="" '}>
<connect name="main" allow="*" timeout="60" localmax="100" globalmax="100" resolvehostnames="no">
<class name="none"><type name="none">
<files motd="{RUN}/motd">
<options defaultbind="ipv4">
<dns server="127.0.0.53" timeout="1">
<pid file="{RUN}/pid">
{tls}
""")
    write("motd", "lab\n")
    return ["inspircd", "--config", str(config), "--nofork", "--runasroot", "--nopid"]


def squid(args):
    """squid: CONNECT to any port, to none with --deny, and for those who know the password with --password."""
    cache = own("squid", "proxy")
    passwords = write("passwords", "me:$apr1$lab$bpkN8KUGhvGwHLNW4gk72/\n")
    auth = f"""
auth_param basic program /usr/lib/squid/basic_ncsa_auth {passwords}
acl known proxy_auth REQUIRED
http_access deny !known
""" if args.password else ""
    config = write("squid.conf", f"""
http_port 127.0.0.1:{PORT}
pid_filename none
cache deny all
cache_mem 8 MB
access_log none
cache_log {cache}/cache.log
coredump_dir {cache}
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
dns_nameservers 127.0.0.53
{auth}
http_access {"deny" if args.deny else "allow"} all
""")
    return ["squid", "-N", "-f", str(config)]


def tinyproxy(args):
    """tinyproxy: CONNECT to any port, to 443 alone with --deny."""
    config = write("tinyproxy.conf", f"""
Port {PORT}
Listen 127.0.0.1
Timeout 30
MaxClients 50
LogLevel Error
LogFile "{RUN}/tinyproxy.log"
{"ConnectPort 443" if args.deny else ""}
{"BasicAuth me sesame" if args.password else ""}
""")
    return ["tinyproxy", "-d", "-c", str(config)]


def microsocks(args):
    """microsocks: SOCKS5 with or without a password."""
    auth = ["-u", "me", "-P", "sesame"] if args.password else []
    return ["microsocks", "-i", "127.0.0.1", "-p", PORT, *auth]


SERVERS = {
    server.__name__: server
    for server in (
        postfix, dovecot, vsftpd, postgres, mariadb, slapd, prosody, inspircd, squid, tinyproxy, microsocks,
    )
}  # fmt: skip


def main():
    """Reads the command line and becomes the server."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("--no-tls", action="store_true", help="the door leads nowhere")
    parser.add_argument("--protocol", default="", help="dovecot, prosody: of the listener")
    parser.add_argument("--deny", action="store_true", help="proxies: refuse to connect")
    parser.add_argument("--password", action="store_true", help="proxies: for me:sesame alone")
    args = parser.parse_args()
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    command = SERVERS[args.server](args)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
