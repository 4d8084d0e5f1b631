#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a real proxy in the foreground that passes TCP on, or a real server that waits for a PROXY header.

  proxies.py haproxy_tcp ADDRESS:PORT...     mode tcp, each connection to the next of the backends that live
  proxies.py haproxy_shares ADDRESS:PORT...  the same without health checks, so none is thought dead at the start
  proxies.py haproxy_filter RULE DELAY ADDRESS:PORT
                                             mode tcp, with a rule on the hello: "reject if { req.ssl_sni -i NAME }";
                                             what the rule cannot decide yet waits so long
  proxies.py nginx_stream ADDRESS:PORT       the stream module
  proxies.py nginx_split ADDRESS:PORT ADDRESS:PORT
                                             the stream module: what offers TLS 1.3 goes to the second
  proxies.py nginx_proxy_header              TLS behind `listen ... ssl proxy_protocol`
  proxies.py haproxy_proxy_header            TLS behind `bind ... accept-proxy ssl`

As serve.py does, it writes the configuration into $LAB_RUN and becomes the server. It listens on $LAB_PORT.
"""

import os
import sys
from pathlib import Path

RUN = Path(os.environ["LAB_RUN"])
PORT = os.environ["LAB_PORT"]
PKI = os.environ["LAB_PKI"]

NGINX = """
{user}
{load}
worker_processes 1;
daemon off;
pid {run}/proxy.pid;
error_log {run}/proxy.log info;
events {{ worker_connections 256; }}
{body}
"""
NGINX_HTTP = """
http {{
    access_log off;
    client_body_temp_path {run}/body;
    proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/fastcgi;
    uwsgi_temp_path {run}/uwsgi;
    scgi_temp_path {run}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl proxy_protocol;
        ssl_certificate {pki}/rsa.crt;
        ssl_certificate_key {pki}/rsa.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        location / {{ return 200 "lab\\n"; }}
    }}
}}
"""
NGINX_STREAM = """
stream {{
    {more}
    server {{
        listen 127.0.0.1:{port};
        proxy_connect_timeout 5s;
        proxy_pass {backend};
    }}
}}
"""
#: nginx reads supported_versions for this: the highest version that the hello offers.
NGINX_MAP = """
    map $ssl_preread_protocol $chosen {{
        "TLSv1.3" {newest};
        default {others};
    }}
    ssl_preread on;
"""
STREAM_MODULE = "load_module /usr/lib/nginx/modules/ngx_stream_module.so;"
HAPROXY = """
global
    maxconn 200
    nbthread 1
defaults
    timeout connect 5s
    timeout client 10s
    timeout server 10s
"""


def nginx(body, load=""):
    """Writes nginx.conf and returns the command."""
    user = "user root;" if os.geteuid() == 0 else ""
    config = RUN / "proxy.conf"
    config.write_text(NGINX.format(user=user, load=load, run=RUN, body=body))
    return ["nginx", "-p", str(RUN), "-e", str(RUN / "proxy.log"), "-c", str(config)]


def haproxy(body):
    """Writes haproxy.cfg and returns the command."""
    config = RUN / "proxy.cfg"
    config.write_text(HAPROXY + body)
    return ["haproxy", "-db", "-f", str(config)]


def haproxy_tcp(backends):
    """HAProxy in mode tcp with health checks: knows after the first one that a dead backend is dead."""
    return haproxy_shares(backends, " check inter 500ms fall 1 rise 1")


def haproxy_shares(backends, check=""):
    """HAProxy in mode tcp that gives each connection to the next backend."""
    servers = "".join(f"    server s{i} {backend}{check}\n" for i, backend in enumerate(backends))
    return haproxy(
        f"listen lab\n    mode tcp\n    bind 127.0.0.1:{PORT}\n    balance roundrobin\n    option redispatch\n{servers}"
    )


def haproxy_filter(arguments):
    """HAProxy in mode tcp that holds each hello against a rule of its own language before it passes it on."""
    rule, delay, backend = arguments
    return haproxy(f"""
listen lab
    mode tcp
    bind 127.0.0.1:{PORT}
    tcp-request inspect-delay {delay}
    tcp-request content {rule}
    tcp-request content accept if {{ req.ssl_hello_type 1 }}
    tcp-request content accept if {{ req.len gt 0 }} !{{ req.payload(0,1) -m bin 16 }}
    server behind {backend}
""")


def nginx_stream(backends):
    """nginx with the stream module, which Debian ships as a package of its own."""
    return nginx(NGINX_STREAM.format(port=PORT, backend=backends[0], more=""), STREAM_MODULE)


def nginx_split(backends):
    """nginx that looks into the hello and passes TLS 1.3 to another backend than the rest."""
    more = NGINX_MAP.format(others=backends[0], newest=backends[1])
    return nginx(NGINX_STREAM.format(port=PORT, backend="$chosen", more=more), STREAM_MODULE)


def nginx_proxy_header(_):
    """nginx that wants a PROXY header before the hello."""
    return nginx(NGINX_HTTP.format(run=RUN, port=PORT, pki=PKI))


def haproxy_proxy_header(_):
    """HAProxy that wants a PROXY header before the hello."""
    return haproxy(f"""
frontend lab
    mode http
    bind 127.0.0.1:{PORT} accept-proxy ssl crt {PKI}/rsa.pem ssl-min-ver TLSv1.2
    http-request return status 200
""")


PROXIES = {
    function.__name__: function
    for function in (haproxy_tcp, haproxy_shares, haproxy_filter, nginx_stream, nginx_split, nginx_proxy_header, haproxy_proxy_header)
}


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in PROXIES:
        sys.exit(__doc__)
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    command = PROXIES[sys.argv[1]](sys.argv[2:])
    os.execvp(command[0], command)
