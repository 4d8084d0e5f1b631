// SPDX-License-Identifier: Apache-2.0
// Three words for three depths.
#include "cli/scope_option.hpp"

#include <fmt/core.h>

namespace tlsdoctor::cli {

std::optional<UsageError> read_scope(const ParsedOptions& parsed, doctor::Options& visit) {
    std::string_view before;
    for (const std::string_view name : {"versions-only", "suites-only", "full"}) {
        if (!parsed.has(name)) {
            continue;
        }
        if (!before.empty()) {
            return UsageError{
                .what = fmt::format("--{} and --{} exclude each other", before, name), .hint = {}
            };
        }
        before = name;
    }
    visit.versions_only = before == "versions-only" || before == "suites-only";
    visit.inventory = {
        .suites = before == "suites-only" || before == "full", .rest = before == "full"
    };
    return std::nullopt;
}

} // namespace tlsdoctor::cli
