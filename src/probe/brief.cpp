// SPDX-License-Identifier: Apache-2.0
// To and from Exchange. Each field is named once in both directions; a test holds them together.
#include "probe/brief.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace tlsdoctor::probe {

namespace {

using evidence::Exchange;
using evidence::Flight;
using evidence::Outcome;

/// The stages of a flight in clear; the number is the place.
constexpr std::array<std::string_view, 7> k_brief_stages = {
    "",
    "ServerHello",
    "Certificate",
    "CertificateStatus",
    "ServerKeyExchange",
    "CertificateRequest",
    "ServerHelloDone",
};

constexpr std::string_view k_gave_up = "no answer to the connection request in time";

template <typename T>
T number(auto value) {
    return static_cast<T>(std::to_underlying(value));
}

std::string words_for(int code) {
    return code == 0 ? std::string(k_gave_up) : std::system_category().message(code);
}

/// What a brief has no place for.
bool is_eloquent(const Exchange& exchange) {
    const bool odd = exchange.outcome == Outcome::not_tested ||
                     exchange.outcome == Outcome::garbled || exchange.outcome == Outcome::not_tls;
    const bool more_than_an_alert =
        exchange.outcome == Outcome::refused && exchange.received.size() != 7;
    return odd || more_than_an_alert || exchange.alert_after || exchange.dialogue ||
           !exchange.proxy_error.empty() || !exchange.protocol.empty();
}

bool is_eloquent(const Flight& flight) {
    const auto* const stage = std::ranges::find(k_brief_stages, flight.stage);
    return stage == k_brief_stages.end() || flight.alpn || !flight.certificate_key.empty() ||
           !flight.certificate_names.empty() || !flight.certificate_issuer.empty() ||
           !flight.certificate_authorities.empty() || !flight.failure.empty();
}

void put_flight(const Flight& flight, Brief& brief) {
    const auto* const stage = std::ranges::find(k_brief_stages, flight.stage);
    brief.stage = static_cast<std::uint8_t>(stage - k_brief_stages.begin());
    brief.flags |= k_brief_flight;
    brief.flags |= flight.renegotiation_info ? k_brief_renegotiation : 0;
    brief.flags |= flight.extended_master_secret ? k_brief_master_secret : 0;
    brief.flags |= flight.certificate_requested ? k_brief_requested : 0;
    brief.dh_bits = flight.dh_bits;
    if (flight.signature_scheme) {
        brief.flags |= k_brief_signature;
        brief.signature = std::to_underlying(*flight.signature_scheme);
    }
}

Flight flight_in(const Brief& brief) {
    Flight flight{
        .stage = std::string(k_brief_stages.at(brief.stage)),
        .renegotiation_info = (brief.flags & k_brief_renegotiation) != 0,
        .extended_master_secret = (brief.flags & k_brief_master_secret) != 0,
        .dh_bits = brief.dh_bits,
        .certificate_requested = (brief.flags & k_brief_requested) != 0,
    };
    if ((brief.flags & k_brief_signature) != 0) {
        flight.signature_scheme = SignatureScheme{brief.signature};
    }
    return flight;
}

void put_selection(const evidence::Selection& selection, Brief& brief) {
    brief.flags |= k_brief_selection;
    brief.flags |= selection.hello_retry_request ? k_brief_retry : 0;
    brief.version = std::to_underlying(selection.version);
    brief.suite = std::to_underlying(selection.cipher_suite);
    if (selection.group) {
        brief.flags |= k_brief_group;
        brief.group = std::to_underlying(*selection.group);
    }
    if (selection.downgrade_from) {
        brief.downgrade = std::to_underlying(*selection.downgrade_from);
    }
}

evidence::Selection selection_in(const Brief& brief) {
    evidence::Selection selection{
        .version = ProtocolVersion{brief.version},
        .cipher_suite = CipherSuite{brief.suite},
        .hello_retry_request = (brief.flags & k_brief_retry) != 0,
    };
    if ((brief.flags & k_brief_group) != 0) {
        selection.group = NamedGroup{brief.group};
    }
    if (brief.downgrade != 0) {
        selection.downgrade_from = ProtocolVersion{brief.downgrade};
    }
    return selection;
}

} // namespace

std::optional<Brief> brief_of(const Exchange& exchange, int code) {
    const bool unknown_words = !exchange.error.empty() && exchange.error != words_for(code);
    if (is_eloquent(exchange) || unknown_words ||
        (exchange.flight && is_eloquent(*exchange.flight)) ||
        (exchange.selection && exchange.selection->after_retry)) {
        return std::nullopt;
    }
    Brief brief{
        .outcome = number<std::uint8_t>(exchange.outcome),
        .reach = number<std::uint8_t>(exchange.reach),
        .ending = number<std::uint8_t>(exchange.ending),
        .flags = static_cast<std::uint16_t>(exchange.unacknowledged ? k_brief_lost : 0),
    };
    if (exchange.selection) {
        put_selection(*exchange.selection, brief);
    }
    if (exchange.flight) {
        put_flight(*exchange.flight, brief);
    }
    if (exchange.alert) {
        brief.flags |= k_brief_alert;
        brief.alert_level = number<std::uint8_t>(exchange.alert->level);
        brief.alert = number<std::uint8_t>(exchange.alert->description);
        brief.alert_version = std::to_underlying(exchange.alert->record_version);
    }
    if (!exchange.error.empty()) {
        brief.flags |= k_brief_text;
        brief.code = static_cast<std::uint16_t>(code);
    }
    return brief;
}

Exchange exchange_of(const Brief& brief, const Question& question) {
    Exchange exchange{
        .purpose = question.purpose,
        .offer = question.offer,
        .outcome = Outcome{brief.outcome},
        .reach = evidence::Reach{brief.reach},
        .ending = evidence::Ending{brief.ending},
        .unacknowledged = (brief.flags & k_brief_lost) != 0,
    };
    if ((brief.flags & k_brief_selection) != 0) {
        exchange.selection = selection_in(brief);
    }
    if ((brief.flags & k_brief_flight) != 0) {
        exchange.flight = flight_in(brief);
    }
    if ((brief.flags & k_brief_alert) != 0) {
        exchange.alert = evidence::Alert{
            .level = AlertLevel{brief.alert_level},
            .description = AlertDescription{brief.alert},
            .record_version = ProtocolVersion{brief.alert_version},
        };
    }
    if (exchange.outcome == Outcome::refused) {
        exchange.received = alert_bytes(brief);
    }
    if ((brief.flags & k_brief_text) != 0) {
        exchange.error = words_for(brief.code);
    }
    return exchange;
}

Bytes alert_bytes(const Brief& brief) {
    const auto high = static_cast<std::uint8_t>(brief.alert_version >> 8U);
    const auto low = static_cast<std::uint8_t>(brief.alert_version);
    return {21, high, low, 0, 2, brief.alert_level, brief.alert};
}

} // namespace tlsdoctor::probe
