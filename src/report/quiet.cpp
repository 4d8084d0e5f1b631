// SPDX-License-Identifier: Apache-2.0
// One line; see the header.
#include "report/quiet.hpp"

#include <fmt/core.h>

#include "report/layout.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

std::string quiet_line(const advise::CaseFile& file, bool utf8) {
    constexpr std::size_t k_most_columns = 400;
    const diagnose::Finding& verdict = verdict_of(file);
    const std::string line = safe_text(fmt::format(
        "{}  {}  {}  {}  {}  {}", word_of(verdict.status), name_of(file.visit.target),
        verdict.cause->name, tlsdoctor::name_of(verdict.side),
        tlsdoctor::name_of(verdict.confidence), verdict.summary
    ));
    const std::string shown = clipped(line, k_most_columns);
    return (utf8 ? shown : ascii_text(shown)) + "\n";
}

} // namespace tlsdoctor::report
