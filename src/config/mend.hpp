// SPDX-License-Identifier: Apache-2.0
// The smallest edit that leads to a goal. Candidates come from the lines that decide (their values
// written anew, or the line taken away), from the places where a directive may be inserted, and
// from the server's own proposals; each is tried on a copy in memory, read and judged again, and
// the smallest one that reaches the goal and harms no other service is the fix.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/examine.hpp"
#include "config/line_diff.hpp"

namespace tlsdoctor::config {

/// What is wanted. Services that do not match are to stay as they are.
struct Goal {
    std::string address{};            ///< `127.0.0.1:443`; empty: every address
    bool any_name{true};              ///< every name; else `sni` alone
    std::optional<std::string> sni{}; ///< as in Service::sni
    VersionSet wanted{};              ///< must be accepted in the end
    VersionSet unwanted{};            ///< must not
};

/// A fix that was tried on a copy.
struct Mended {
    std::vector<LineEdit> edits{};
    std::map<std::string, std::string> files{
    }; ///< the new bytes of each changed file, by real path
    std::string diff{}; ///< unified, three lines of context
    std::string why{};
    std::size_t others_changed{}; ///< services beyond the goal that change as well
};

/// Returns the best fix; nullopt where none was found.
std::optional<Mended> mend(
    const Examination& examination, const Input& input, const std::string& command,
    const std::string& command_path, const Goal& goal
);

/// Returns the bytes with the edits of one file made; ranges must not overlap.
std::string spliced(std::string_view bytes, std::vector<Edit> edits);

} // namespace tlsdoctor::config
