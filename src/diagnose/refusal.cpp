// SPDX-License-Identifier: Apache-2.0
// How 33 real servers refuse is in tests/diagnose/stacks.tsv; these are the patterns that matter.
#include "diagnose/refusal.hpp"

#include <algorithm>

namespace tlsdoctor::diagnose {

namespace {

using evidence::Outcome;
using evidence::VersionAnswer;

constexpr ProtocolVersion k_tls[] = {
    ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2,
    ProtocolVersion::tls_1_3
};

bool lacks_a_suite(std::optional<AlertDescription> alert) {
    return alert == AlertDescription::handshake_failure ||
           alert == AlertDescription::insufficient_security;
}

/// The alert came in a record of an older version, so the server had gone down to that one and
/// refused it (lighttpd 1.4.69 with Mbed TLS, maximum below minimum). Below 0x0300 the number means
/// nothing: BearSSL writes zero.
bool went_down(const VersionAnswer& answer) {
    const ProtocolVersion record = answer.shown_by->alert->record_version;
    return record >= ProtocolVersion::ssl_3_0 &&
           record < std::min(answer.version, ProtocolVersion::tls_1_2);
}

/// OpenSSL since 1.1.1 refuses SSL 2.0 with 70, SSL 3.0 with 40, and a TLS version with 70 always.
bool refuses_like_openssl(const Case& visit) {
    return alert_to(visit, ProtocolVersion::ssl_2_0) == AlertDescription::protocol_version &&
           alert_to(visit, ProtocolVersion::ssl_3_0) == AlertDescription::handshake_failure;
}

/// The answer that shows how this server refuses a version: alert 70, or (Node.js 4) a close of the
/// hellos that are older than the one in question.
const VersionAnswer* refused_as_a_version(const Case& visit, ProtocolVersion question) {
    for (const ProtocolVersion version : k_tls) {
        if (alert_to(visit, version) == AlertDescription::protocol_version) {
            return &answer_to(visit, version);
        }
    }
    if (refuses_like_openssl(visit)) {
        return &answer_to(visit, ProtocolVersion::ssl_2_0);
    }
    for (const ProtocolVersion version : {ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1}) {
        if (version < question && denies(visit, version) &&
            answer_to(visit, version).outcome == Outcome::closed) {
            return &answer_to(visit, version);
        }
    }
    return nullptr;
}

/// An alert that GnuTLS does not send where TLS 1.3 is its newest version: it refuses older ones
/// with alert 70 in a record of TLS 1.2, SSL 2.0 included, where OpenSSL repeats the hello's
/// version and Java answers SSL 2.0 with 40.
const VersionAnswer* unlike_gnutls(const Case& visit) {
    for (const ProtocolVersion version :
         {ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1, ProtocolVersion::ssl_3_0,
          ProtocolVersion::ssl_2_0}) {
        const auto alert = alert_to(visit, version);
        if (!alert) {
            continue;
        }
        const VersionAnswer& answer = answer_to(visit, version);
        const bool foreign_record =
            *alert == AlertDescription::protocol_version &&
            answer.shown_by->alert->record_version != ProtocolVersion::tls_1_2;
        if (foreign_record || *alert == AlertDescription::handshake_failure) {
            return &answer;
        }
    }
    return nullptr;
}

/// Another name, or none, was tried where there is one to try; `sni_unknown` and `sni_missing` hide
/// behind every kind of refusal.
bool names_tried(const Case& visit) {
    bool tried = visit.target.literal && !visit.target.sni;
    for (const evidence::Exchange& exchange : visit.endpoint.exchanges) {
        if (exchange.purpose != evidence::Purpose::name) {
            continue;
        }
        if (exchange.outcome == Outcome::not_tested) {
            return false;
        }
        tried = true;
    }
    return tried;
}

} // namespace

Proof shares_no_suite_in(const Case& visit, ProtocolVersion version) {
    const VersionAnswer& answer = answer_to(visit, version);
    if (!denies(visit, version) || !lacks_a_suite(alert_to(visit, version)) || went_down(answer)) {
        return std::nullopt;
    }
    const VersionAnswer* const other = refused_as_a_version(visit, version);
    if (other == nullptr) {
        return std::nullopt;
    }
    std::vector<Citation> citations{cite(answer), cite(*other)};
    if (!visit.accepted.empty()) {
        const VersionAnswer* const telling = unlike_gnutls(visit);
        if (telling == nullptr) {
            return std::nullopt;
        }
        if (telling != other) {
            citations.push_back(cite(*telling));
        }
    }
    return citations;
}

Proof shares_no_suite_at_all(const Case& visit) {
    if (!denies_all(visit)) {
        return std::nullopt;
    }
    for (const ProtocolVersion version : k_tls_newest_first) {
        if (Proof proof = shares_no_suite_in(visit, version)) {
            return proof;
        }
    }
    return std::nullopt;
}

Proof all_answered(const Case& visit) {
    const bool all = std::ranges::none_of(k_tls_newest_first, [&](ProtocolVersion version) {
        return answer_to(visit, version).outcome == Outcome::not_tested;
    });
    return all && names_tried(visit) ? Proof(std::vector<Citation>{}) : std::nullopt;
}

bool denies_all(const Case& visit) {
    return std::ranges::all_of(k_tls_newest_first, [&](ProtocolVersion version) {
        return denies(visit, version);
    });
}

} // namespace tlsdoctor::diagnose
