// SPDX-License-Identifier: Apache-2.0
// RE2 patterns behind an automaton of their literals, which tools/gen_messages.py worked out.
#include "explain/matcher.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "base/text.hpp"
#include "explain/knowledge.hpp"
#include "explain/literals.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr std::int64_t k_pattern_memory = 4 << 20;

/// Words of texts about TLS; a line without one, and without a row, is not looked at further.
constexpr std::array<std::string_view, 6> k_about_tls = {
    "ssl", "tls", "schannel", "handshake", "secure channel", "alert"
};

RE2::Options pattern_options() {
    RE2::Options options{RE2::Latin1}; // a log may be in any encoding, or in none
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(k_pattern_memory);
    return options;
}

re2::StringPiece match_piece(std::string_view text) {
    return {text.data(), text.size()};
}

/// Patterns of one kind of row, compiled when they are first needed.
class Lazy {
public:
    explicit Lazy(std::size_t count) : compiled_(count) {}

    const RE2& at(int row, std::string_view pattern) {
        auto& compiled = compiled_[static_cast<std::size_t>(row)];
        if (!compiled) {
            compiled = std::make_unique<RE2>(match_piece(pattern), pattern_options());
        }
        return *compiled;
    }

private:
    std::vector<std::unique_ptr<RE2>> compiled_;
};

/// Literals and the rows that need them.
class Needs {
public:
    void add(std::span<const std::string_view> literals, int row) {
        for (const std::string_view literal : literals) {
            literals_.emplace_back(literal);
            rows_.push_back(row);
        }
        most_ = std::max(most_, row + 1);
    }

    void finish() {
        automaton_ = std::make_unique<Literals>(literals_);
        met_.assign(static_cast<std::size_t>(most_), 0);
        literals_.clear();
    }

    /// Puts the rows that have a literal in `line` into `rows`, each once.
    void find(std::string_view line, std::vector<int>& rows) {
        rows.clear();
        ++pass_;
        automaton_->find(line, found_);
        for (const int literal : found_) {
            const int row = rows_[static_cast<std::size_t>(literal)];
            std::uint32_t& met = met_[static_cast<std::size_t>(row)];
            if (met != pass_) {
                met = pass_;
                rows.push_back(row);
            }
        }
        std::ranges::sort(rows);
    }

private:
    std::vector<std::string> literals_{};
    std::vector<int> rows_{};
    int most_{};
    std::unique_ptr<Literals> automaton_{};
    std::vector<int> found_{};
    std::vector<std::uint32_t> met_{};
    std::uint32_t pass_{};
};

} // namespace

struct Matcher::Patterns {
    Lazy messages{message_rows().size()};
    Lazy hints{hint_rows().size()};
    Needs of_messages{};
    Needs of_hints{};
    std::vector<int> likely{};

    bool matches(int message, std::string_view line) {
        const MessageRow& row = message_rows()[static_cast<std::size_t>(message)];
        return RE2::PartialMatch(match_piece(line), messages.at(message, row.pattern));
    }

    bool matches_hint(int hint, std::string_view line) {
        const HintRow& row = hint_rows()[static_cast<std::size_t>(hint)];
        return RE2::PartialMatch(match_piece(line), hints.at(hint, row.pattern));
    }
};

Matcher::Matcher() : patterns_{std::make_unique<Patterns>()} {
    int row = 0;
    for (const MessageRow& message : message_rows()) {
        patterns_->of_messages.add(message.literals, row++);
    }
    patterns_->of_messages.add(k_about_tls, row);
    patterns_->of_messages.finish();
    row = 0;
    for (const HintRow& hint : hint_rows()) {
        patterns_->of_hints.add(hint.literals, row++);
    }
    patterns_->of_hints.finish();
}

Matcher::~Matcher() = default;

void Matcher::match(std::string_view line, Matches& matches) const {
    Patterns& patterns = *patterns_;
    matches.messages.clear();
    patterns.of_messages.find(line, patterns.likely);
    const auto about_tls = static_cast<int>(message_rows().size());
    matches.about_tls = !patterns.likely.empty() && patterns.likely.back() == about_tls;
    for (const int row : patterns.likely) {
        if (row != about_tls && patterns.matches(row, line)) {
            matches.messages.push_back(row);
        }
    }
}

void Matcher::match_hints(
    std::string_view line, const std::string_view* message, std::vector<int>& hints
) const {
    Patterns& patterns = *patterns_;
    patterns.of_hints.find(line, patterns.likely);
    for (const int row : patterns.likely) {
        const HintRow& hint = hint_rows()[static_cast<std::size_t>(row)];
        if ((message == nullptr || counts_for(hint, *message)) &&
            std::ranges::find(hints, row) == hints.end() && patterns.matches_hint(row, line)) {
            hints.push_back(row);
        }
    }
}

bool Matcher::has_word(std::string_view text) const {
    Patterns& patterns = *patterns_;
    patterns.of_messages.find(text, patterns.likely);
    if (patterns.likely.empty()) {
        patterns.of_hints.find(text, patterns.likely);
    }
    return !patterns.likely.empty();
}

Extent Matcher::extent(int message, std::string_view line) const {
    const MessageRow& row = message_rows()[static_cast<std::size_t>(message)];
    const RE2& pattern = patterns_->messages.at(message, row.pattern);
    constexpr int k_most_groups = 8;
    std::array<re2::StringPiece, k_most_groups> groups;
    const auto named = pattern.NamedCapturingGroups().find("alert");
    const bool has_alert =
        named != pattern.NamedCapturingGroups().end() && named->second < k_most_groups;
    const int wanted = has_alert ? named->second + 1 : 1;
    Extent extent;
    if (!pattern.Match(match_piece(line), 0, line.size(), RE2::UNANCHORED, groups.data(), wanted)) {
        return extent;
    }
    extent.begin = static_cast<std::size_t>(groups[0].data() - line.data());
    extent.length = groups[0].size();
    if (has_alert) {
        const re2::StringPiece& digits = groups[static_cast<std::size_t>(named->second)];
        const auto number = number_in({digits.data(), digits.size()}, 255);
        extent.alert = number ? std::optional{static_cast<int>(*number)} : std::nullopt;
    }
    return extent;
}

std::vector<std::string> Matcher::refused() const {
    std::vector<std::string> refused;
    const auto note = [&](std::string_view id, const RE2& pattern) {
        if (!pattern.ok()) {
            refused.push_back(std::string{id} + ": " + pattern.error());
        }
    };
    int row = 0;
    for (const MessageRow& message : message_rows()) {
        note(message.id, patterns_->messages.at(row++, message.pattern));
    }
    row = 0;
    for (const HintRow& hint : hint_rows()) {
        note(hint.id, patterns_->hints.at(row++, hint.pattern));
    }
    return refused;
}

} // namespace tlsdoctor::explain
