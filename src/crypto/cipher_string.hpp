// SPDX-License-Identifier: Apache-2.0
// What OpenSSL makes of a cipher string such as `HIGH:!aNULL`, as servers' configurations have it.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "crypto/error.hpp"
#include "registry/cipher_suite.hpp"

namespace tlsdoctor::crypto {

/// Returns the suites of TLS 1.2 and older that the string selects, best first. The library is
/// ours: a suite that it was built without is there only where the string names it. An error where
/// the string selects nothing.
std::expected<std::vector<CipherSuite>, CryptoError> suites_in(const std::string& cipher_string);

/// Returns the suites of TLS 1.2 and older that a server with our OpenSSL has after it was given
/// the string, best first, whatever the security level; only what the library was built with. An
/// error where the library refuses the string, as it would in the server.
std::expected<std::vector<CipherSuite>, CryptoError>
suites_of_a_server(const std::string& cipher_string);

} // namespace tlsdoctor::crypto
