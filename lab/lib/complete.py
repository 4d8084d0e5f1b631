# SPDX-License-Identifier: Apache-2.0
"""Completes a handshake with Python's own OpenSSL, without a client certificate, and asks for `HEAD /`.

The other half of the lab's truth: what a server does only after its ServerHello. Everything old is allowed.
"""

import re
import socket
import ssl
import warnings

VERSIONS = {
    "TLS 1.0": ssl.TLSVersion.TLSv1,
    "TLS 1.1": ssl.TLSVersion.TLSv1_1,
    "TLS 1.2": ssl.TLSVersion.TLSv1_2,
    "TLS 1.3": ssl.TLSVersion.TLSv1_3,
}


def context_for(version, alpn):
    """Returns a context that offers one version and checks nothing."""
    warnings.simplefilter("ignore", DeprecationWarning)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = VERSIONS[version]
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def head(host, port, version, sni=None, alpn=None, timeout=5.0):
    """Returns `HTTP 200`, `alert certificate_required`, `error REASON`, or `closed`."""
    context = context_for(version, alpn)
    try:
        with socket.create_connection((host, port), timeout) as plain:
            with context.wrap_socket(plain, server_hostname=sni) as secure:
                secure.sendall(b"HEAD / HTTP/1.1\r\nHost: " + (sni or host).encode() + b"\r\nConnection: close\r\n\r\n")
                answer = secure.recv(65536)
    except ssl.SSLError as error:
        # Newer alerts have no name in Python, only OpenSSL's text: `[SSL] tlsv1 alert no application protocol (_ssl...`
        alert = re.search(r"ALERT_(\w+)", re.sub(r" \(.*", "", error.reason or str(error)).upper().replace(" ", "_"))
        return f"alert {alert[1].lower()}" if alert else f"error {error.reason or error}"
    except OSError:
        return "closed"
    status = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return f"HTTP {status[1].decode()}" if status else "not HTTP" if answer else "closed"
