// SPDX-License-Identifier: Apache-2.0
// One word of judgement for each thing that a server accepts, with its reason in a clause and where
// that stands. Suites keep the strength of the registry's table; what came with them (a version, a
// small prime) can only make it worse.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/inventory.hpp"
#include "registry/cipher_suite.hpp"

namespace tlsdoctor::diagnose {

/// A word and its reason.
struct Judgement {
    Strength strength{Strength::fine};
    std::string reason{};      ///< one clause, for people: `no forward secrecy: static RSA`
    std::string_view source{}; ///< `RFC 7465`, `Sweet32 (CVE-2016-2183)`; empty where there is none

    bool operator==(const Judgement&) const = default;
};

/// Judges a version by itself, whatever is negotiated in it.
Judgement judge(ProtocolVersion version);

/// Judges a suite as it was chosen in a version.
Judgement judge(const evidence::AcceptedSuite& suite, ProtocolVersion version);

/// Judges a group of a key exchange.
Judgement judge(NamedGroup group);

/// Judges a scheme that the server signs its key exchange with.
Judgement judge(SignatureScheme scheme);

/// Judges the parameters of finite-field Diffie-Hellman.
Judgement judge(const evidence::DhParameters& parameters);

/// Judges the key of a leaf certificate and the signature on it; not whether it is trusted.
Judgement judge(const evidence::Certificate& leaf);

/// Judges an extension or feature; nullopt where its state speaks neither for nor against the
/// server, or is not known.
std::optional<Judgement> judge(const evidence::Feature& feature);

/// A key as evidence calls it, taken apart: `RSA 2048`, `EC P-256`, `Ed25519`.
struct KeyWords {
    std::string_view type{};  ///< `RSA`, `EC`, `DSA`, `Ed25519` ...
    std::string_view curve{}; ///< `P-256`; empty where it is no curve's
    std::uint32_t bits{};     ///< 0 where the words do not say
};

/// Takes the words for a key apart; borrows from `key`.
KeyWords read_key(std::string_view key);

} // namespace tlsdoctor::diagnose
