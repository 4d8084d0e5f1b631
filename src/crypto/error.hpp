// SPDX-License-Identifier: Apache-2.0
// What this module cannot do. What a peer does is never an error here: sessions carry it as data.
#pragma once

#include <string>

namespace tlsdoctor::crypto {

/// What was attempted and why it did not work; a sentence when joined with `: `.
struct CryptoError {
    std::string what{};  ///< `cannot read the CA file private-ca.pem`
    std::string cause{}; ///< OpenSSL's words, e.g. `no start line`
};

} // namespace tlsdoctor::crypto
