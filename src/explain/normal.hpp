// SPDX-License-Identifier: Apache-2.0
// The form of a message in which two that differ in times, addresses, process numbers and the like
// are equal.
#pragma once

#include <string>
#include <string_view>

namespace tlsdoctor::explain {

/// Returns `line` in lower case with numbers, addresses and hexadecimal words as `#`, and runs of
/// these and of spaces as one.
std::string normal_form(std::string_view line);

} // namespace tlsdoctor::explain
