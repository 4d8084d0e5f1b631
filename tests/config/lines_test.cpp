// SPDX-License-Identifier: Apache-2.0
// The tokenizers of HAProxy and lighttpd lose nothing, and HAProxy's rules of versions as a table.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "config/lossless.hpp"
#include "config/servers/haproxy_conditions.hpp"
#include "config/servers/haproxy_tls.hpp"
#include "config/syntax/haproxy.hpp"
#include "config/syntax/key_value.hpp"
#include "config/syntax/lighttpd.hpp"

namespace tlsdoctor::config {

TEST_CASE("no byte of HAProxy's and lighttpd's files is lost, wherever they are cut") {
    const std::string haproxy = "global # c\n\tsetenv A \"x ${B[*]-y} \\\"z\"\n"
                                "bind '1':2\\ 3#d\r\n.if !defined(X)\n  a \\\\ \"$\n";
    check_every_truncation(haproxy, read_haproxy_lines);
    const std::string lighttpd =
        "a.b += ( \"x\" => \"y\\\"\", # c\n 1 )\n$HTTP[\"host\"] =~ \"^a\" {\n"
        " v = \"a\" + var.b } else $SERVER[\"socket\"] == \":1\" { }\n}{\n";
    check_every_truncation(lighttpd, read_lighttpd_syntax);
    check_lossless(std::string(10'000, '{'), read_lighttpd_syntax);
    check_lossless(std::string(10'000, '"'), read_haproxy_lines);
}

TEST_CASE("no byte is lost of the files that Debian ships, where they are installed") {
    struct {
        const char* folder;
        Tokenizer tokenizer;
    } const cases[] = {
        {"/etc/haproxy", read_haproxy_lines},
        {"/usr/share/doc/haproxy", read_haproxy_lines},
        {"/etc/lighttpd", read_lighttpd_syntax},
        {"/usr/share/doc/lighttpd", read_lighttpd_syntax},
        {"/etc/hitch", read_lighttpd_syntax},
        {"/usr/share/doc/hitch", read_lighttpd_syntax},
        {"/etc/stunnel",
         [](const Sources& s, FileId f) {
             return read_key_value(s, f, k_stunnel_dialect);
         }},
        {"/usr/share/doc/stunnel4",
         [](const Sources& s, FileId f) {
             return read_key_value(s, f, k_stunnel_dialect);
         }},
        {"/etc/squid",
         [](const Sources& s, FileId f) {
             return read_key_value(s, f, k_squid_dialect);
         }},
    };
    namespace fs = std::filesystem;
    for (const auto& c : cases) {
        std::error_code error;
        for (const auto& entry : fs::recursive_directory_iterator{c.folder, error}) {
            std::ifstream file{entry.path(), std::ios::binary};
            if (entry.is_regular_file(error) && file) {
                CAPTURE(entry.path().string());
                check_lossless({std::istreambuf_iterator<char>{file}, {}}, c.tokenizer);
            }
        }
    }
}

TEST_CASE("HAProxy's options are written anew in the shortest way") {
    using enum ProtocolVersion;
    struct {
        const char* old;
        VersionSet wanted;
        const char* result; ///< empty: cannot be said here
    } const cases[] = {
        {"ssl crt a force-tlsv12 alpn h2", k_modern_versions, "ssl crt a alpn h2"},
        {"ssl crt a ssl-max-ver TLSv1.1",
         {tls_1_0, tls_1_1, tls_1_2},
         "ssl crt a ssl-min-ver TLSv1.0 ssl-max-ver TLSv1.2"},
        {"ssl crt \"a\"  ssl-max-ver TLSv1.2", k_modern_versions, "ssl crt \"a\""},
        {"'ssl-min-ver' \"TLSv1.3\" no-tls-tickets", k_modern_versions,
         "'ssl-min-ver' \"TLSv1.2\" no-tls-tickets"},
        {"ssl no-tlsv13 crt a", {tls_1_2}, "ssl crt a ssl-max-ver TLSv1.2"},
        {"ssl-max-ver TLSv1.2", k_modern_versions, ""},
        {"ssl crt a", k_modern_versions, ""},
    };
    for (const auto& c : cases) {
        CAPTURE(c.old);
        CHECK(rewrite_haproxy_options(c.old, c.wanted).value_or("") == c.result);
    }
}

TEST_CASE("HAProxy's conditions hold as cfgcond.c says") {
    const HaproxyEnvironment environment{{"A", {"1", {}, {}}}};
    const HaproxyFacts facts{environment, "2.6.12", "3.0.15"};
    struct {
        const char* expression;
        std::optional<bool> holds;
    } const cases[] = {
        {"", false},
        {"1", true},
        {"0", false},
        {"defined(A) && !defined(B)", true},
        {"version_atleast(2.8) || version_before(2.7)", true},
        {"!(streq(a,a) && feature(QUIC))", true},
        {"enabled(SPLICE)", std::nullopt},
        {"foo", std::nullopt},
        {"(1", std::nullopt},
        {"1 1", std::nullopt},
    };
    for (const auto& c : cases) {
        CAPTURE(c.expression);
        CHECK(haproxy_condition(c.expression, facts) == c.holds);
    }
    CHECK_FALSE(haproxy_condition(std::string(100'000, '('), facts).has_value());
}

} // namespace tlsdoctor::config
