// SPDX-License-Identifier: Apache-2.0
// The one form of trusted roots that Java reads: a PKCS #12 file whose certificates carry an
// attribute of its own. Without that attribute Java sees an empty file.
#pragma once

#include <expected>
#include <string>

#include "base/bytes.hpp"
#include "crypto/error.hpp"

namespace tlsdoctor::crypto {

/// Returns the bytes of a PKCS #12 file, readable by Java 8 and later, that holds the first
/// certificate of `pem` as a trusted one.
std::expected<Bytes, CryptoError>
java_trust_store(const std::string& pem, const std::string& password);

} // namespace tlsdoctor::crypto
