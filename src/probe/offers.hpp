// SPDX-License-Identifier: Apache-2.0
// The lists that our hellos offer. They are wide on purpose: a server that shares no suite with the
// hello must not look like one that refuses the version.
#pragma once

#include <cstdint>
#include <span>

#include "evidence/exchange.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::probe {

/// Returns the suites for one version alone, the strong ones first, without signalling values; at
/// most 120, because wolfSSL 5.5.4 answers decode_error to 180 (measured).
std::span<const CipherSuite> suites_for(ProtocolVersion version, evidence::Shape shape);

/// Returns the groups for one version alone.
std::span<const NamedGroup> groups_for(ProtocolVersion version, evidence::Shape shape);

/// Returns the signature schemes, SHA-1 last.
std::span<const SignatureScheme> signature_schemes_for(evidence::Shape shape);

/// Returns the seven cipher kinds of SSL 2.0 as their 24-bit numbers.
std::span<const std::uint32_t> ssl2_cipher_kinds_offered();

} // namespace tlsdoctor::probe
