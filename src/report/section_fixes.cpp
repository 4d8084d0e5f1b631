// SPDX-License-Identifier: Apache-2.0
// What to do: the fixes, and how to see that they work.
#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::CaseFile;
using advise::Fix;

/// The likeliest product first; second the other side's fix, for those who can only act there.
std::vector<const Fix*> chosen(const std::vector<Fix>& fixes, std::size_t most) {
    std::vector<const Fix*> result;
    for (const Fix& fix : fixes) {
        result.push_back(&fix);
    }
    if (result.size() > most && most >= 2) {
        const auto other_side = std::find_if(result.begin() + 1, result.end(), [&](const Fix* fix) {
            return fix->side != fixes.front().side;
        });
        if (other_side != result.end()) {
            std::rotate(result.begin() + 1, other_side, other_side + 1);
        }
    }
    result.resize(std::min(result.size(), most));
    return result;
}

/// The product of advice that is about none: its place says all.
constexpr std::string_view k_any = "any";

/// Says where to act: `nginx, the server block ...`.
std::string place_of(const Fix& fix) {
    if (fix.product == k_any && !fix.where.empty()) {
        return fix.where;
    }
    return fix.where.empty() ? fix.product : fix.product + ", " + fix.where;
}

void write_fix(Page& page, const Fix& fix, const Fix& first, bool with_cost) {
    const std::string alternative = &fix == &first ? "" : "or ";
    const bool other_side = fix.side != first.side && fix.product != k_any;
    const std::string side =
        other_side ? fmt::format("on the {}: ", tlsdoctor::name_of(fix.side)) : "";
    const bool free = fix.cost == "None.";
    page.put(
        heading(&fix == &first ? "Fix" : ""),
        fmt::format(
            "{}{}{}  ({}{})", alternative, side, place_of(fix),
            fix.verified ? "verified" : "not verified", free ? ", no security cost" : ""
        )
    );
    page.exact({.hang = k_hang + 2}, fix.text);
    if (with_cost && !free && !fix.cost.empty()) {
        page.put({.indent = k_hang, .word = "Cost:", .hang = k_hang + 6}, fix.cost);
    }
}

} // namespace

void write_fixes(Page& page, const CaseFile& file, const Amount& amount) {
    const std::vector<const Fix*> shown = chosen(file.fixes, amount.fixes);
    for (const Fix* fix : shown) {
        write_fix(page, *fix, *shown.front(), amount.costs);
    }
    if (shown.size() < file.fixes.size()) {
        page.put(heading(""), fmt::format("{} more: -v", file.fixes.size() - shown.size()));
    }
    const bool healthy = verdict_of(file).status == Status::ok;
    const bool has_command = !shown.empty() && !shown.front()->verify.empty();
    if (!healthy || has_command) {
        const std::string command =
            has_command ? shown.front()->verify : command_for(file.visit.target);
        page.exact(heading("Check"), command);
    }
}

} // namespace tlsdoctor::report
