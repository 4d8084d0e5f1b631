// SPDX-License-Identifier: Apache-2.0
// A refusal says little; what is known of both sides says more.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "client/choice.hpp"
#include "client/foretell.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::Exchange;
using evidence::Outcome;

constexpr std::size_t k_one_packet = 1'400;

/// An alert that names its cause whatever the lists say.
struct TellingAlert {
    AlertDescription alert;
    std::string_view cause;
    std::string_view reason;
    std::string_view change;
};

constexpr TellingAlert k_telling_alerts[] = {
    {AlertDescription::no_application_protocol, "alpn_mismatch",
     "the server speaks none of the protocols that it offers by ALPN",
     "server: add http/1.1 to its protocols"},
    {AlertDescription::certificate_required, "client_cert_required",
     "the server demands a client certificate", "client: a certificate that the server accepts"},
    {AlertDescription::insufficient_security, "insufficient_security",
     "the server finds everything that it offers too weak", "client: newer software"},
};

bool has_every_suite_refused(const Judge& client, const SeenServer& facts, const Forecast& told) {
    return told.result == evidence::ClientResult::fails && !client.fields.cipher_suites.empty() &&
           !facts.accepted.empty();
}

Hindrance about_the_name(const Judge& client) {
    if (client.fields.sni) {
        return {
            .cause = "sni_unknown",
            .reason = "the server has nothing for the name that was asked for",
            .change = "server: a certificate and a block for this name",
        };
    }
    return {
        .cause = "sni_missing",
        .reason = "it sends no server name (SNI), and the server answers nobody without one",
        .change = "server: a default certificate for clients without SNI; client: newer software",
    };
}

Hindrance without_a_word(const Judge& client, const Exchange& answer, const SeenServer& facts) {
    const bool large = client.fields.size > k_one_packet && !facts.accepted.empty();
    const bool hybrid = std::ranges::any_of(client.fields.key_share_groups, [](NamedGroup group) {
        const NamedGroupInfo* const info = tlsdoctor::find(group);
        return info != nullptr && info->kind == GroupKind::hybrid;
    });
    const std::string how = evidence::describe_answer(answer);
    if (large && hybrid) {
        return {
            .cause = "large_clienthello_pq",
            .reason = fmt::format(
                "its hello of {} bytes, with a post-quantum key share, gets no TLS answer: {}",
                client.fields.size, how
            ),
            .change = "server or path: accept hellos of more than one packet",
        };
    }
    return {
        .cause = answer.outcome == Outcome::closed  ? "closed_after_hello"
                 : answer.outcome == Outcome::reset ? "reset_after_hello"
                                                    : "silent_after_hello",
        .reason = "its hello gets no TLS answer: " + how,
        .change = "server or path: see why others get one",
    };
}

/// Tells whether the client could verify a signature by this key, as far as its hello says.
bool suits(const Judge& client, std::string_view text) {
    const auto key = certificate_key(text);
    const auto& groups = client.fields.groups;
    const auto& schemes = client.fields.signature_algorithms;
    const bool curve_unknown = key && key->curve && !groups.empty() &&
                               std::ranges::find(groups, *key->curve) == groups.end();
    const bool ed25519_unknown =
        key && key->type == KeyType::ed25519 &&
        std::ranges::find(schemes, SignatureScheme::ed25519) == schemes.end();
    return !curve_unknown && !ed25519_unknown;
}

bool no_key_suits(const Judge& client, const SeenServer& facts) {
    return !facts.keys.empty() && std::ranges::none_of(facts.keys, [&](const std::string& key) {
        return suits(client, key);
    });
}

Hindrance about_the_key(const SeenServer& facts) {
    return {
        .cause = "cert_key_type_mismatch",
        .reason = fmt::format(
            "the key of the server's certificate ({}) is none that it offers to verify",
            facts.keys.front()
        ),
        .change = "server: a second certificate, with an RSA or EC P-256 key",
    };
}

/// The only signatures that were seen are none of the client's.
bool lacks_the_signature(const Judge& client, const SeenServer& facts, ProtocolVersion version) {
    const auto& offered = client.fields.signature_algorithms;
    return version == ProtocolVersion::tls_1_2 && !offered.empty() && !facts.signatures.empty() &&
           std::ranges::none_of(facts.signatures, [&](SignatureScheme scheme) {
               return std::ranges::find(offered, scheme) != offered.end();
           });
}

Hindrance about_the_signature(const SeenServer& facts) {
    return {
        .cause = "sigalg_mismatch",
        .reason = fmt::format(
            "the server was seen to sign with {} alone, which it does not offer",
            name_of(facts.signatures.front())
        ),
        .change = "server: sign with SHA-256",
    };
}

std::string words_for(AlertDescription alert) {
    return fmt::format("alert {} ({})", static_cast<unsigned>(alert), name_of(alert));
}

/// Where no hello at all was accepted, a refusal says nothing about this client.
Hindrance as_every_other(AlertDescription alert) {
    return {
        .reason = fmt::format(
            "the server refuses its hello, as it does every other, with {}", words_for(alert)
        ),
    };
}

bool wants_newer(const Judge& client, const SeenServer& facts) {
    const std::vector<ProtocolVersion> offered = offered_versions(client.fields);
    const ProtocolVersion newest = offered.empty() ? client.fields.legacy_version : offered.front();
    return facts.accepted.back() > newest;
}

/// The alert alone, where both sides have something in common as far as is known. Only
/// handshake_failure says that the offers are what the server minds, and protocol_version that the
/// versions are.
Hindrance by_alert(const Judge& client, AlertDescription alert, const SeenServer& facts) {
    std::string reason = fmt::format("the server refuses its hello with {}", words_for(alert));
    if (alert == AlertDescription::protocol_version && wants_newer(client, facts)) {
        return {
            .cause = "server_requires_newer_version",
            .reason = fmt::format("the server refuses its versions with {}", words_for(alert)),
            .change = "client: newer software",
        };
    }
    if (alert != AlertDescription::handshake_failure) {
        return {.reason = std::move(reason)};
    }
    if (client.profile.lowest == ProtocolVersion::tls_1_3) {
        return {
            .cause = "no_common_group",
            .reason = reason + ": most likely it takes none of its groups",
            .change = "server: enable x25519 and secp256r1",
        };
    }
    return {
        .cause = "no_common_cipher",
        .reason = reason + ": most likely it takes none of its cipher suites, groups or "
                           "signatures, or has no certificate that goes with them",
        .change = "server: enable ECDHE suites with AES-GCM",
    };
}

} // namespace

Hindrance why_refused(const Judge& client, const Exchange& answer, const SeenServer& facts) {
    const auto alert = answer.alert ? std::optional(answer.alert->description) : std::nullopt;
    const Forecast told = foretell(client, facts);
    const auto version =
        facts.accepted.empty() ? std::nullopt : common_version(client, facts.accepted);
    Hindrance why;
    const auto* const telling =
        std::ranges::find_if(k_telling_alerts, [&](const auto& row) { return row.alert == alert; });
    if (facts.accepted.empty() && alert) {
        why = as_every_other(*alert);
    } else if (!facts.accepted.empty() && !version) {
        why = no_common_version(client, facts.accepted);
    } else if (telling != std::end(k_telling_alerts)) {
        why = {
            .cause = telling->cause,
            .reason = std::string(telling->reason),
            .change = std::string(telling->change),
        };
    } else if (alert == AlertDescription::unrecognized_name ||
               (!client.fields.sni && facts.needs_name)) {
        why = about_the_name(client);
    } else if (version && no_key_suits(client, facts)) {
        why = about_the_key(facts);
    } else if (version && lacks_the_signature(client, facts, *version)) {
        why = about_the_signature(facts);
    } else if (has_every_suite_refused(client, facts, told)) {
        why = told.objection;
    } else if (alert) {
        why = by_alert(client, *alert, facts);
    } else {
        why = without_a_word(client, answer, facts);
    }
    why.alert = alert;
    return why;
}

} // namespace tlsdoctor::client
