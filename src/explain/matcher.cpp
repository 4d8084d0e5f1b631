// SPDX-License-Identifier: Apache-2.0
// RE2's FilteredRE2 says which literals each pattern needs and which patterns a set of literals
// leaves; our own automaton finds the literals.
#include "explain/matcher.hpp"

#include <algorithm>
#include <string>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include "base/text.hpp"
#include "explain/knowledge.hpp"
#include "explain/literals.hpp"

namespace tlsdoctor::explain {

namespace {

/// Shorter literals stand in nearly every line.
constexpr int k_shortest_literal = 3;
constexpr std::int64_t k_pattern_memory = 4 << 20;

constexpr std::string_view k_about_tls = "ssl|tls|schannel|handshake|secure channel|alert";

RE2::Options pattern_options() {
    RE2::Options options{RE2::Latin1}; // a log may be in any encoding, or in none
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(k_pattern_memory);
    return options;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

} // namespace

struct Matcher::Patterns {
    re2::FilteredRE2 filtered{k_shortest_literal};
    std::unique_ptr<Literals> literals{};
    std::vector<int> rows{}; ///< of a pattern: a message's index, or ~ a hint's
    std::vector<int> at{};   ///< of a message: its pattern, -1 for none
    int about_tls{-1};
    std::vector<std::string> refused{};
    std::vector<int> found{};
    std::vector<int> matching{};

    int add(std::string_view id, std::string_view pattern, int row) {
        int number = -1;
        const auto code = filtered.Add(piece(pattern), pattern_options(), &number);
        if (code != RE2::NoError) {
            refused.push_back(std::string{id} + ": RE2 refuses the pattern");
            return -1;
        }
        rows.push_back(row);
        return number;
    }
};

Matcher::Matcher() : patterns_{std::make_unique<Patterns>()} {
    int row = 0;
    for (const MessageRow& message : message_rows()) {
        patterns_->at.push_back(patterns_->add(message.id, message.pattern, row++));
    }
    row = 0;
    for (const HintRow& hint : hint_rows()) {
        patterns_->add(hint.id, hint.pattern, ~row++);
    }
    patterns_->about_tls = patterns_->add("about TLS", k_about_tls, 0);
    std::vector<std::string> needed;
    patterns_->filtered.Compile(&needed);
    patterns_->literals = std::make_unique<Literals>(needed);
}

Matcher::~Matcher() = default;

void Matcher::match(std::string_view line, Matches& matches) const {
    matches.messages.clear();
    matches.hints.clear();
    Patterns& patterns = *patterns_;
    patterns.literals->find(line, patterns.found);
    patterns.filtered.AllMatches(piece(line), patterns.found, &patterns.matching);
    matches.about_tls = false;
    for (const int pattern : patterns.matching) {
        if (pattern == patterns.about_tls) {
            matches.about_tls = true;
            continue;
        }
        const int row = patterns.rows[static_cast<std::size_t>(pattern)];
        if (row >= 0) {
            matches.messages.push_back(row);
        } else {
            matches.hints.push_back(~row);
        }
    }
}

Extent Matcher::extent(int message, std::string_view line) const {
    const RE2& pattern =
        patterns_->filtered.GetRE2(patterns_->at[static_cast<std::size_t>(message)]);
    constexpr int k_most_groups = 8;
    re2::StringPiece groups[k_most_groups];
    const int wanted = std::min(pattern.NumberOfCapturingGroups() + 1, k_most_groups);
    Extent extent;
    if (!pattern.Match(piece(line), 0, line.size(), RE2::UNANCHORED, groups, wanted)) {
        return extent;
    }
    extent.begin = static_cast<std::size_t>(groups[0].data() - line.data());
    extent.length = groups[0].size();
    const auto named = pattern.NamedCapturingGroups().find("alert");
    if (named != pattern.NamedCapturingGroups().end() && named->second < wanted) {
        const re2::StringPiece& digits = groups[named->second];
        const auto number = number_in({digits.data(), digits.size()}, 255);
        extent.alert = number ? std::optional{static_cast<int>(*number)} : std::nullopt;
    }
    return extent;
}

const std::vector<std::string>& Matcher::refused() const {
    return patterns_->refused;
}

std::size_t Matcher::unfiltered() const {
    std::vector<int> left;
    patterns_->filtered.AllPotentials({}, &left);
    return left.size();
}

} // namespace tlsdoctor::explain
