// SPDX-License-Identifier: Apache-2.0
// The features that a server takes up. Each row of the table says what a hello must have offered,
// and in what company, for a ServerHello without the answer to mean "no".
#include <algorithm>
#include <array>

#include "evidence/facts.hpp"
#include "evidence/inventory_parts.hpp"

namespace tlsdoctor::evidence {

namespace {

constexpr auto k_first_encrypted = ProtocolVersion::tls_1_3;

/// One feature: `offered` tells whether an accepted hello gave the server the chance, `taken`
/// whether it took it.
struct FeatureRow {
    std::string_view name{};
    bool (*offered)(const Exchange&){};
    bool (*taken)(const Exchange&){};
};

bool names_type(const std::vector<ExtensionType>& types, ExtensionType type) {
    return std::ranges::find(types, type) != types.end();
}

bool before_tls_1_3(const Exchange& exchange) {
    return exchange.selection->version < k_first_encrypted;
}

/// Both forms: what TLS 1.3 says of extensions was read only where EncryptedExtensions were.
bool extensions_were_read(const Exchange& exchange) {
    return before_tls_1_3(exchange) || exchange.flight->stage != "ServerHello";
}

/// In TLS 1.3 answers about the certificate stand beside it.
bool certificate_was_read(const Exchange& exchange) {
    const std::string& stage = exchange.flight->stage;
    const bool behind = stage == "CertificateVerify" || stage == "Finished";
    return before_tls_1_3(exchange) ? stage == "ServerHelloDone"
                                    : behind && !exchange.flight->certificate_compressed;
}

template <ExtensionType Type>
bool offers(const Exchange& exchange) {
    return names_type(exchange.offer.extensions, Type) && extensions_were_read(exchange);
}

template <ExtensionType Type>
bool before_tls_1_3_offers(const Exchange& exchange) {
    return before_tls_1_3(exchange) && names_type(exchange.offer.extensions, Type);
}

template <ExtensionType Type>
bool answers(const Exchange& exchange) {
    return names_type(exchange.flight->extensions, Type);
}

template <ExtensionType Type>
bool offers_for_certificate(const Exchange& exchange) {
    return names_type(exchange.offer.extensions, Type) && certificate_was_read(exchange);
}

/// encrypt_then_mac means something for suites of CBC alone [RFC 7366 3].
bool offers_encrypt_then_mac(const Exchange& exchange) {
    const CipherSuiteInfo* const suite = find(exchange.selection->cipher_suite);
    return before_tls_1_3_offers<ExtensionType::encrypt_then_mac>(exchange) && suite != nullptr &&
           suite->encryption.find("CBC") != std::string_view::npos;
}

/// A server that gives a ticket may leave the session without a name [RFC 5077 3.4].
bool may_name_a_session(const Exchange& exchange) {
    return before_tls_1_3(exchange) &&
           !names_type(exchange.offer.extensions, ExtensionType::session_ticket);
}

/// A server that knows both ignores max_fragment_length [RFC 8449 5].
bool offers_max_fragment_length(const Exchange& exchange) {
    return offers<ExtensionType::max_fragment_length>(exchange) &&
           !answers<ExtensionType::record_size_limit>(exchange);
}

using enum ExtensionType;

constexpr std::array k_feature_rows = {
    FeatureRow{
        "extended_master_secret",
        [](const Exchange& e) { return before_tls_1_3(e) && e.offer.extended_master_secret; },
        [](const Exchange& e) { return e.flight->extended_master_secret; },
    },
    FeatureRow{
        "secure_renegotiation",
        [](const Exchange& e) {
            return before_tls_1_3(e) && e.offer.renegotiation != Renegotiation::none;
        },
        [](const Exchange& e) { return e.flight->renegotiation_info; },
    },
    FeatureRow{"encrypt_then_mac", offers_encrypt_then_mac, answers<encrypt_then_mac>},
    FeatureRow{"session_ticket", before_tls_1_3_offers<session_ticket>, answers<session_ticket>},
    FeatureRow{
        "session_id",
        may_name_a_session,
        [](const Exchange& e) { return e.flight->session_id; },
    },
    FeatureRow{
        "ocsp_staple",
        offers_for_certificate<status_request>,
        [](const Exchange& e) {
            return e.flight->certificate_status ||
                   names_type(e.flight->certificate_extensions, status_request);
        },
    },
    FeatureRow{
        "signed_certificate_timestamp",
        offers_for_certificate<signed_certificate_timestamp>,
        [](const Exchange& e) {
            return answers<signed_certificate_timestamp>(e) ||
                   names_type(e.flight->certificate_extensions, signed_certificate_timestamp);
        },
    },
    FeatureRow{
        "compression",
        [](const Exchange& e) { return before_tls_1_3(e) && e.offer.compression; },
        [](const Exchange& e) { return e.flight->compression != 0; },
    },
    FeatureRow{"max_fragment_length", offers_max_fragment_length, answers<max_fragment_length>},
    FeatureRow{"record_size_limit", offers<record_size_limit>, answers<record_size_limit>},
    FeatureRow{"heartbeat", offers<heartbeat>, answers<heartbeat>},
    FeatureRow{"ec_point_formats", before_tls_1_3_offers<ec_point_formats>, answers<ec_point_formats>},
    FeatureRow{
        "certificate_compression",
        [](const Exchange& e) {
            const std::string& stage = e.flight->stage;
            return !before_tls_1_3(e) && names_type(e.offer.extensions, compress_certificate) &&
                   (stage == "CertificateVerify" || stage == "Finished");
        },
        [](const Exchange& e) { return e.flight->certificate_compressed; },
    },
};

/// What the telling exchanges of all versions make of one row.
Feature feature_of(const FeatureRow& row, const std::vector<const Exchange*>& exchanges) {
    Feature feature{.name = row.name, .state = Acceptance::untested, .exchange = ""};
    for (const Exchange* const exchange : exchanges) {
        if (!exchange->flight || !row.offered(*exchange)) {
            continue;
        }
        if (row.taken(*exchange)) {
            return {.name = row.name, .state = Acceptance::accepted, .exchange = exchange->id};
        }
        if (feature.state != Acceptance::refused) {
            feature.state = Acceptance::refused;
            feature.exchange = exchange->id;
        }
    }
    return feature;
}

/// The signal against downgrades is a trait that the visit asks for.
Feature fallback_feature(const Endpoint& endpoint) {
    const auto answer = fallback_answer(endpoint);
    if (!answer) {
        return {.name = "fallback_scsv", .state = Acceptance::untested, .exchange = ""};
    }
    return {
        .name = "fallback_scsv",
        .state = answer->honoured ? Acceptance::accepted : Acceptance::refused,
        .exchange = answer->shown_by->id,
    };
}

/// What happens to a client whose protocols the server does not know: alert 120 is what RFC 7301
/// 3.2 asks for, and many go on without.
Feature alpn_feature(const Endpoint& endpoint) {
    Feature feature{
        .name = "no_application_protocol", .state = Acceptance::untested, .exchange = ""
    };
    const bool speaks_alpn = std::ranges::any_of(endpoint.inventory, [](const Exchange& exchange) {
        return succeeded(exchange) && exchange.flight && exchange.flight->alpn;
    });
    for (const Exchange& exchange : endpoint.inventory) {
        if (exchange.offer.alpn.empty()) {
            continue;
        }
        const std::optional<Alert>& alert = exchange.alert ? exchange.alert : exchange.alert_after;
        const bool refused = says_no(exchange) && alert &&
                             alert->description == AlertDescription::no_application_protocol;
        const bool ignored = speaks_alpn && succeeded(exchange) && exchange.flight &&
                             extensions_were_read(exchange) && !exchange.flight->alpn;
        if (refused || (ignored && feature.state == Acceptance::untested)) {
            feature.state = refused ? Acceptance::accepted : Acceptance::refused;
            feature.exchange = exchange.id;
        }
    }
    return feature;
}

} // namespace

void add_features(const Endpoint& endpoint, Inventory& inventory) {
    std::vector<const Exchange*> exchanges;
    for (const ProtocolVersion version : k_versions) {
        if (version >= ProtocolVersion::tls_1_0) {
            const std::vector<const Exchange*> some = telling_exchanges(endpoint, version);
            exchanges.insert(exchanges.end(), some.begin(), some.end());
        }
    }
    for (const FeatureRow& row : k_feature_rows) {
        inventory.features.push_back(feature_of(row, exchanges));
    }
    inventory.features.push_back(fallback_feature(endpoint));
    inventory.features.push_back(alpn_feature(endpoint));
    inventory.features.push_back(
        {.name = "early_data", .state = Acceptance::untested, .exchange = ""}
    );
}

} // namespace tlsdoctor::evidence
