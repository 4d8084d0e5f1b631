// SPDX-License-Identifier: Apache-2.0
// The Certificate message of SSL 3.0 to TLS 1.2 [RFC 5246 7.4.2]. The certificates stay DER: the
// crypto module knows what is in them.
#pragma once

#include <expected>
#include <vector>

#include "base/bytes.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// A chain, the peer's own certificate first.
struct Certificate {
    std::vector<Bytes> certificate_list{}; ///< DER each

    bool operator==(const Certificate&) const = default;
};

/// Reads a body; an empty list is legal for a client.
std::expected<Certificate, ParseError> read_certificate(ByteView body);

/// Returns the body.
Bytes write(const Certificate& certificate);

} // namespace tlsdoctor::wire
