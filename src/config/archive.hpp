// SPDX-License-Identifier: Apache-2.0
// Configurations that come packed: tar (ustar, pax, GNU), gzip around it, zip. They may come from a
// stranger, so nothing is written anywhere, and size, number and names are bounded.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "config/files.hpp"

namespace tlsdoctor::config {

/// An archive that unpacks to more is refused.
inline constexpr std::size_t k_most_archive_bytes = 64U << 20;

/// Tells whether these bytes are an archive of any kind, also of one that we cannot read.
bool is_archive(std::string_view bytes);

/// Puts the files and links of an archive below `/`; the error is a sentence that says what is
/// wrong with it and what to do.
std::expected<void, std::string> read_archive(std::string_view bytes, MemoryFiles& files);

} // namespace tlsdoctor::config
