// SPDX-License-Identifier: Apache-2.0
// How 33 real servers refuse is in tests/diagnose/stacks.tsv; these are the two patterns that
// matter.
#include "diagnose/refusal.hpp"

#include <algorithm>

namespace tlsdoctor::diagnose {

namespace {

constexpr ProtocolVersion k_tls[] = {
    ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2,
    ProtocolVersion::tls_1_3
};

bool lacks_a_suite(std::optional<AlertDescription> alert) {
    return alert == AlertDescription::handshake_failure ||
           alert == AlertDescription::insufficient_security;
}

/// GnuTLS puts its own highest version into the record of every alert 70, SSL 2.0's included, where
/// OpenSSL repeats the hello's version and Java answers SSL 2.0 with 40.
bool refuses_like_gnutls(const Case& visit) {
    const auto has_own_version = [&](ProtocolVersion version) {
        const auto& answer = answer_to(visit, version);
        return alert_to(visit, version) == AlertDescription::protocol_version &&
               answer.shown_by->alert->record_version == ProtocolVersion::tls_1_2;
    };
    return has_own_version(ProtocolVersion::ssl_2_0) && has_own_version(ProtocolVersion::ssl_3_0) &&
           has_own_version(ProtocolVersion::tls_1_0);
}

} // namespace

Proof shares_no_suite_in(const Case& visit, ProtocolVersion version) {
    if (!denies(visit, version) || !lacks_a_suite(alert_to(visit, version))) {
        return std::nullopt;
    }
    if (!visit.accepted.empty() && refuses_like_gnutls(visit)) {
        return std::nullopt;
    }
    const auto* const other = std::ranges::find_if(k_tls, [&](ProtocolVersion candidate) {
        return alert_to(visit, candidate) == AlertDescription::protocol_version;
    });
    if (other == std::end(k_tls)) {
        return std::nullopt;
    }
    return std::vector<Citation>{cite(answer_to(visit, version)), cite(answer_to(visit, *other))};
}

} // namespace tlsdoctor::diagnose
