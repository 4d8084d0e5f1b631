// SPDX-License-Identifier: Apache-2.0
// The bytes of our own hellos: one version alone in one of two shapes, or any offer that the doctor
// composes, free of what the local library can or will offer.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "crypto/key_share.hpp"
#include "evidence/exchange.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// What goes out on one connection and what it says.
struct Question {
    evidence::Purpose purpose{};
    evidence::Offer offer{};
    Bytes bytes{};        ///< records and all; empty for `Shape::nothing`
    std::size_t cut_at{}; ///< send the bytes before this one first, in a segment of their own
    std::vector<crypto::KeyShare> keys{}; ///< whose shares are in the hello
    bool answers_retry{};  ///< a HelloRetryRequest gets a second hello on the same connection
    bool look_inside{};    ///< read the certificates in the answer, which starts OpenSSL
    bool after_back_off{}; ///< wait for a while first
};

/// Whether the secrets behind the key shares are kept, to read what TLS 1.3 answers encrypted.
enum class Keys : std::uint8_t { thrown_away, kept };

/// Makes the hello for a question. SSL 2.0 and 3.0 carry no extensions; TLS 1.0 to 1.2 none that
/// names a newer version, because a server that stops there answers alert 70 to a list of newer
/// ones (measured); TLS 1.3 has its key shares. TLS_FALLBACK_SCSV is never offered.
///
/// A handshake message of 256 to 511 bytes is padded to 512: certain load balancers read the length
/// of those as an SSL 2.0 record and hang [RFC 7685 1]. All stay below one TCP segment of 1,460
/// bytes. A composed offer is padded as it says; its hello may have any size.
Question make_question(const Ask& ask, const RandomSource& random, Keys keys = Keys::thrown_away);

} // namespace tlsdoctor::probe
