// SPDX-License-Identifier: Apache-2.0
// The extensions block of a hello [RFC 8446 4.2, RFC 5246 7.4.1.4]: a list of numbers with opaque
// data. What the data of known types mean is read on demand (wire/extensions.hpp), so a broken or
// unknown extension never hides the rest of its hello.
#pragma once

#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "registry/extension_type.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::wire {

/// An extension as it stands on the wire.
struct Extension {
    ExtensionType type{};
    Bytes data{};

    bool operator==(const Extension&) const = default;
};

/// Returns the first extension of a type, or null; borrows from `extensions`.
const Extension* find(std::span<const Extension> extensions, ExtensionType type);

/// Reads the block with its length; order and repetitions are kept.
std::vector<Extension> read_extensions(Reader& in);

/// Writes the block with its length.
void write_extensions(Writer& out, std::span<const Extension> extensions);

} // namespace tlsdoctor::wire
