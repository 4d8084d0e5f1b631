// SPDX-License-Identifier: Apache-2.0
#include "explain/places.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

struct PlaceText {
    std::string_view text{};
    std::string_view target{};
    Observer observer{Observer::client};
};

const PlaceText k_place_texts[] = {
    {"curl: (35) OpenSSL/3.0: error", "HOST"},
    {"* Connected to shop.example (192.0.2.7) port 8443 (#0)", "shop.example:8443"},
    {"* connect to 192.0.2.7 port 443 failed: Connection refused", "192.0.2.7"},
    {"fatal: unable to access 'https://git.example/x.git/': SSL connect error", "git.example"},
    {"Get \"https://api.example:6443/v2\": remote error: tls: handshake failure", "api.example:6443"
    },
    {"Get \"https://[2001:db8::1]:6443/v2\": x", "[2001:db8::1]:6443"},
    {"Max retries: HTTPSConnectionPool(host='pypi.example', port=443): x", "pypi.example"},
    {"connection to server at \"db.example\" (192.0.2.7), port 5432 failed: SSL error",
     "db.example:5432"},
    {"Error: write EPROTO 140:error:1408F10B:SSL routines:x:../deps/openssl/s3_pkt.c:332:", "HOST"},
    {"(_ssl.c:1129)", "HOST"},
    {"at sun.security.ssl.Alerts.getSSLException(Alerts.java:192)", "HOST"},
    {"javax.net.ssl.SSLHandshakeException: Received fatal alert", "HOST"},
    {"10:00:00 x", "HOST"},
    {"dial tcp 192.0.2.9:8883: x", "192.0.2.9:8883"},
    {"dial tcp: lookup redis:6379: x", "redis:6379"},
    {"dial tcp: lookup foo.example on 10.0.0.2:53: no such host", "foo.example"},
    {"dial tcp: lookup foo.example on 10.0.0.2:53: read udp 10.0.0.9:4444->10.0.0.2:53: x",
     "foo.example"},
    {"dial tcp: lookup foo.example on [2001:db8::53]:53: server misbehaving", "foo.example"},
    {"Get \"https://a.example:8443/\": dial tcp: lookup a.example on 10.0.0.2:53: no such host",
     "a.example:8443"},
    {"read udp 10.0.0.9:4444->10.0.0.2:53: i/o timeout", "HOST"},
    {"relay=mx.example[192.0.2.25]:25, delay=1", "mx.example:25"},
    {"SSL_connect error to mx.example[192.0.2.25]:25: -1", "mx.example:25"},
    {"openssl s_client -connect mail.example:587", "mail.example:587"},
    {"127.0.0.1:9000 and https://a.example/", "a.example"},
    {"connect to 127.0.0.1 port 8443", "127.0.0.1:8443"},
    {"while SSL handshaking to upstream, client: 198.51.100.1, server: a.example, upstream: "
     "\"https://192.0.2.1:8443/\", host: \"a.example\"",
     "192.0.2.1:8443", Observer::proxy_upstream},
    {"while SSL handshaking, client: 198.51.100.1, server: 0.0.0.0:443", "HOST", Observer::server},
    {"while SSL handshaking, client: 198.51.100.1, server: a.example, x", "a.example",
     Observer::server},
    {"status code:443 line:25", "HOST"},
    {"Error: getaddrinfo ENOTFOUND registry.example", "registry.example"},
    {"version 1.2.3.4567 of x", "HOST"},
    {"smtp.example.com:465", "smtp.example.com:465"},
    {"https://user:secret@a.example:9443/x", "a.example:9443"},
    {"http://evil;rm -rf.example/", "evil"},
    {"ssl://broker.example:8883", "broker.example:8883"},
    {"at _errnoException (util.js:992:11)", "HOST"},
    {"poczta.example.pl:993", "poczta.example.pl:993"},
};

} // namespace

TEST_CASE("PlaceFinder finds what is there and invents nothing") {
    const PlaceFinder finder;
    for (const PlaceText& c : k_place_texts) {
        CAPTURE(std::string{c.text});
        const std::vector<std::string> lines{std::string{c.text}};
        CHECK(target_text(finder.find(lines, c.observer)) == std::string{c.target});
    }
}

} // namespace tlsdoctor::explain
