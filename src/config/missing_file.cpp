// SPDX-License-Identifier: Apache-2.0
// Missing files; see the header.
#include "config/missing_file.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

void note_missing_file(const Input& input, Reading& reading, const std::string& path, Place place) {
    if (input.files.kind_of(path) != FileKind::none || input.start.origin_of(path) != path) {
        return;
    }
    const bool here = input.files.kind_of(folder_of(path)) == FileKind::folder;
    auto& remarks = here ? reading.fatal : reading.warnings;
    const std::string what = fmt::format("there is no file {}", harmless(path));
    const bool said = std::ranges::any_of(remarks, [&](const Remark& one) {
        return one.place == place && one.what == what;
    });
    if (!said) {
        remarks.push_back({place, what});
    }
}

} // namespace tlsdoctor::config
