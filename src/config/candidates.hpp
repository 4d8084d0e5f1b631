// SPDX-License-Identifier: Apache-2.0
// Edits that might lead to a goal, the most natural first. Nothing here knows whether they do: the
// engine (mend.cpp) tries them.
#pragma once

#include <string>
#include <vector>

#include "config/mend.hpp"

namespace tlsdoctor::config {

/// Returns candidates for one service that should accept `wanted` and not `unwanted`.
std::vector<Proposal> candidates_for(
    const Examination& examination, const Input& input, std::size_t service, VersionSet wanted,
    VersionSet unwanted
);

/// Returns candidates for a server that does not start: the lines that it refuses go.
std::vector<Proposal> candidates_for_the_start(const Examination& examination);

/// Returns the edit that takes a statement away: its whole lines where nothing else stands on them.
Edit without(const Sources& sources, Place statement);

/// Returns the edit that puts `text` on a line of its own behind (or in front of) a statement, with
/// its indentation and line end; in the same line where other statements stand there.
Edit inserted(const Sources& sources, Place statement, bool before, const std::string& text);

/// Returns a cipher list that fits a key too: for each suite of one key type its twin of the other
/// comes next to it. OpenSSL's names.
std::string with_twins(std::string_view list);

/// Returns a cipher list in which each DHE suite has the ECDHE suite beside it that is the same
/// otherwise.
std::string with_ecdhe(std::string_view list);

} // namespace tlsdoctor::config
