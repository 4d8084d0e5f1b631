// SPDX-License-Identifier: Apache-2.0
// Finds the policy that a word means.
#include "cli/policy_option.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/output.hpp"

namespace tlsdoctor::cli {

namespace {

bool is_policy_file(std::string_view word) {
    return word.find('/') != std::string_view::npos || lower(word).ends_with(".json") ||
           word == "-";
}

UsageError no_such_policy(const std::string& word) {
    std::vector<std::string> known;
    std::set<std::string_view> names;
    for (const PublishedPolicy& policy : published_policies()) {
        if (names.insert(policy.name).second) {
            known.emplace_back(policy.name);
        }
        known.push_back(fmt::format("{}@{}", policy.name, policy.guideline));
    }
    std::vector<std::string_view> candidates(known.begin(), known.end());
    const auto similar = nearest(lower(word), candidates);
    return {
        .what = fmt::format("--policy: '{}' is not a known policy", harmless(word)),
        .hint = similar ? fmt::format("'{}'? A file is named with a '/' in it", *similar)
                        : "known are " + joined(known, ", ") + "; a file is named with a '/' in it",
    };
}

} // namespace

std::expected<diagnose::Policy, UsageError> read_policy(const std::string& word) {
    PolicyWords words;
    if (const PublishedPolicy* const published = find_policy(word)) {
        words = policy_words(*published);
    } else if (!is_policy_file(word)) {
        return std::unexpected{no_such_policy(word)};
    } else {
        const auto text = read_whole(word);
        if (!text) {
            return std::unexpected{UsageError{.what = "--policy: " + text.error()}};
        }
        auto read = policy_words_in(*text, word);
        if (!read) {
            return std::unexpected{std::move(read.error())};
        }
        words = *std::move(read);
    }
    auto policy = policy_from(words);
    if (!policy) {
        return std::unexpected{
            UsageError{.what = fmt::format("--policy: {}: {}", harmless(word), policy.error())}
        };
    }
    policy->typed = word;
    return *std::move(policy);
}

} // namespace tlsdoctor::cli
