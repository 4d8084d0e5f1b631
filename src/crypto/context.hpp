// SPDX-License-Identifier: Apache-2.0
// Private to this module: the settings that clients and servers share, with OpenSSL's own limits
// lifted, and where a machine keeps its trusted roots.
#pragma once

#include <expected>
#include <string>

#include "crypto/engine.hpp"
#include "crypto/error.hpp"
#include "crypto/openssl.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::crypto {

/// Makes a context for these versions at security level 0; `cipher_list` is OpenSSL's default list
/// where it is empty.
std::expected<ContextPtr, CryptoError> make_context(
    Role role, ProtocolVersion lowest, ProtocolVersion highest, const std::string& cipher_list
);

/// Trusts the PEM certificates in a text. Returns false, with the reason in the error queue, where
/// there are none.
bool trust_pem(SSL_CTX* context, const std::string& pem);

/// Trusts the roots of the system. Returns false where the machine has none.
bool trust_system_roots(SSL_CTX* context);

} // namespace tlsdoctor::crypto
