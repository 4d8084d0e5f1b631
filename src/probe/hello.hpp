// SPDX-License-Identifier: Apache-2.0
// The bytes of our own hellos: one version alone, in one of two shapes, free of what the local
// library can or will offer.
#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "evidence/exchange.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// What goes out on one connection and what it says.
struct Question {
    evidence::Purpose purpose{};
    evidence::Offer offer{};
    Bytes bytes{}; ///< records and all; empty for `Shape::nothing`
};

/// Makes the hello for a question. SSL 2.0 and 3.0 carry no extensions; TLS 1.0 to 1.2 none that
/// names a newer version, because a server that stops there answers alert 70 to a list of newer
/// ones (measured); TLS 1.3 has its key shares. TLS_FALLBACK_SCSV is never offered.
///
/// A handshake message of 256 to 511 bytes is padded to 512: certain load balancers read the length
/// of those as an SSL 2.0 record and hang [RFC 7685 1]. All stay below one TCP segment of 1,460
/// bytes.
Question make_question(const Ask& ask, const RandomSource& random);

} // namespace tlsdoctor::probe
