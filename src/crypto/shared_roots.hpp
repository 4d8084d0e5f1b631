// SPDX-License-Identifier: Apache-2.0
// Trusted roots that were read already: a bundle of all public authorities takes ten milliseconds,
// and a fleet asks for it a thousand times.
#pragma once

#include <expected>
#include <string>

#include "crypto/error.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

/// Makes a context trust the certificates of a PEM file, or the system's where `ca_file` is empty.
/// Each thread reads them once, and again where the file has changed. Returns whether there are
/// any.
std::expected<bool, CryptoError> trust_shared_roots(SSL_CTX* context, const std::string& ca_file);

} // namespace tlsdoctor::crypto
