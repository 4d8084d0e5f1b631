// SPDX-License-Identifier: Apache-2.0
// The lists that our hellos offer. They are wide on purpose: a server that shares no suite with the
// hello must not look like one that refuses the version.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

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

/// Returns the offer of a hello for one version alone in one of the version shapes.
evidence::Offer version_offer(
    ProtocolVersion version, evidence::Shape shape, const std::optional<std::string>& sni
);

/// Returns what a browser of today offers: TLS 1.3 and 1.2, X25519MLKEM768 with its share, GREASE,
/// ALPN, about 1,800 bytes. The lists are those of Chromium 131.
evidence::Offer browser_of_today(const std::optional<std::string>& sni);

/// Returns the same without the post-quantum group and in 700 bytes, as browsers of 2023 sent it.
evidence::Offer browser_of_yesterday(const std::optional<std::string>& sni);

/// Returns what clients like Java 8 send: TLS 1.2 in records of version 0303, no
/// extended_master_secret, 400 bytes without padding.
evidence::Offer older_client(const std::optional<std::string>& sni);

/// Returns TLS 1.2 with finite-field Diffie-Hellman alone, to see the server's prime.
evidence::Offer dhe_only(const std::optional<std::string>& sni);

/// Returns TLS 1.2 with TLS_FALLBACK_SCSV [RFC 7507], otherwise like the first version shape.
evidence::Offer fallback(const std::optional<std::string>& sni);

/// Returns the seven cipher kinds of SSL 2.0 as their 24-bit numbers.
std::span<const std::uint32_t> ssl2_cipher_kinds_offered();

} // namespace tlsdoctor::probe
