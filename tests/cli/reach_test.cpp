// SPDX-License-Identifier: Apache-2.0
#include "cli/reach.hpp"

#include <map>
#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::cli {
namespace {

Variables these(std::map<std::string, std::string> values) {
    return [values = std::move(values)](const char* name) {
        const auto at = values.find(name);
        return at == values.end() ? std::string{} : at->second;
    };
}

TEST_CASE("--proxy auto takes what curl would take for https") {
    const auto none = read_proxy_option("auto", these({{"HTTP_PROXY", "http://h:1"}}));
    REQUIRE(none.has_value());
    CHECK(!none->has_value());
    const auto both = read_proxy_option(
        "auto", these({{"https_proxy", "http://a:1"}, {"all_proxy", "socks5://b:2"}})
    );
    REQUIRE(both.has_value());
    CHECK((*both)->host == "a");
    const auto all = read_proxy_option("auto", these({{"ALL_PROXY", "socks5h://b:2"}}));
    REQUIRE(all.has_value());
    CHECK((*all)->kind == net::ProxyKind::socks5);
}

TEST_CASE("a bad proxy is refused with the name of its source and without its password") {
    const auto refused =
        read_proxy_option("auto", these({{"HTTPS_PROXY", "https://me:secret@p:1"}}));
    REQUIRE(!refused.has_value());
    CHECK(refused.error().what.find("HTTPS_PROXY") != std::string::npos);
    CHECK(refused.error().what.find("secret") == std::string::npos);
}

TEST_CASE("the environment is not read for a proxy that is given, nor for none") {
    const auto variables = these({{"https_proxy", "http://a:1"}});
    CHECK((*read_proxy_option("p:3128", variables))->host == "p");
    CHECK(!read_proxy_option("none", variables)->has_value());
}

TEST_CASE("errors of clients that met clear text are told from others") {
    for (const auto* const text : {
             "curl: (35) error:0A00010B:SSL routines::wrong version number",
             "SSL_ERROR_RX_RECORD_TOO_LONG",
             "tls: first record does not look like a TLS handshake",
             "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message",
             "A TLS packet with unexpected length; An unexpected TLS packet was received.",
         }) {
        CAPTURE(text);
        CHECK(shows_clear_text(text));
    }
    CHECK_FALSE(shows_clear_text("tlsv1 alert protocol version"));
    CHECK_FALSE(shows_clear_text(""));
}

} // namespace
} // namespace tlsdoctor::cli
