// SPDX-License-Identifier: Apache-2.0
// From an answer to what the client makes of it.
#include "client/hindrance.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "client/choice.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::Exchange;

constexpr std::string_view k_ecdhe = "server: enable ECDHE suites with AES-GCM";
constexpr std::string_view k_other_key =
    "server: a second certificate, with an RSA or EC P-256 key";

/// What an objection is called, and what would help.
struct Meaning {
    Objection objection;
    std::string_view cause;
    std::string_view change;
};

constexpr Meaning k_meanings[] = {
    {Objection::version, "server_only_legacy", "server: enable TLS 1.2 and TLS 1.3"},
    {Objection::cipher_suite, "no_common_cipher", k_ecdhe},
    {Objection::static_rsa, "no_common_cipher", k_ecdhe},
    {Objection::group, "no_common_group", "server: enable x25519 and secp256r1"},
    {Objection::dh_too_small, "weak_dh", "server: enable ECDHE suites, or a prime of 2048 bits"},
    {Objection::dh_too_large, "no_common_group", "server: enable ECDHE suites"},
    {Objection::rsa_too_small, "insufficient_security",
     "server: a certificate with an RSA key of 2048 bits, or an ECDSA one"},
    {Objection::rsa_too_large, "cert_key_type_mismatch",
     "server: a certificate with a smaller RSA key, or an ECDSA one"},
    {Objection::certificate_type, "cert_key_type_mismatch", k_other_key},
    {Objection::certificate_curve, "cert_key_type_mismatch", k_other_key},
    {Objection::certificate_digest, "sigalg_mismatch",
     "server: a certificate that is signed with SHA-256"},
    {Objection::signature_scheme, "sigalg_mismatch", "server: sign with SHA-256"},
    {Objection::old_version_signature, "sigalg_mismatch",
     "server: enable TLS 1.2; client: OpenSSL's cipher string with @SECLEVEL=0"},
    {Objection::secure_renegotiation, "legacy_renegotiation",
     "server: update its TLS library, or enable TLS 1.3; client: OpenSSL's option "
     "UnsafeLegacyServerConnect"},
};

const Meaning& meaning_of(Objection objection) {
    const auto* const at = std::ranges::find(k_meanings, objection, &Meaning::objection);
    return at == std::end(k_meanings) ? k_meanings[0] : *at;
}

ServerChoice choice_in(const Exchange& answer) {
    const evidence::Selection& chosen = *answer.selection;
    ServerChoice choice{.version = chosen.version, .group = chosen.group};
    if (chosen.version > ProtocolVersion::ssl_2_0) {
        choice.cipher_suite = chosen.cipher_suite;
    }
    if (!answer.flight) {
        return choice;
    }
    const evidence::Flight& flight = *answer.flight;
    if (flight.dh_bits > 0) {
        choice.dh_bits = flight.dh_bits;
    }
    choice.key = certificate_key(flight.certificate_key);
    choice.chain = chain_digest(flight.certificate_signature);
    choice.signature = flight.signature_scheme;
    if (chosen.version < ProtocolVersion::tls_1_3) {
        choice.secure_renegotiation = flight.renegotiation_info;
    }
    return choice;
}

bool insists_on_tls_1_3(const Judge& client) {
    return offered_versions(client.fields) == std::vector{ProtocolVersion::tls_1_3};
}

} // namespace

Hindrance hindrance_of(const Refusal& refusal) {
    const Meaning& meaning = meaning_of(refusal.objection);
    return {
        .cause = meaning.cause,
        .reason = refusal.why,
        .change = std::string(meaning.change),
        .alert = refusal.alert,
    };
}

std::optional<Hindrance> refusal_of(const Judge& client, const Exchange& answer) {
    if (!answer.selection) {
        return std::nullopt;
    }
    const auto refused = refusal(client.profile, client.fields, choice_in(answer));
    if (!refused) {
        return std::nullopt;
    }
    Hindrance why = hindrance_of(*refused);
    if (!is_version(answer.selection->version)) {
        return Hindrance{
            .reason = fmt::format(
                "the server answers with {}, which is no version",
                name_of(answer.selection->version)
            ),
            .alert = why.alert,
        };
    }
    if (refused->objection == Objection::version && insists_on_tls_1_3(client)) {
        why.cause = "client_only_tls13";
        why.change = "server: enable TLS 1.3";
    }
    return why;
}

std::string doubt_about(const Judge& client, const Exchange& answer) {
    if (!answer.selection) {
        return "";
    }
    const ProtocolVersion version = answer.selection->version;
    const bool silent = !has(client.fields, ExtensionType::supported_versions);
    if (silent && client.profile.lowest == ProtocolVersion::none &&
        version < client.fields.legacy_version) {
        return fmt::format("nobody recorded whether it goes down to {}", name_of(version));
    }
    return "";
}

} // namespace tlsdoctor::client
