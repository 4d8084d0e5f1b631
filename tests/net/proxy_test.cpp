// SPDX-License-Identifier: Apache-2.0
#include "net/proxy.hpp"

#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::net {
namespace {

using namespace std::string_view_literals;

TEST_CASE("read_proxy reads URLs") {
    const struct {
        std::string_view url;
        ProxyKind kind;
        std::string_view host;
        std::uint16_t port;
        std::string_view user;
        std::string_view password;
    } cases[] = {
        {"http://proxy.example:3128", ProxyKind::http, "proxy.example", 3128, "", ""},
        {"HTTP://Proxy.Example:3128/", ProxyKind::http, "proxy.example", 3128, "", ""},
        {"http://proxy", ProxyKind::http, "proxy", 80, "", ""},
        {"socks5://127.0.0.1", ProxyKind::socks5, "127.0.0.1", 1080, "", ""},
        {"socks5h://[::1]:1", ProxyKind::socks5, "::1", 1, "", ""},
        {"http://me:se%3Aam%65@p:8", ProxyKind::http, "p", 8, "me", "se:ame"},
        {"http://me@p:8", ProxyKind::http, "p", 8, "me", ""},
        {"http://a@b:c@p:8", ProxyKind::http, "p", 8, "a@b", "c"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.url);
        const auto proxy = read_proxy(c.url);
        REQUIRE(proxy.has_value());
        CHECK(proxy->kind == c.kind);
        CHECK(proxy->host == c.host);
        CHECK(proxy->port == c.port);
        CHECK(proxy->user == c.user);
        CHECK(proxy->password == c.password);
        const auto again = read_proxy(to_string(*proxy));
        REQUIRE(again.has_value());
        CHECK(again->host == c.host);
        CHECK(again->user.empty());
    }
}

TEST_CASE("read_proxy refuses what is no proxy and keeps the password to itself") {
    const std::string_view cases[] = {
        "",
        "proxy:3128",
        "https://secret@proxy:3128",
        "ftp://proxy",
        "http://",
        "http://me:secret@",
        "http://me:secret@p:0",
        "http://me:secret@p:65536",
        "http://me:secret@p:x",
        "http://me:secret@[::1",
        "http://me:secret@[p]:1",
        "http://me:secret@a b:1",
        "http://:secret@p:1",
        "http://me:%s@p:1",
        "http://me:secret%4@p:1",
        "http://me:secret@::1:80",
    };
    for (const std::string_view url : cases) {
        CAPTURE(url);
        const auto proxy = read_proxy(url);
        REQUIRE(!proxy.has_value());
        CHECK(!proxy.error().empty());
        CHECK(proxy.error().find("secret") == std::string::npos);
    }
    CHECK(!read_proxy("http://" + std::string(256, 'x') + ":p@h:1").has_value());
}

TEST_CASE("a SOCKS proxy is given an address as an address and a name as a name") {
    const struct {
        std::string_view host;
        std::string_view asks;
    } cases[] = {
        {"192.0.2.7", "\x05\x01\x00\x01\xc0\x00\x02\x07\x01\xbb"sv},
        {"::1", "\x05\x01\x00\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x01\xbb"sv},
        {"a.example", "\x05\x01\x00\x03\x09"
                      "a.example\x01\xbb"sv},
    };
    for (const auto& c : cases) {
        CAPTURE(c.host);
        Dialogue dialogue(proxy_dialogue(ProxyKind::socks5), names_for({}, c.host, 443));
        const Bytes hello = dialogue.take_output();
        CHECK(as_text(hello) == "\x05\x01\x00"sv);
        dialogue.feed(as_bytes("\x05\x00"sv));
        const Bytes request = dialogue.take_output();
        CHECK(as_text(request) == c.asks);
    }
}

TEST_CASE("an HTTP proxy is given an IPv6 address in brackets") {
    Dialogue dialogue(proxy_dialogue(ProxyKind::http), names_for({}, "::1", 443));
    const Bytes request = dialogue.take_output();
    CHECK(as_text(request) == "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n");
}

} // namespace
} // namespace tlsdoctor::net
