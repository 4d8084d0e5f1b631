// SPDX-License-Identifier: Apache-2.0
// The extensions block, the same in every hello.
#include "wire/extension.hpp"

#include <algorithm>

namespace tlsdoctor::wire {

const Extension* find(std::span<const Extension> extensions, ExtensionType type) {
    const auto at = std::ranges::find(extensions, type, &Extension::type);
    return at == extensions.end() ? nullptr : &*at;
}

std::vector<Extension> read_extensions(Reader& in) {
    std::vector<Extension> extensions;
    for (Reader list = in.block(2, "extensions"); list.more();) {
        Extension& extension = extensions.emplace_back();
        extension.type = list.number<ExtensionType>("extension_type");
        extension.data = list.opaque(2, "extension_data");
    }
    return extensions;
}

void write_extensions(Writer& out, std::span<const Extension> extensions) {
    out.block(2, [&] {
        for (const Extension& extension : extensions) {
            out.number(extension.type);
            out.opaque(2, extension.data);
        }
    });
}

} // namespace tlsdoctor::wire
