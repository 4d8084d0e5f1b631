// SPDX-License-Identifier: Apache-2.0
// What a hello offered, factor by factor. The doctor isolates a culprit by changing one of these at
// a time (evidence/factors.hpp), so everything in which two of our hellos can differ stands here,
// random bytes excepted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/cipher_suite.hpp"
#include "registry/extension_type.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// The form of a hello: a "no" needs two of different form to agree.
enum class Shape : std::uint8_t {
    openssl,  ///< like OpenSSL 3.0's in extensions and their order
    browser,  ///< like a browser's without the post-quantum share
    ssl2,     ///< SSL 2.0's own CLIENT-HELLO
    nothing,  ///< no byte is sent
    composed, ///< every factor as the offer says, extensions in one fixed order
    plain,    ///< no hello: a request of HTTP in clear
    cheap, ///< like `openssl`, and an acceptance costs the server no signature: TLS 1.3 without a
           ///< share, so that a HelloRetryRequest answers, older ones with static RSA alone
};

/// How a hello says that it knows secure renegotiation [RFC 5746].
enum class Renegotiation : std::uint8_t { none, scsv, extension };

/// How the bytes of a hello are cut on their way.
enum class Segmentation : std::uint8_t {
    whole,
    two_segments,   ///< one record, the TCP segment ends within it
    two_records,    ///< the handshake message goes on in a second record [RFC 8446 5.1]
    small_segments, ///< both directions are held to segments of 536 bytes (TCP_MAXSEG)
};

/// What a hello offered. Empty lists stand for extensions that were not sent.
struct Offer {
    std::vector<ProtocolVersion> versions{}; ///< the acceptable ones; empty when nothing was sent
    Shape shape{};
    std::vector<CipherSuite> cipher_suites{}; ///< without signalling values and GREASE
    std::vector<NamedGroup> groups{};
    std::optional<std::string> sni{}; ///< A-label form, nullopt where no server_name was sent
    ProtocolVersion legacy_version{};
    ProtocolVersion record_version{};
    std::vector<NamedGroup> key_shares{};
    std::vector<SignatureScheme> signature_algorithms{};
    std::vector<std::string> alpn{};
    std::vector<ExtensionType> extensions{}; ///< further ones, whose content does not vary
    Renegotiation renegotiation{};
    Segmentation segmentation{};
    bool extended_master_secret{};
    bool grease{};      ///< reserved values among suites, groups, versions, extensions [RFC 8701]
    bool compression{}; ///< DEFLATE beside null [RFC 3749]
    bool fallback_scsv{};
    bool proxy_header{};       ///< a PROXY protocol header went before the hello
    std::uint16_t padded_to{}; ///< fill the message up to this size; 0: only as the shape does
    std::uint16_t size{};      ///< of the handshake message with its header, in bytes

    bool operator==(const Offer&) const = default;
};

/// Returns `openssl` ... as in recordings.
std::string_view name_of(Shape shape);
std::string_view name_of(Renegotiation renegotiation);
std::string_view name_of(Segmentation segmentation);

/// Says in one line what was offered: `TLS 1.2 only, 40 suites, SNI example.com`.
std::string describe(const Offer& offer);

/// Tells whether the offer is this version alone.
bool offers_only(const Offer& offer, ProtocolVersion version);

} // namespace tlsdoctor::evidence
