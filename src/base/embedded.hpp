// SPDX-License-Identifier: Apache-2.0
// Files of the source tree that the program carries in its read-only data, such as the pages of
// docs/causes/. The tables are made by tools/gen_embed.py (see tlsdoctor_embed in
// cmake/Module.cmake).
#pragma once

#include <string_view>

namespace tlsdoctor {

/// A file as it was at build time; `name` is its file name without folder and extension.
struct EmbeddedFile {
    std::string_view name{};
    std::string_view text{};
};

} // namespace tlsdoctor
