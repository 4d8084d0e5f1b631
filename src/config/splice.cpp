// SPDX-License-Identifier: Apache-2.0
// Byte-exact edits; see mend.hpp.
#include "config/mend.hpp"

#include <algorithm>

#include "base/assume.hpp"

namespace tlsdoctor::config {

std::string spliced(std::string_view bytes, std::vector<Edit> edits) {
    std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return edit.range.begin; });
    std::string result;
    std::size_t at = 0;
    for (const Edit& edit : edits) {
        assume(
            at <= edit.range.begin && edit.range.begin <= edit.range.end &&
                edit.range.end <= bytes.size(),
            "edits do not overlap"
        );
        result += bytes.substr(at, edit.range.begin - at);
        result += edit.text;
        at = edit.range.end;
    }
    result += bytes.substr(at);
    return result;
}

} // namespace tlsdoctor::config
