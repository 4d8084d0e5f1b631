// SPDX-License-Identifier: Apache-2.0
// No server that was measured (stacks.tsv) may get a wrong name, and the share of names is held:
// whoever changes the table or the rule sees what it costs.
#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "diagnose/diagnose.hpp"
#include "diagnose/stack.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Shape;

/// What each server really stands on; those that are not here on OpenSSL 3.0.
constexpr std::pair<std::string_view, std::string_view> k_truth[] = {
    {"node0.10", "OpenSSL 1.0.x"},
    {"node4", "OpenSSL 1.0.x"},
    {"node10", "OpenSSL 1.1.1"},
    {"node24", "OpenSSL 3.5"},
    {"gnutls-serv", "GnuTLS"},
    {"exim", "GnuTLS"},
    {"lighttpd-gnutls", "GnuTLS"},
    {"lighttpd-mbedtls", "mbedTLS"},
    {"mbedtls", "mbedTLS"},
    {"lighttpd-wolfssl", "wolfSSL"},
    {"wolfssl", "wolfSSL"},
    {"selfserv", "NSS"},
    {"boringssl", "BoringSSL"},
    {"bearssl", "BearSSL"},
    {"botan", "Botan"},
    {"java17", "Java (JSSE)"},
    {"java25", "Java (JSSE)"},
    {"go", "Go"},
    {"caddy", "Go"},
};

std::string_view family_of(std::string_view server) {
    const auto* const at =
        std::ranges::find(k_truth, server, &std::pair<std::string_view, std::string_view>::first);
    return at != std::end(k_truth) ? at->second : "OpenSSL 3.0";
}

bool is_right(const Stack& stack, std::string_view family) {
    return stack.name == family || stack.name == library_of(family);
}

bool lists(const std::vector<std::string>& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

/// The cells of every line of stacks.tsv.
std::vector<std::vector<std::string>> set_ups() {
    std::ifstream file(TLSDOCTOR_SOURCE_DIR "/tests/diagnose/stacks.tsv");
    REQUIRE(file);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        std::vector<std::string> cells;
        for (const std::string_view cell : split(line, '\t')) {
            cells.emplace_back(cell);
        }
        if (!line.starts_with("#") && cells.front() != "server") {
            rows.push_back(std::move(cells));
        }
    }
    return rows;
}

Endpoint endpoint_of(const std::vector<std::string>& cells) {
    return endpoint(
        {.ssl2 = cells[2],
         .ssl3 = cells[3],
         .tls10 = cells[4],
         .tls11 = cells[5],
         .tls12 = cells[6],
         .tls13 = cells[7]}
    );
}

const Words k_java{
    .ssl2 = "A40/0303", .ssl3 = "A70/0303", .tls10 = "A70/0303", .tls11 = "A70/0303"
};
const Words k_openssl{.ssl2 = "A70/0303"};
const Words k_openssl_3_0{.ssl2 = "A70/0303", .tls10 = "A80/0301", .tls11 = "A80/0302"};
const Words k_go{.ssl2 = "A70/0301", .ssl3 = "A70/0301", .tls10 = "A70/0301", .tls11 = "A70/0301"};

Stack stack_of(const Endpoint& endpoint) {
    const std::optional<Stack> stack = likely_stack(endpoint);
    REQUIRE(stack);
    return *stack;
}

Stack stack_of(const Words& words) {
    return stack_of(endpoint(words));
}

/// Adds an answer to a TLS 1.2 hello that was changed.
Exchange& add_trait(Endpoint& endpoint, std::string_view word) {
    Exchange trait =
        asked(ProtocolVersion::tls_1_2, Shape::composed, "server.example", word, Purpose::trait);
    trait.id = "e99";
    trait.offer.signature_algorithms = {SignatureScheme{0x0403}};
    return endpoint.exchanges.emplace_back(std::move(trait));
}

} // namespace

TEST_CASE("no server that was measured gets a wrong name") {
    std::map<std::string, int> counts;
    for (const auto& cells : set_ups()) {
        CAPTURE(cells[0]);
        CAPTURE(cells[1]);
        const Endpoint endpoint = endpoint_of(cells);
        const std::optional<Stack> stack = likely_stack(endpoint);
        REQUIRE(stack);
        CAPTURE(stack->name);
        const std::string_view family = family_of(cells[0]);
        CHECK(stack->confidence != Confidence::proven);
        CHECK(is_named(*stack) == (stack->name != "unknown"));
        CHECK(is_named(*stack) != stack->evidence.empty());
        CHECK((!is_named(*stack) || is_right(*stack, family)));
        CHECK(lists(stack->candidates, family));
        const std::string_view word =
            stack->confidence ? name_of(*stack->confidence) : std::string_view{"unknown"};
        ++counts[std::string{word}];
    }
    CHECK(counts["likely"] == 346);
    CHECK(counts["possible"] == 150);
    CHECK(counts["unknown"] == 189);
}

TEST_CASE("what is cited is enough to rule the others out, and exists") {
    for (const auto& cells : set_ups()) {
        CAPTURE(cells[0]);
        CAPTURE(cells[1]);
        Endpoint all = endpoint_of(cells);
        const Stack stack = stack_of(all);
        for (const std::string& id : stack.evidence) {
            CHECK(std::ranges::find(all.exchanges, id, &Exchange::id) != all.exchanges.end());
        }
        CHECK((stack.confidence != Confidence::likely || stack.evidence.size() >= 2));
    }
}

TEST_CASE("likely_stack tells the common stacks") {
    struct Row {
        std::string_view name;
        Words words;
        std::string_view stack;
        std::optional<Confidence> confidence;
    };
    const Row cases[] = {
        {"Java", k_java, "Java (JSSE)", Confidence::possible},
        {"OpenSSL, whatever its generation", k_openssl, "OpenSSL", Confidence::likely},
        {"alert 80 is OpenSSL 3.0", k_openssl_3_0, "OpenSSL 3.0", Confidence::likely},
        {"Go and BoringSSL answer alike", k_go, "unknown", std::nullopt},
        {"an unmeasured alert fits none", {.ssl2 = "A50/0303", .ssl3 = "A50/0303"}, "unknown", {}},
        {"closed without a word",
         {.ssl2 = "FIN", .ssl3 = "FIN", .tls10 = "FIN", .tls11 = "FIN"},
         "unknown",
         {}},
        {"one alert to everything",
         {"A40/0303", "A40/0303", "A40/0303", "A40/0303", "A40/0303", "A40/0303"},
         "unknown",
         {}},
    };
    for (const Row& c : cases) {
        CAPTURE(c.name);
        const Stack stack = stack_of(c.words);
        CHECK(stack.name == c.stack);
        CHECK(stack.confidence == c.confidence);
    }
    CHECK(stack_of(k_go).candidates == std::vector<std::string>{"BoringSSL", "Go"});
    CHECK(
        stack_of(k_openssl).candidates ==
        std::vector<std::string>{"OpenSSL 1.1.1", "OpenSSL 3.0", "OpenSSL 3.5"}
    );
}

TEST_CASE("a box that swallows SSL 2.0 changes no name, and makes none") {
    Words openssl = k_openssl_3_0;
    openssl.ssl2 = "RST";
    CHECK(stack_of(openssl).name == "OpenSSL 3.0");
    Words go = k_go;
    go.ssl2 = "FIN"; // as Botan closes itself
    CHECK(stack_of(go).name == "unknown");
    CHECK(lists(stack_of(go).candidates, "Go"));
}

TEST_CASE("a refusal of one hello is no trait of a version that another got accepted") {
    Endpoint openssl = endpoint(k_openssl);
    Exchange refused =
        asked(ProtocolVersion::tls_1_2, Shape::openssl, "server.example", "A50/0303");
    refused.id = "e98";
    openssl.exchanges.insert(openssl.exchanges.begin(), std::move(refused));
    CHECK(stack_of(openssl).name == "OpenSSL");
}

TEST_CASE("a cheap hello tells the stack where it was refused for its version, and else nothing") {
    Endpoint cheap = endpoint(k_openssl);
    const std::string measured = stack_of(cheap).name;
    for (Exchange& exchange : cheap.exchanges) {
        const bool full = exchange.offer.shape == Shape::openssl &&
                          exchange.offer.versions.front() >= ProtocolVersion::tls_1_0;
        exchange.offer.shape = full ? Shape::cheap : exchange.offer.shape;
    }
    CHECK(stack_of(cheap).name == measured);
    for (Exchange& exchange : cheap.exchanges) {
        if (exchange.offer.shape == Shape::cheap && exchange.alert) {
            exchange.alert->description = AlertDescription::decode_error; // no stack does that
        }
    }
    CHECK((stack_of(cheap).name == measured || stack_of(cheap).name == "OpenSSL"));
}

TEST_CASE("further probes are used where they were made") {
    Endpoint java = endpoint(k_java);
    add_trait(java, "S0303").offer.fallback_scsv = true;
    const Stack ignores_the_fallback = stack_of(java);
    CHECK(ignores_the_fallback.name == "Java (JSSE)");
    CHECK(ignores_the_fallback.confidence == Confidence::likely);
    CHECK(lists(ignores_the_fallback.evidence, "e99"));

    Endpoint other = endpoint(k_java);
    add_trait(other, "A86/0303").offer.fallback_scsv = true;
    CHECK(stack_of(other).name == "unknown");

    Endpoint unsigned_hello = endpoint(k_openssl);
    add_trait(unsigned_hello, "A40/0303").offer.signature_algorithms.clear();
    CHECK(stack_of(unsigned_hello).name == "OpenSSL");

    Endpoint go = endpoint(k_go);
    Exchange& wrong = add_trait(go, "A80/0303");
    wrong.purpose = Purpose::name;
    wrong.offer.sni = "other.example";
    CHECK(stack_of(go).name == "Go");
    CHECK(stack_of(go).confidence == Confidence::possible);
    wrong.offer.sni = "server.example";
    CHECK(stack_of(go).name == "unknown");
}

TEST_CASE("text beside a refusal shows the product, not the library") {
    struct Row {
        std::string_view name;
        Outcome outcome;
        std::string_view text;
        std::string_view product;
    };
    const Row cases[] = {
        {"MariaDB", Outcome::refused, "\x15\x03\x03.....\xff\x13\x04#08S01Bad handshake", "MariaDB"
        },
        {"vsftpd", Outcome::refused, "\x15\x03\x01.....500 OOPS: error:0A00018C", "vsftpd"},
        {"Dovecot", Outcome::not_tls, "* BYE [UNAVAILABLE] TLS initialization failed.\r\n",
         "Dovecot"},
        {"inside TLS nobody is believed", Outcome::accepted, "500 OOPS: ", ""},
        {"an alert alone", Outcome::refused, "\x15\x03\x03", ""},
    };
    for (const Row& c : cases) {
        CAPTURE(c.name);
        Endpoint endpoint = diagnose::endpoint(k_openssl);
        const ByteView bytes = as_bytes(c.text);
        endpoint.exchanges.back().outcome = c.outcome;
        endpoint.exchanges.back().received.assign(bytes.begin(), bytes.end());
        CHECK(stack_of(endpoint).product == c.product);
    }
}

TEST_CASE("nothing answered is no stack at all") {
    CHECK_FALSE(likely_stack({}));
    CHECK_FALSE(likely_stack(endpoint({"-", "-", "-", "-", "-", "-"})));
    CHECK_FALSE(
        likely_stack(endpoint({"TIMEOUT", "TIMEOUT", "TIMEOUT", "TIMEOUT", "TIMEOUT", "TIMEOUT"}))
    );
}

TEST_CASE("a diagnosis has the stack of each endpoint") {
    const Diagnosis diagnosis =
        diagnose(visit(std::vector{endpoint(k_java), Endpoint{}}), Question{});
    REQUIRE(diagnosis.stacks.size() == 2);
    REQUIRE(diagnosis.stacks[0]);
    CHECK(diagnosis.stacks[0]->name == "Java (JSSE)");
    CHECK_FALSE(diagnosis.stacks[1]);
}

} // namespace tlsdoctor::diagnose
