// SPDX-License-Identifier: Apache-2.0
// Byte strings: what a socket gives and a codec reads. Owned bytes are `Bytes`, borrowed ones
// `ByteView`; hexadecimal text is how people and JSON see them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Returns lower-case hexadecimal digits without separators.
std::string to_hex(ByteView bytes);

/// Reads hexadecimal digits; white space and colons between bytes are skipped, anything else is
/// nullopt.
std::optional<Bytes> from_hex(std::string_view text);

/// Views text as bytes; borrows from `text`.
ByteView as_bytes(std::string_view text);

/// Views bytes as text; borrows from `bytes`, which need not be printable.
std::string_view as_text(ByteView bytes);

/// Returns the first `most` bytes as printable ASCII: other bytes become `.`.
std::string printable(ByteView bytes, std::size_t most);

} // namespace tlsdoctor
