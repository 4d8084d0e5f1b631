// SPDX-License-Identifier: Apache-2.0
// Where a block of Lua in a configuration ends. Its strings and comments may hold braces, so it
// must be skipped as Lua and not as nginx.
#pragma once

#include <cstddef>
#include <string_view>

namespace tlsdoctor::config {

/// Returns the offset of the `}` that closes the block whose body begins at `at`; the end of
/// `bytes` where there is none.
std::size_t end_of_lua(std::string_view bytes, std::size_t at);

} // namespace tlsdoctor::config
