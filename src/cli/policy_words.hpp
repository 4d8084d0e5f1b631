// SPDX-License-Identifier: Apache-2.0
// A policy as words, before the words are looked up: the same from the table of published policies
// and from a file. The names of members in errors are those of Mozilla's JSON.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "diagnose/policy.hpp"
#include "registry/policy.hpp"

namespace tlsdoctor::cli {

/// Lists and numbers as they stand; nullopt: nothing is said.
struct PolicyWords {
    using List = std::optional<std::vector<std::string>>;

    std::string name{};
    std::string source{};
    List tls_versions{};
    List ciphers{};      ///< of TLS 1.2 and older, IANA's or OpenSSL's names
    List ciphersuites{}; ///< of TLS 1.3
    List tls_curves{};
    List signature_algorithms{};
    List certificate_types{};
    List certificate_curves{};
    List certificate_signatures{};
    std::optional<std::uint32_t> rsa_key_size{};
    std::optional<std::uint32_t> dh_param_size{};
    std::optional<std::uint32_t> ecdh_param_size{};
    std::optional<std::uint32_t> maximum_certificate_lifespan{}; ///< days
    bool server_preferred_order{};
    std::vector<std::string> not_judged{};
};

/// Returns a row of the table as words.
PolicyWords policy_words(const PublishedPolicy& policy);

/// Looks the words up. The error names the member and what is wrong with it.
std::expected<diagnose::Policy, std::string> policy_from(const PolicyWords& words);

} // namespace tlsdoctor::cli
