// SPDX-License-Identifier: Apache-2.0
// Suites, groups and signature schemes by the names that people write: the registry's and
// OpenSSL's, in any case. And the words for what they are.
#pragma once

#include <optional>
#include <string_view>

#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"

namespace tlsdoctor {

/// Finds a suite by IANA's or OpenSSL's name; nullopt for none.
std::optional<CipherSuite> suite_named(std::string_view text);

/// Finds a group by the registry's name, OpenSSL's `prime256v1` or NIST's `P-256`; nullopt for
/// none.
std::optional<NamedGroup> group_named(std::string_view text);

/// Finds a signature scheme by the registry's name; nullopt for none.
std::optional<SignatureScheme> scheme_named(std::string_view text);

/// Returns `broken`, `weak` or `fine`.
std::string_view name_of(Strength strength);

/// Returns `elliptic_curve`, `finite_field`, `post_quantum`, `hybrid` or `other`.
std::string_view name_of(GroupKind kind);

} // namespace tlsdoctor
