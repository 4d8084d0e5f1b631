// SPDX-License-Identifier: Apache-2.0
// Judgement of groups, signature schemes, Diffie-Hellman parameters, certificates and features.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/judgement.hpp"

namespace tlsdoctor::diagnose {

namespace {

Judgement judged(Strength strength, std::string_view reason, std::string_view source = {}) {
    return {.strength = strength, .reason = std::string{reason}, .source = source};
}

Judgement judge_prime(std::uint32_t bits) {
    if (bits < 1024) {
        return judged(Strength::broken, "a prime below 1024 bits (Logjam)", "CVE-2015-4000");
    }
    if (bits < 2048) {
        return judged(Strength::weak, "a prime below 2048 bits (Logjam)", "RFC 9325 4.1");
    }
    return judged(Strength::fine, "a prime of 2048 bits or more", "RFC 7919");
}

/// What a feature's state means.
struct FeatureReason {
    std::string_view name{};
    evidence::Acceptance state{};
    Strength strength{};
    std::string_view reason{};
    std::string_view source{};
};

// clang-format off
constexpr FeatureReason k_feature_reasons[] = {
    {"compression", evidence::Acceptance::accepted, Strength::broken,
     "secrets show in the size of what is sent (CRIME)", "CVE-2012-4929"},
    {"secure_renegotiation", evidence::Acceptance::refused, Strength::weak,
     "others can put a prefix before a client's data", "RFC 5746"},
    {"renegotiation_info", evidence::Acceptance::refused, Strength::weak,
     "others can put a prefix before a client's data", "RFC 5746"},
    {"extended_master_secret", evidence::Acceptance::refused, Strength::weak,
     "sessions of two connections can be made alike (triple handshake)", "RFC 7627"},
    {"truncated_hmac", evidence::Acceptance::accepted, Strength::weak,
     "MACs of 80 bits", "RFC 9325 4.6"},
    {"heartbeat", evidence::Acceptance::accepted, Strength::weak,
     "of no use over TCP, and the door of Heartbleed", "CVE-2014-0160"},
};

/// Parts of the name of a certificate's signature, worst first.
struct SignatureReason {
    std::string_view part{}; ///< lower case
    Strength strength{};
    std::string_view reason{};
    std::string_view source{};
};

constexpr SignatureReason k_signature_reasons[] = {
    {"md2",  Strength::broken, "signed with MD2: can be forged", "RFC 6149"},
    {"md4",  Strength::broken, "signed with MD4: can be forged", "RFC 6150"},
    {"md5",  Strength::broken, "signed with MD5: can be forged", "RFC 6151"},
    {"sha1", Strength::weak,   "signed with SHA-1: collisions are affordable, clients refuse it", "RFC 9155"},
    {"sha-1", Strength::weak,  "signed with SHA-1: collisions are affordable, clients refuse it", "RFC 9155"},
};
// clang-format on

Judgement judge_rsa_key(std::uint32_t bits) {
    if (bits < 1024) {
        return judged(
            Strength::broken, "an RSA key below 1024 bits can be factored", "RFC 9325 4.5"
        );
    }
    return bits < 2048 ? judged(Strength::weak, "an RSA key below 2048 bits", "RFC 9325 4.5")
                       : judged(Strength::fine, "", "");
}

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

/// The size of a curve by the words for a key: `P-256`, `brainpoolP512r1`, `secp224r1`.
std::uint32_t bits_of_curve(std::string_view curve) {
    const auto begin = std::ranges::find_if(curve, is_decimal);
    const auto end = std::find_if_not(begin, curve.end(), is_decimal);
    std::uint32_t bits = 0;
    for (auto at = begin; at != end && bits < 100'000; ++at) {
        bits = bits * 10 + static_cast<std::uint32_t>(*at - '0');
    }
    return bits;
}

Judgement judge_key(std::string_view words) {
    const KeyWords key = read_key(words);
    if (key.type == "RSA" || key.type == "RSA-PSS") {
        return judge_rsa_key(key.bits);
    }
    if (key.type == "DSA") {
        return judged(Strength::weak, "a DSA key: clients of today know none", "RFC 8446");
    }
    if (key.type == "EC" && key.bits > 0 && key.bits < 224) {
        return judged(Strength::weak, "a curve below 224 bits", "RFC 9325 4.5");
    }
    return judged(Strength::fine, "", "");
}

Judgement judge_signature(std::string_view name) {
    const std::string small = lower(name);
    for (const SignatureReason& row : k_signature_reasons) {
        if (small.find(row.part) != std::string::npos) {
            return judged(row.strength, row.reason, row.source);
        }
    }
    return judged(Strength::fine, "", "");
}

} // namespace

KeyWords read_key(std::string_view key) {
    const auto space = key.find(' ');
    KeyWords words{.type = key.substr(0, space)};
    if (space == std::string_view::npos) {
        return words;
    }
    const std::string_view rest = key.substr(space + 1);
    words.bits = bits_of_curve(rest);
    if (!rest.empty() && !is_decimal(rest.front())) {
        words.curve = rest;
    }
    return words;
}

Judgement judge(NamedGroup group) {
    const NamedGroupInfo* const info = find(group);
    if (info == nullptr) {
        return judged(Strength::weak, "not a registered group: nothing is known");
    }
    switch (info->kind) {
    case GroupKind::finite_field:
        return judge_prime(info->bits);
    case GroupKind::hybrid:
        return judged(Strength::fine, "safe against quantum computers too", "");
    case GroupKind::post_quantum:
        return judged(Strength::fine, "post-quantum", "");
    case GroupKind::other:
        return judged(Strength::weak, "parameters of the server's own choice", "RFC 8422 5.1.1");
    case GroupKind::elliptic_curve:
        break;
    }
    return info->bits < 224 ? judged(Strength::weak, "a curve below 224 bits", "RFC 8422 5.1.1")
                            : judged(Strength::fine, "", "");
}

Judgement judge(SignatureScheme scheme) {
    const std::string name = name_of(scheme);
    if (name.ends_with("_md5")) {
        return judged(
            Strength::broken, "MD5: transcripts can be made to collide (SLOTH)", "RFC 9155"
        );
    }
    if (name.ends_with("_sha1")) {
        return judged(
            Strength::weak, "SHA-1: transcripts can be made to collide (SLOTH)", "RFC 9155"
        );
    }
    if (name.starts_with("dsa_")) {
        return judged(Strength::weak, "DSA: clients of today know none", "RFC 8446");
    }
    return name.starts_with("0x") ? judged(Strength::weak, "not a registered scheme")
                                  : judged(Strength::fine, "", "");
}

Judgement judge(const evidence::DhParameters& parameters) {
    return judge_prime(parameters.bits);
}

Judgement judge(const evidence::Certificate& leaf) {
    const Judgement key = judge_key(leaf.key);
    const Judgement signature = judge_signature(leaf.signature);
    return signature.strength < key.strength ? signature : key;
}

std::optional<Judgement> judge(const evidence::Feature& feature) {
    for (const FeatureReason& row : k_feature_reasons) {
        if (row.name == feature.name && row.state == feature.state) {
            return judged(row.strength, row.reason, row.source);
        }
    }
    return std::nullopt;
}

} // namespace tlsdoctor::diagnose
