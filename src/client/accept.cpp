// SPDX-License-Identifier: Apache-2.0
// One small function for each thing that a client may object to, in the order in which it sees
// them: ServerHello, certificate, key exchange.
#include "client/accept.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tlsdoctor::client {

namespace {

using MaybeRefusal = std::optional<Refusal>;

struct Question {
    const Profile& profile;
    const HelloFields& hello;
    const Limits& limits;
    const ServerChoice& choice;
};

Refusal refuses(const Question& question, Objection objection, Basis basis, std::string why) {
    return {
        .objection = objection,
        .why = std::move(why),
        .source = source_of(basis, question.limits),
        .basis = basis,
    };
}

template <typename T>
bool contains(const std::vector<T>& list, T value) {
    return std::ranges::find(list, value) != list.end();
}

const CipherSuiteInfo* suite_of(const ServerChoice& choice) {
    return choice.cipher_suite ? find(*choice.cipher_suite) : nullptr;
}

bool is_tls13(const Question& question) {
    return question.choice.version == ProtocolVersion::tls_1_3;
}

MaybeRefusal about_version(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    const bool listed = has(hello, ExtensionType::supported_versions);
    const auto reaction = reaction_of(profile, choice.version);
    const auto measured = [&](MaybeRefusal refusal) {
        refusal->source = "measured: what it did with a ServerHello of each version";
        refusal->alert = reaction->alert;
        return refusal;
    };
    const auto why = fmt::format("it refuses {}", name_of(choice.version));
    if (reaction && reaction->offered && !reaction->went_on) {
        return measured(refuses(question, Objection::version, Basis::measured, why));
    }
    const bool offered =
        listed ? contains(hello.versions, choice.version) : choice.version <= hello.legacy_version;
    if (!offered) {
        const auto offers = fmt::format("it does not offer {}", name_of(choice.version));
        return refuses(question, Objection::version, Basis::hello, offers);
    }
    if (limits.versions && !contains(*limits.versions, choice.version)) {
        return refuses(question, Objection::version, limits.basis, why);
    }
    if (choice.version < profile.lowest) {
        const auto at_least = fmt::format("it demands at least {}", name_of(profile.lowest));
        const auto basis =
            profile.fidelity == Fidelity::captured ? Basis::measured : Basis::published;
        auto refusal = refuses(question, Objection::version, basis, at_least);
        refusal.source = fmt::format("{}: {}", name_of(basis), profile.source);
        return refusal;
    }
    return std::nullopt;
}

MaybeRefusal about_suite(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    if (choice.cipher_suite && !contains(hello.cipher_suites, *choice.cipher_suite)) {
        return refuses(
            question, Objection::cipher_suite, Basis::hello,
            fmt::format("it does not offer {}", name_of(*choice.cipher_suite))
        );
    }
    const CipherSuiteInfo* suite = suite_of(choice);
    if (suite == nullptr || choice.version != ProtocolVersion::tls_1_2) {
        return std::nullopt;
    }
    struct Row {
        std::optional<bool> accepts{};
        bool applies{};
        Objection objection{};
        std::string_view what{};
    };
    const Row rows[] = {
        {limits.static_rsa, suite->key_exchange == KeyExchange::rsa, Objection::static_rsa,
         "key exchange by static RSA in TLS 1.2"},
        {limits.triple_des, suite->encryption.starts_with("3DES"), Objection::cipher_suite,
         "3DES in TLS 1.2"},
        {limits.rc4, suite->encryption.starts_with("RC4"), Objection::cipher_suite, "RC4 in TLS 1.2"
        },
        {limits.cbc_sha1, suite->encryption.ends_with("CBC") && suite->mac == "SHA",
         Objection::cipher_suite, "CBC with SHA-1 in TLS 1.2"},
    };
    for (const Row& row : rows) {
        if (row.applies && !row.accepts.value_or(true)) {
            return refuses(
                question, row.objection, limits.basis, fmt::format("it refuses {}", row.what)
            );
        }
    }
    return std::nullopt;
}

MaybeRefusal about_renegotiation(const Question& question) {
    const auto& limits = question.limits;
    if (is_tls13(question) || question.choice.secure_renegotiation.value_or(true) ||
        !limits.requires_secure_renegotiation.value_or(false)) {
        return std::nullopt;
    }
    auto refusal = refuses(
        question, Objection::secure_renegotiation, limits.renegotiation_basis,
        "it refuses servers without secure renegotiation (RFC 5746)"
    );
    refusal.source = limits.renegotiation_basis == Basis::measured
                         ? "measured: a TLS 1.2 ServerHello without renegotiation_info"
                         : "rule: all clients of OpenSSL 3 that were measured insist on it";
    refusal.alert = AlertDescription::handshake_failure;
    return refusal;
}

MaybeRefusal about_group(const Question& question) {
    const auto& choice = question.choice;
    const auto& groups = question.hello.groups;
    if (!choice.group || groups.empty() || contains(groups, *choice.group)) {
        return std::nullopt;
    }
    return refuses(
        question, Objection::group, Basis::hello,
        fmt::format("it does not offer the group {}", name_of(*choice.group))
    );
}

MaybeRefusal about_dh(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    const CipherSuiteInfo* suite = suite_of(choice);
    const bool other = suite != nullptr && suite->key_exchange != KeyExchange::dhe;
    if (!choice.dh_bits || other || is_tls13(question)) {
        return std::nullopt;
    }
    if (*choice.dh_bits < limits.min_dh_bits.value_or(0)) {
        return refuses(
            question, Objection::dh_too_small, limits.basis,
            fmt::format(
                "it refuses DH primes below {} bits, the server's has {}", *limits.min_dh_bits,
                *choice.dh_bits
            )
        );
    }
    if (*choice.dh_bits > limits.max_dh_bits.value_or(*choice.dh_bits)) {
        return refuses(
            question, Objection::dh_too_large, limits.basis,
            fmt::format(
                "it refuses DH primes above {} bits, the server's has {}", *limits.max_dh_bits,
                *choice.dh_bits
            )
        );
    }
    return std::nullopt;
}

MaybeRefusal about_rsa_key(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    const std::uint32_t bits = choice.key->bits;
    if (bits < limits.min_rsa_bits.value_or(0)) {
        return refuses(
            question, Objection::rsa_too_small, limits.basis,
            fmt::format(
                "it refuses RSA keys below {} bits, the certificate's has {}", *limits.min_rsa_bits,
                bits
            )
        );
    }
    if (bits > limits.max_rsa_bits.value_or(bits)) {
        return refuses(
            question, Objection::rsa_too_large, limits.basis,
            fmt::format(
                "it refuses RSA keys above {} bits, the certificate's has {}", *limits.max_rsa_bits,
                bits
            )
        );
    }
    return std::nullopt;
}

/// In TLS 1.3 the signature scheme says all about the curve; before, supported_groups does.
MaybeRefusal about_curve(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    if (!choice.key->curve) {
        return std::nullopt;
    }
    const NamedGroup curve = *choice.key->curve;
    if (!is_tls13(question) && !hello.groups.empty() && !contains(hello.groups, curve)) {
        return refuses(
            question, Objection::certificate_curve, Basis::hello,
            fmt::format("it does not offer {}, the certificate's curve", name_of(curve))
        );
    }
    if (limits.certificate_curves && !contains(*limits.certificate_curves, curve)) {
        return refuses(
            question, Objection::certificate_curve, limits.basis,
            fmt::format("it refuses certificates with a key on {}", name_of(curve))
        );
    }
    return std::nullopt;
}

MaybeRefusal about_certificate(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    if (!choice.key) {
        return std::nullopt;
    }
    if (choice.key->type == KeyType::rsa) {
        return about_rsa_key(question);
    }
    if (choice.key->type == KeyType::ecdsa) {
        return about_curve(question);
    }
    if (choice.key->type != KeyType::ed25519) {
        return std::nullopt;
    }
    const auto& schemes = hello.signature_algorithms;
    if (!schemes.empty() && !contains(schemes, SignatureScheme::ed25519)) {
        return refuses(
            question, Objection::certificate_type, Basis::hello, "it does not offer Ed25519"
        );
    }
    if (!limits.ed25519_certificate.value_or(true)) {
        return refuses(
            question, Objection::certificate_type, limits.basis,
            "it refuses certificates with a key for Ed25519"
        );
    }
    return std::nullopt;
}

MaybeRefusal about_chain(const Question& question) {
    const auto& limits = question.limits;
    const auto chain = question.choice.chain;
    const bool sha1 = chain == ChainDigest::sha1 && !limits.sha1_signed_certificate.value_or(true);
    const bool md5 = chain == ChainDigest::md5 && !limits.md5_signed_certificate.value_or(true);
    if (!sha1 && !md5) {
        return std::nullopt;
    }
    return refuses(
        question, Objection::certificate_digest, limits.basis,
        fmt::format("it refuses certificates signed with {}", md5 ? "MD5" : "SHA-1")
    );
}

MaybeRefusal about_signature(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    if (!choice.signature || choice.version < ProtocolVersion::tls_1_2) {
        return std::nullopt;
    }
    const auto& schemes = hello.signature_algorithms;
    if (!schemes.empty() && !contains(schemes, *choice.signature)) {
        return refuses(
            question, Objection::signature_scheme, Basis::hello,
            fmt::format("it does not offer {}", name_of(*choice.signature))
        );
    }
    constexpr unsigned sha1 = 2; // HashAlgorithm [RFC 5246 7.4.1.4.1]
    const bool with_sha1 = std::to_underlying(*choice.signature) >> 8U == sha1;
    if (with_sha1 && !limits.sha1_server_key_exchange.value_or(true)) {
        return refuses(
            question, Objection::signature_scheme, limits.basis,
            "it refuses a key exchange signed with SHA-1 in TLS 1.2"
        );
    }
    return std::nullopt;
}

MaybeRefusal about_old_version(const Question& question) {
    const auto [profile, hello, limits, choice] = question;
    const bool old =
        choice.version == ProtocolVersion::tls_1_0 || choice.version == ProtocolVersion::tls_1_1;
    const CipherSuiteInfo* suite = suite_of(choice);
    if (!old || !limits.old_versions_only_with_static_rsa || suite == nullptr ||
        suite->key_exchange == KeyExchange::rsa) {
        return std::nullopt;
    }
    return refuses(
        question, Objection::old_version_signature, limits.basis,
        fmt::format(
            "in {} it refuses the SHA-1 signature of every key exchange but static RSA",
            name_of(choice.version)
        )
    );
}

} // namespace

std::string_view name_of(Objection objection) {
    constexpr std::string_view names[] = {
        "version",
        "cipher_suite",
        "group",
        "dh_too_small",
        "dh_too_large",
        "rsa_too_small",
        "rsa_too_large",
        "certificate_type",
        "certificate_curve",
        "certificate_digest",
        "signature_scheme",
        "secure_renegotiation",
        "static_rsa",
        "old_version_signature",
    };
    return names[std::to_underlying(objection)];
}

std::optional<Refusal>
refusal(const Profile& profile, const HelloFields& hello, const ServerChoice& choice) {
    constexpr MaybeRefusal (*checks[])(const Question&) = {
        about_version, about_suite, about_renegotiation, about_certificate, about_chain,
        about_group,   about_dh,    about_signature,     about_old_version,
    };
    const Limits limits = limits_of(profile);
    const Question question{profile, hello, limits, choice};
    for (const auto check : checks) {
        if (auto found = check(question)) {
            return found;
        }
    }
    return std::nullopt;
}

} // namespace tlsdoctor::client
