// SPDX-License-Identifier: Apache-2.0
// What people type and paste as a target.
#include "cli/target.hpp"

#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "cli/scheme.hpp"
#include "net/starttls.hpp"

using tlsdoctor::cli::read_address;
using tlsdoctor::cli::read_name;
using tlsdoctor::cli::read_target;
using tlsdoctor::cli::TargetRules;

namespace {

struct TargetCase {
    std::string text;
    std::string host;
    std::uint16_t port;
    std::string scheme;
    std::optional<std::string> sni;
    std::optional<std::string> starttls;
};

const TargetCase k_target_cases[] = {
    {"example.com", "example.com", 443, "", "example.com", {}},
    {"  example.com\t", "example.com", 443, "", "example.com", {}},
    {"Example.COM", "example.com", 443, "", "example.com", {}},
    {"example.com.", "example.com", 443, "", "example.com", {}},
    {"example.com:8443", "example.com", 8443, "", "example.com", {}},
    {"example.com.:8443", "example.com", 8443, "", "example.com", {}},
    {"example.com/", "example.com", 443, "", "example.com", {}},
    {"example.com:8443/path?x=1#y", "example.com", 8443, "", "example.com", {}},
    {"example.com?u=http://other.example/", "example.com", 443, "", "example.com", {}},
    {"example.com/?u=http://other.example/", "example.com", 443, "", "example.com", {}},
    {"localhost", "localhost", 443, "", "localhost", {}},
    {"_dmarc.example", "_dmarc.example", 443, "", "_dmarc.example", {}},
    {"user@example.com", "example.com", 443, "", "example.com", {}},
    {"https://example.com", "example.com", 443, "https", "example.com", {}},
    {"HTTPS://Example.com/", "example.com", 443, "https", "example.com", {}},
    {"https://example.com:/", "example.com", 443, "https", "example.com", {}},
    {"https://user:p%40ss@example.com:8443/a?b", "example.com", 8443, "https", "example.com", {}},
    {"https://example.com?x@y", "example.com", 443, "https", "example.com", {}},
    {"http://example.com", "example.com", 80, "http", "example.com", {}},
    {"smtp://mx.example", "mx.example", 25, "smtp", "mx.example", "smtp"},
    {"smtp://mx.example:587", "mx.example", 587, "smtp", "mx.example", "smtp"},
    {"smtps://mx.example", "mx.example", 465, "smtps", "mx.example", {}},
    {"imaps://mx.example", "mx.example", 993, "imaps", "mx.example", {}},
    {"imap://mx.example", "mx.example", 143, "imap", "mx.example", "imap"},
    {"postgres://u:p@db.example/base", "db.example", 5432, "postgres", "db.example", "postgres"},
    {"postgresql://db.example", "db.example", 5432, "postgresql", "db.example", "postgres"},
    {"ldap://d.example", "d.example", 389, "ldap", "d.example", "ldap"},
    {"192.0.2.7", "192.0.2.7", 443, "", {}, {}},
    {"192.0.2.7:8443", "192.0.2.7", 8443, "", {}, {}},
    {"https://192.0.2.7/24", "192.0.2.7", 443, "https", {}, {}},
    {"::1", "::1", 443, "", {}, {}},
    {"2001:DB8::7", "2001:db8::7", 443, "", {}, {}},
    {"[::1]", "::1", 443, "", {}, {}},
    {"[::1]:8443", "::1", 8443, "", {}, {}},
    {"https://[2001:db8::7]:8443/x", "2001:db8::7", 8443, "https", {}, {}},
    {"b\xc3\xbc"
     "cher.example",
     "xn--bcher-kva.example",
     443,
     "",
     "xn--bcher-kva.example",
     {}},
    {"https://B\xc3\x9c"
     "CHER.example/",
     "xn--bcher-kva.example",
     443,
     "https",
     "xn--bcher-kva.example",
     {}},
};

struct TargetRefused {
    std::string text;
    std::size_t column;
    std::string what; ///< a part of it
};

const TargetRefused k_target_refused[] = {
    {"", 0, "empty"},
    {"   ", 0, "empty"},
    {"example.com:0", 13, "not a port"},
    {"example.com:65536", 13, "not a port"},
    {"example.com:https", 13, "not a port"},
    {"example.com:", 13, "no port"},
    {"https://example.com:99999/", 21, "not a port"},
    {"exa mple.com", 4, "space"},
    {"exa\x01mple.com", 4, "control character 0x01"},
    {":443", 1, "no host"},
    {"https:///path", 9, "no host"},
    {"[::1", 1, "without ']'"},
    {"[::1]443", 6, "only ':PORT'"},
    {"[::g]:443", 2, "not an IPv6 address"},
    {"[example.com]:443", 2, "not an IPv6 address"},
    {"::1:99999", 1, "more than one ':'"},
    {"a:b:c", 1, "more than one ':'"},
    {"10.0.0.0/8", 9, "ranges"},
    {"2001:db8::/32", 11, "ranges"},
    {"10.0.0", 1, "neither a name nor a whole IPv4 address"},
    {"192.0.2.256", 1, "neither a name nor a whole IPv4 address"},
    {"443", 1, "neither a name nor a whole IPv4 address"},
    {"htps://example.com", 1, "did you mean 'https'?"},
    {"gopherx://example.com", 1, "unknown scheme"},
    {"a..example", 1, ""},
    {"exa%6dple.com", 1, ""},
    {"-", 1, ""},
};

} // namespace

TEST_CASE("read_target reads hosts, addresses and URLs") {
    for (const TargetCase& c : k_target_cases) {
        CAPTURE(c.text);
        const auto target = read_target(c.text, {});
        REQUIRE(target.has_value());
        CHECK(target->host == c.host);
        CHECK(target->port == c.port);
        CHECK(target->scheme == c.scheme);
        CHECK(target->sni == c.sni);
        CHECK(target->literal == !c.sni.has_value());
        CHECK(target->starttls == c.starttls);
    }
}

TEST_CASE("read_target says what is wrong and where") {
    for (const TargetRefused& c : k_target_refused) {
        CAPTURE(c.text);
        const auto target = read_target(c.text, {});
        REQUIRE_FALSE(target.has_value());
        CHECK(target.error().column == c.column);
        CHECK(target.error().what != "");
        CHECK(target.error().what.find(c.what) != std::string::npos);
    }
}

TEST_CASE("a target's own port is stronger than --port, and --port than the scheme's") {
    const TargetRules rules{.port = 8443};
    CHECK(read_target("example.com", rules)->port == 8443);
    CHECK(read_target("imaps://example.com", rules)->port == 8443);
    CHECK(read_target("example.com:444", rules)->port == 444);
}

TEST_CASE("--sni replaces the name that is sent, also for an address") {
    const TargetRules rules{.sni = "other.example"};
    CHECK(read_target("example.com", rules)->sni == "other.example");
    CHECK(read_target("192.0.2.7", rules)->sni == "other.example");
    CHECK(read_target("192.0.2.7", rules)->literal);
}

TEST_CASE("--no-sni sends no name") {
    CHECK(read_target("example.com", {.no_sni = true})->sni == std::nullopt);
}

TEST_CASE("--starttls none leaves the scheme's upgrade out") {
    CHECK(read_target("smtp://example.com", {.starttls = "none"})->starttls == std::nullopt);
}

TEST_CASE("without a scheme the port, and then the greeting, says how TLS begins") {
    CHECK(read_target("h:25", {})->starttls == "smtp");
    CHECK(read_target("h:587", {})->starttls == "smtp");
    CHECK(read_target("h:5432", {})->starttls == "postgres");
    CHECK(read_target("h:25", {})->listens);
    CHECK(read_target("h:2525", {})->starttls == std::nullopt);
    CHECK(read_target("h:2525", {})->listens);
    for (const auto* const text : {"h", "h:443", "h:465", "h:993", "h:636", "h:8443"}) {
        CAPTURE(text);
        CHECK(read_target(text, {})->starttls == std::nullopt);
        CHECK_FALSE(read_target(text, {})->listens);
    }
}

TEST_CASE("a scheme and an option are not overruled by the port or the greeting") {
    CHECK(read_target("https://h:25", {})->starttls == std::nullopt);
    CHECK_FALSE(read_target("https://h:2525", {})->listens);
    CHECK(read_target("imap://h:25", {})->starttls == "imap");
    CHECK(read_target("h:25", {.starttls = "imap"})->starttls == "imap");
    CHECK(read_target("h:25", {.starttls = "none"})->starttls == std::nullopt);
    CHECK_FALSE(read_target("h:2525", {.starttls = "none"})->listens);
}

TEST_CASE("every scheme's upgrade is a protocol of the table") {
    for (const tlsdoctor::cli::Scheme& scheme : tlsdoctor::cli::schemes()) {
        CAPTURE(scheme.name);
        const auto* const row = tlsdoctor::net::find_starttls(scheme.starttls);
        CHECK((scheme.starttls.empty() || (row != nullptr && row->name == scheme.starttls)));
    }
}

TEST_CASE("a target keeps what was typed") {
    CHECK(read_target(" https://Example.com/x ", {})->input == "https://Example.com/x");
}

TEST_CASE("a password in a URL is not kept") {
    CHECK(
        read_target("https://me:pw@example.com:8443/x@y", {})->input ==
        "https://example.com:8443/x@y"
    );
}

TEST_CASE("read_address reads addresses with and without a port, and no names") {
    CHECK(read_address("192.0.2.7")->address == "192.0.2.7");
    CHECK(read_address("192.0.2.7")->port == std::nullopt);
    CHECK(read_address("192.0.2.7:8443")->port == 8443);
    CHECK(read_address("::1")->address == "::1");
    CHECK(read_address("[::1]:8443")->port == 8443);
    CHECK_FALSE(read_address("example.com").has_value());
    CHECK_FALSE(read_address("192.0.2.7:0").has_value());
    CHECK_FALSE(read_address("").has_value());
}

TEST_CASE("read_name refuses addresses and strips the root's dot") {
    CHECK(read_name("a.example.").value() == "a.example");
    CHECK_FALSE(read_name("192.0.2.7").has_value());
    CHECK_FALSE(read_name("::1").has_value());
    CHECK_FALSE(read_name("").has_value());
}
