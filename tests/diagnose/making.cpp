// SPDX-License-Identifier: Apache-2.0
// Visits out of words.
#include "making.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "diagnose/diagnose.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::Ending;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Reach;
using evidence::Shape;
using evidence::Visit;

constexpr std::string_view k_name = "server.example";
constexpr CipherSuite k_suite{0xC02F};

unsigned number(std::string_view digits, int base) {
    unsigned value = 0;
    const char* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value, base);
    REQUIRE_MESSAGE((read.ec == std::errc{} && read.ptr == end), "not a number: ", digits);
    return value;
}

Exchange selected(std::string_view version, bool retry) {
    Exchange exchange{.outcome = Outcome::accepted, .reach = Reach::open};
    exchange.selection = {
        .version = static_cast<ProtocolVersion>(number(version, 16)),
        .cipher_suite = k_suite,
        .hello_retry_request = retry,
    };
    return exchange;
}

Exchange alerted(std::string_view alert) {
    const std::size_t slash = alert.find('/');
    REQUIRE_MESSAGE(slash != std::string_view::npos, "not an alert: ", alert);
    Exchange exchange{.outcome = Outcome::refused, .reach = Reach::open, .ending = Ending::fin};
    exchange.alert = {
        .level = AlertLevel::fatal,
        .description = static_cast<AlertDescription>(number(alert.substr(0, slash), 10)),
        .record_version = static_cast<ProtocolVersion>(number(alert.substr(slash + 1), 16)),
    };
    return exchange;
}

bool says_no(const Exchange& exchange) {
    return exchange.outcome != Outcome::accepted && exchange.outcome != Outcome::other_version &&
           exchange.outcome != Outcome::not_tested;
}

bool without_a_word(const Exchange& exchange) {
    return exchange.outcome == Outcome::closed || exchange.outcome == Outcome::reset ||
           exchange.outcome == Outcome::silent;
}

bool is_accepted(const Exchange& exchange) {
    return exchange.outcome == Outcome::accepted;
}

/// A "no" comes twice, in two shapes; SSL 2.0 has one.
void ask_version(
    Endpoint& endpoint, ProtocolVersion version, std::optional<std::string> sni,
    std::string_view word
) {
    const bool ssl2 = version == ProtocolVersion::ssl_2_0;
    const Shape shape = ssl2 ? Shape::ssl2 : Shape::openssl;
    endpoint.exchanges.push_back(asked(version, shape, sni, word));
    if (!ssl2 && says_no(endpoint.exchanges.back())) {
        endpoint.exchanges.push_back(asked(version, Shape::browser, sni, word));
    }
}

void ask_control(Endpoint& endpoint) {
    const auto& all = endpoint.exchanges;
    const auto accepted = std::ranges::find_if(all, is_accepted);
    if (accepted != all.end() && std::ranges::any_of(all, without_a_word)) {
        Exchange control = *accepted;
        control.purpose = Purpose::control;
        endpoint.exchanges.push_back(control);
    }
}

} // namespace

Exchange answer(std::string_view word) {
    if (word.starts_with("S") || word.starts_with("H0")) {
        return selected(word.substr(1), word.starts_with("H"));
    }
    if (word.starts_with("A")) {
        return alerted(word.substr(1));
    }
    if (word.starts_with("DATA:")) {
        Exchange exchange{.outcome = Outcome::not_tls, .reach = Reach::open, .ending = Ending::fin};
        exchange.protocol = word.substr(word.find(':') + 1);
        // The only such answer that was measured: Dovecot whose own TLS cannot start.
        const auto bytes = as_bytes("* BYE [UNAVAILABLE] TLS initialization failed.\r\n");
        exchange.received.assign(bytes.begin(), bytes.end());
        return exchange;
    }
    constexpr std::pair<std::string_view, Outcome> k_wordless[] = {
        {"FIN", Outcome::closed},   {"RST", Outcome::reset},    {"TIMEOUT", Outcome::silent},
        {"HALF", Outcome::garbled}, {"-", Outcome::not_tested},
    };
    const auto* const at =
        std::ranges::find(k_wordless, word, &std::pair<std::string_view, Outcome>::first);
    REQUIRE_MESSAGE(at != std::end(k_wordless), "not an answer: ", word);
    return {.outcome = at->second, .reach = Reach::open};
}

Exchange asked(
    ProtocolVersion version, Shape shape, std::optional<std::string> sni, std::string_view word,
    Purpose purpose
) {
    Exchange exchange = answer(word);
    exchange.purpose = purpose;
    exchange.offer = {.versions = {version}, .shape = shape, .cipher_suites = {k_suite}};
    if (version > ProtocolVersion::ssl_3_0) {
        exchange.offer.sni = std::move(sni);
    }
    if (exchange.selection && exchange.selection->version != version) {
        exchange.outcome = Outcome::other_version;
    }
    return exchange;
}

Endpoint endpoint(const Words& words, std::string address) {
    Endpoint endpoint{.address = std::move(address), .port = 443, .reach = Reach::open};
    const std::array six{words.ssl2,  words.ssl3,  words.tls10,
                         words.tls11, words.tls12, words.tls13};
    for (std::size_t i = 0; i < six.size(); ++i) {
        ask_version(endpoint, k_versions.at(i), words.sni, six.at(i));
    }
    const std::pair<ProtocolVersion, std::string_view> others[] = {
        {ProtocolVersion::tls_1_2, words.other12}, {ProtocolVersion::tls_1_3, words.other13}
    };
    for (const auto& [version, word] : others) {
        if (word != "-") {
            endpoint.exchanges.push_back(
                asked(version, Shape::openssl, words.other, word, Purpose::name)
            );
        }
    }
    ask_control(endpoint);
    for (std::size_t i = 0; i < endpoint.exchanges.size(); ++i) {
        endpoint.exchanges[i].id = fmt::format("e{}", i + 1);
    }
    return endpoint;
}

Visit visit(std::vector<Endpoint> endpoints) {
    Visit visit;
    visit.target = {
        .input = std::string{k_name}, .host = std::string{k_name}, .sni = std::string{k_name}
    };
    visit.endpoints = std::move(endpoints);
    unsigned next = 1;
    for (Endpoint& one : visit.endpoints) {
        for (Exchange& exchange : one.exchanges) {
            exchange.id = fmt::format("e{}", next++);
        }
    }
    visit.connections = next - 1;
    return visit;
}

Visit visit(const Words& words) {
    Visit one = visit(std::vector{endpoint(words)});
    one.target.sni = words.sni;
    return one;
}

std::vector<std::string> causes_of(const Diagnosis& diagnosis) {
    std::vector<std::string> causes;
    for (const Finding& finding : diagnosis.findings) {
        causes.emplace_back(finding.cause->name);
    }
    return causes;
}

std::vector<std::string> causes_of(const Visit& visit) {
    return causes_of(diagnose(visit, Question{}));
}

std::string verdict_of(const Visit& visit, const Question& question) {
    return causes_of(diagnose(visit, question)).front();
}

bool has(const std::vector<std::string>& causes, std::string_view cause) {
    return std::ranges::find(causes, cause) != causes.end();
}

} // namespace tlsdoctor::diagnose
