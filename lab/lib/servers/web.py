# SPDX-License-Identifier: Apache-2.0
"""Web servers and proxies. `--set LINE` stands where TLS is configured: server block, virtual host, bind line."""

import os

from servers.common import OPENSSL_NAMES, hosts_and_port, lines, write


def nginx(args):
    """nginx: the default server of a socket decides the versions for all names."""
    tls = "" if args.plain else f"""
        ssl_certificate {args.certificate}.crt;
        ssl_certificate_key {args.certificate}.key;
        ssl_protocols {" ".join(OPENSSL_NAMES[v] for v in args.versions)};
        ssl_ciphers {args.ciphers};
        {f"ssl_ecdh_curve {args.groups};" if args.groups else ""}
        {lines(args, ";")}"""
    word = "" if args.plain else " ssl"
    listen = "".join(f"listen {a}{word};" for a in hosts_and_port(args))
    first = listen.replace(";", " default_server;")
    refuse = f"server {{ {first} {tls} ssl_reject_handshake on; }}" if args.only_name else ""
    if args.not_name:
        refuse = f"server {{ {listen} server_name {args.not_name}; ssl_reject_handshake on; }}"
        listen = first
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


def nginx_stream(args):
    """nginx's stream module, which knows no HTTP and so no protocols but those that it is told."""
    config = write(args, "nginx.conf", f"""
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
worker_processes 1;
daemon off;
pid {args.run}/nginx.pid;
error_log {args.run}/error.log info;
events {{ worker_connections 256; }}
stream {{
    server {{
        {"".join(f"listen {a} ssl;" for a in hosts_and_port(args))}
        ssl_certificate {args.certificate}.crt;
        ssl_certificate_key {args.certificate}.key;
        ssl_protocols {" ".join(OPENSSL_NAMES[v] for v in args.versions)};
        ssl_ciphers {args.ciphers};
        {lines(args, ";")}
        return "lab\\n";
    }}
}}
""")
    return ["nginx", "-p", args.run, "-e", f"{args.run}/error.log", "-c", config]


def apache(args):
    """Apache httpd with the four modules that TLS takes."""
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
    SSLProtocol -all {" ".join(f"+{OPENSSL_NAMES[v]}" for v in args.versions)}
    SSLCipherSuite {args.ciphers}
    SSLCertificateFile {args.certificate}.crt
    SSLCertificateKeyFile {args.certificate}.key
    {lines(args)}
</VirtualHost>
""")
    return ["apache2", "-d", args.run, "-f", config, "-DFOREGROUND"]


def haproxy(args):
    """HAProxy: lowest and highest version on the bind line; strict-sni knows only the names of its certificate."""
    strict = "strict-sni" if args.only_name else ""
    binds = "\n".join(
        f"    bind {a} ssl crt {args.certificate}.pem ssl-min-ver TLSv{args.versions[0]}"
        f" ssl-max-ver TLSv{args.versions[-1]} ciphers {args.ciphers} {strict} {' '.join(args.set)}"
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


def lighttpd(args):
    """lighttpd on OpenSSL: a lowest and a highest version, and the cipher string; `own` leaves it its own."""
    cipher = "" if args.ciphers == "own" else f'"CipherString" => "{args.ciphers}"'
    config = write(args, "lighttpd.conf", f"""
server.document-root = "{args.run}"
server.bind = "{args.address[0]}"
server.port = {args.port}
server.errorlog = "{args.run}/error.log"
server.modules = ("mod_openssl")
ssl.engine = "enable"
ssl.pemfile = "{args.certificate}.pem"
ssl.openssl.ssl-conf-cmd = (
    "MinProtocol" => "{OPENSSL_NAMES[args.versions[0]]}",
    "MaxProtocol" => "{OPENSSL_NAMES[args.versions[-1]]}",
    {cipher}
)
{lines(args)}
""")
    return ["lighttpd", "-D", "-f", config]


def caddy(args):
    """Caddy, which is Go's crypto/tls: `--set` adds a line to its `tls` block."""
    os.environ["HOME"] = os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = args.run
    names = (args.only_name or "").split(",")
    config = write(args, "Caddyfile", f"""
{{
    admin off
    auto_https off
    default_bind {" ".join(args.address)}
    skip_install_trust
}}
{", ".join(f"https://{name}:{args.port}" for name in names)} {{
    tls {args.certificate}.crt {args.certificate}.key {{
        protocols {" ".join(f"tls{v}" for v in (args.versions[0], args.versions[-1]))}
        {lines(args)}
    }}
    respond "lab"
}}
""")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", config]
