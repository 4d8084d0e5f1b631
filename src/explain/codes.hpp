// SPDX-License-Identifier: Apache-2.0
// OpenSSL's packed error codes. Programs print them without the text (`error:0A000102`), and then
// they are all there is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tlsdoctor::explain {

/// Returns the reason of a code of the SSL library (20; 16 in BoringSSL), of either form; nullopt
/// for other libraries and unknown reasons.
std::optional<std::string_view> openssl_reason(std::uint32_t code);

/// Returns the reasons of the codes in a line whose text the line does not have itself, as a line
/// that programs with the texts would print; empty where there are none.
std::string spelled_codes(std::string_view line);

} // namespace tlsdoctor::explain
