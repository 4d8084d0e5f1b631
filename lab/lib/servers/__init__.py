# SPDX-License-Identifier: Apache-2.0
"""One function per real server: it writes the configuration and returns the command to become."""

from servers.languages import erlang, java, node
from servers.mail import dovecot
from servers.tools import gnutls, openssl
from servers.web import apache, caddy, haproxy, lighttpd, nginx, nginx_stream

SERVERS = {
    server.__name__: server
    for server in (
        apache, caddy, dovecot, erlang, gnutls, haproxy, java, lighttpd, nginx, nginx_stream, node, openssl,
    )
}  # fmt: skip
