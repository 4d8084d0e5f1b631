// SPDX-License-Identifier: Apache-2.0
// MD5 and SHA-256 in plain C++ [RFC 1321, FIPS 180-4]: fingerprints of hellos are digests of short
// texts, and the pure modules that make them know no OpenSSL. Nothing here protects a secret.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tlsdoctor {

/// Returns the MD5 of a text's bytes; JA3 is made of it.
std::array<std::uint8_t, 16> md5(std::string_view text);

/// Returns the SHA-256 of a text's bytes.
std::array<std::uint8_t, 32> sha256(std::string_view text);

} // namespace tlsdoctor
