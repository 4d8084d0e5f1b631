// SPDX-License-Identifier: Apache-2.0
// `--policy NAME|FILE`: a published policy by its name, or a file of one's own.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "cli/policy_words.hpp"
#include "cli/usage_error.hpp"
#include "diagnose/policy.hpp"

namespace tlsdoctor::cli {

/// Reads the word behind `--policy`: what has a slash or ends in `.json` is a file, which is opened
/// here; anything else must be a published policy. The error names file and line, or the member.
std::expected<diagnose::Policy, UsageError> read_policy(const std::string& word);

/// Reads the text of a policy file; `file` is what errors call it.
std::expected<PolicyWords, UsageError>
policy_words_in(std::string_view text, const std::string& file);

} // namespace tlsdoctor::cli
