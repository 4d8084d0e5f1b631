// SPDX-License-Identifier: Apache-2.0
// Bytes written as text, as the RFCs' examples have them.
#pragma once

#include <string_view>

#include "base/bytes.hpp"

namespace tlsdoctor::crypto::test {

/// Returns the bytes; the text must be hexadecimal.
inline Bytes hex(std::string_view text) {
    return from_hex(text).value();
}

} // namespace tlsdoctor::crypto::test
