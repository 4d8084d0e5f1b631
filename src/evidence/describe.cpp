// SPDX-License-Identifier: Apache-2.0
// Offers and answers in one line each, as the reports and the findings print them.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "evidence/exchange.hpp"

namespace tlsdoctor::evidence {

namespace {

constexpr std::size_t k_most_of_a_dialogue = 60;

std::string versions_text(const std::vector<ProtocolVersion>& versions) {
    if (versions.size() == 1) {
        return name_of(versions.front()) + " only";
    }
    std::string text;
    for (const ProtocolVersion version : versions) {
        text += (text.empty() ? "" : " + ") + name_of(version);
    }
    return text;
}

std::string ending_text(const Exchange& exchange) {
    switch (exchange.ending) {
    case Ending::fin:
        return ", then FIN";
    case Ending::reset:
        return ", then RST";
    case Ending::ours:
        break;
    }
    return "";
}

std::string alert_text(const Alert& alert) {
    const std::string level = alert.level == AlertLevel::warning ? "warning " : "";
    return fmt::format(
        "{}alert {} {}", level, static_cast<unsigned>(alert.description), name_of(alert.description)
    );
}

std::string selection_text(const Exchange& exchange) {
    if (!exchange.selection) {
        return "ServerHello";
    }
    const Selection& chosen = *exchange.selection;
    std::string text = fmt::format(
        "{} {}", chosen.hello_retry_request ? "HelloRetryRequest" : "ServerHello",
        name_of(chosen.version)
    );
    if (chosen.version != ProtocolVersion::ssl_2_0) {
        text += ", " + name_of(chosen.cipher_suite);
    }
    if (chosen.after_retry) {
        text += ", after a HelloRetryRequest";
    }
    if (exchange.alert_after) {
        text += ", then " + alert_text(*exchange.alert_after);
    }
    return text;
}

/// One line of a dialogue that did not come to TLS: `smtp: TLS not offered ("250 HELP")`.
std::string dialogue_text(const Dialogue& dialogue) {
    std::string result = dialogue.result;
    std::ranges::replace(result, '_', ' ');
    const std::string said = printable(as_bytes(dialogue.said), k_most_of_a_dialogue);
    return fmt::format(
        "no hello: {} {}{}", dialogue.protocol, result,
        said.empty() ? "" : ", it said \"" + said + "\""
    );
}

} // namespace

bool offers_only(const Offer& offer, ProtocolVersion version) {
    return offer.versions.size() == 1 && offer.versions.front() == version;
}

std::string describe(const Offer& offer) {
    if (offer.versions.empty()) {
        return offer.shape == Shape::plain ? "HTTP request in clear" : "nothing sent, listening";
    }
    std::string text = versions_text(offer.versions);
    if (!offer.cipher_suites.empty()) {
        text += fmt::format(", {} suites", offer.cipher_suites.size());
    }
    const bool can_name = offer.versions.back() > ProtocolVersion::ssl_3_0;
    if (can_name) {
        text += offer.sni ? ", SNI " + harmless(*offer.sni) : ", no SNI";
    }
    if (offer.shape == Shape::browser) {
        text += ", browser-like";
    } else if (offer.shape == Shape::cheap) {
        text += ", cheap to accept";
    }
    if (offer.size > 0) {
        text += fmt::format(", {} bytes", offer.size);
    }
    return text;
}

std::string describe_answer(const Exchange& exchange) {
    switch (exchange.outcome) {
    case Outcome::accepted:
    case Outcome::other_version:
        return selection_text(exchange);
    case Outcome::refused:
        return (exchange.alert ? alert_text(*exchange.alert) : "alert") + ending_text(exchange);
    case Outcome::closed:
        return "closed without a word (FIN)";
    case Outcome::reset:
        return "connection reset (RST)";
    case Outcome::silent:
        return "no answer";
    case Outcome::garbled:
        return fmt::format(
            "{} bytes that begin like TLS and cannot be read{}", exchange.received.size(),
            ending_text(exchange)
        );
    case Outcome::not_tls:
        return fmt::format(
            "not TLS ({}): \"{}\"{}", exchange.protocol, printable(exchange.received, 40),
            ending_text(exchange)
        );
    case Outcome::unreachable:
        return exchange.proxy_error.empty() ? "no connection: " + harmless(exchange.error)
                                            : "the proxy: " + harmless(exchange.proxy_error);
    case Outcome::not_tested:
        break;
    }
    return exchange.dialogue ? dialogue_text(*exchange.dialogue) : "not tested";
}

} // namespace tlsdoctor::evidence
