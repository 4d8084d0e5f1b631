// SPDX-License-Identifier: Apache-2.0
// The answer first, then target after target, the worst on top.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/difference.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Change;
using evidence::ChangeKind;
using evidence::Difference;
using evidence::TargetChange;
using evidence::Turn;

constexpr std::size_t k_most_targets = 20;
constexpr std::size_t k_most_changes = 8; ///< of a target
constexpr std::size_t k_most_names = 6;   ///< of a list of suites
constexpr std::size_t k_change_column = 8;

std::string counted_targets(std::size_t count) {
    return fmt::format("{} target{}", count, count == 1 ? "" : "s");
}

std::string headline(const Difference& difference) {
    if (difference.changes() == 0) {
        return fmt::format("no change in {}", counted_targets(difference.targets));
    }
    std::vector<std::string> turns;
    const auto say = [&](std::size_t count, std::string_view words) {
        if (count != 0) {
            turns.push_back(fmt::format("{} {}", count, words));
        }
    };
    say(difference.worse, "got worse");
    say(difference.better, "better");
    say(difference.other, "in other ways");
    say(difference.appeared, "new");
    say(difference.disappeared, "gone");
    return fmt::format(
        "{} of {} changed: {}", difference.changes(), counted_targets(difference.targets),
        joined(turns, ", ")
    );
}

std::string remainder_of(const Difference& difference) {
    std::vector<std::string> parts;
    if (difference.partly != 0) {
        parts.push_back(fmt::format("{} comparable only in part", difference.partly));
    }
    if (difference.missing != 0) {
        parts.push_back(
            fmt::format("{} not comparable, as a run was cut before them", difference.missing)
        );
    }
    return joined(parts, "; ");
}

struct TurnWord {
    std::string_view word{};
    Paint paint{};
};

TurnWord word_of_turn(Turn turn) {
    constexpr std::array<TurnWord, 5> words{{
        {"WORSE", Paint::fail},
        {"BETTER", Paint::ok},
        {"CHANGED", Paint::warn},
        {"NEW", Paint::unsure},
        {"GONE", Paint::unsure},
    }};
    return words[std::to_underlying(turn)];
}

/// `FAIL server_only_tls13`.
std::string verdict_words(const evidence::ShortVerdict& verdict) {
    std::string status = verdict.status;
    std::ranges::transform(status, status.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return fmt::format("{} {}", status, verdict.cause);
}

std::string few_names(const std::vector<std::string>& names, bool verbose) {
    const std::size_t shown = verbose ? names.size() : std::min(names.size(), k_most_names);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return shown == names.size() ? text : fmt::format("{} and {} more", text, names.size() - shown);
}

/// The lines of one change.
std::vector<std::string> lines_of(const Change& change, bool verbose) {
    const std::string where = change.addresses.empty()
                                  ? ""
                                  : fmt::format(", at {}", few_names(change.addresses, verbose));
    const std::string way = fmt::format("{} → {}{}", change.before, change.after, where);
    switch (change.kind) {
    case ChangeKind::verdict:
        return {};
    case ChangeKind::version:
        return {fmt::format("{}  {}", change.subject, way)};
    case ChangeKind::suites: {
        std::vector<std::string> lines;
        if (!change.added.empty()) {
            lines.push_back(
                fmt::format("{}  + {}{}", change.subject, few_names(change.added, verbose), where)
            );
        }
        if (!change.removed.empty()) {
            lines.push_back(
                fmt::format("{}  - {}{}", change.subject, few_names(change.removed, verbose), where)
            );
        }
        return lines;
    }
    case ChangeKind::certificate:
        return {"certificate  " + way};
    case ChangeKind::trust:
        return {"trust  " + way};
    case ChangeKind::stack:
        return {"TLS library  " + way};
    case ChangeKind::starttls:
        return {"STARTTLS  " + way};
    }
    std::unreachable();
}

std::string line_of_target(const TargetChange& target) {
    if (target.turn == Turn::appeared) {
        return fmt::format("{}  {}", target.identity, verdict_words(target.after));
    }
    if (target.turn == Turn::disappeared) {
        return fmt::format("{}  was {}", target.identity, verdict_words(target.before));
    }
    const bool judged =
        target.before.cause != target.after.cause || target.before.status != target.after.status;
    return judged ? fmt::format(
                        "{}  {} → {}", target.identity, verdict_words(target.before),
                        verdict_words(target.after)
                    )
                  : fmt::format("{}  {}", target.identity, verdict_words(target.after));
}

void put_target(Page& page, const TargetChange& target, bool verbose) {
    const TurnWord turn = word_of_turn(target.turn);
    page.put(
        {.word = turn.word, .hang = k_change_column, .paint = turn.paint}, line_of_target(target)
    );
    const Head inner{.hang = k_change_column};
    const bool explained = target.turn == Turn::worse || target.turn == Turn::appeared;
    if (explained && target.after.status != "ok" && !target.after.summary.empty()) {
        page.put(inner, target.after.summary);
    }
    std::size_t shown = 0;
    std::size_t left = 0;
    for (const Change& change : target.changes) {
        for (const std::string& line : lines_of(change, verbose)) {
            if (verbose || shown < k_most_changes) {
                page.put(inner, line);
                ++shown;
            } else {
                ++left;
            }
        }
    }
    if (left != 0) {
        page.put(inner, fmt::format("and {} more changes", left));
    }
    if (verbose && !target.not_comparable.empty()) {
        page.put(inner, "not comparable: " + joined(target.not_comparable, ", "));
    }
}

std::string run_words(const ComparedRun& run) {
    std::string text = run.name;
    if (run.run) {
        text += fmt::format(", run {}", *run.run);
    }
    text += fmt::format(", {}", counted_targets(run.targets));
    if (!run.started.empty()) {
        text += fmt::format(", {}", run.started);
    }
    return run.complete ? text : text + ", cut before its end";
}

} // namespace

std::string difference_screen(const ComparedRuns& runs, const Look& look, bool verbose) {
    const Difference& difference = runs.difference;
    Page page{look};
    page.put({}, headline(difference) + ".");
    if (const std::string rest = remainder_of(difference); !rest.empty()) {
        page.put({}, rest + (verbose ? "." : " (-v names them)."));
    }
    page.blank();
    const std::size_t shown =
        verbose ? difference.changed.size() : std::min(difference.changed.size(), k_most_targets);
    for (std::size_t i = 0; i < shown; ++i) {
        put_target(page, difference.changed[i], verbose);
    }
    if (shown < difference.changed.size()) {
        page.put(
            {}, fmt::format(
                    "... and {} more that changed; -v shows all.", difference.changed.size() - shown
                )
        );
    }
    if (verbose) {
        for (const TargetChange& target : difference.only_partly) {
            page.put(
                {.word = "PARTLY", .hang = k_change_column},
                fmt::format(
                    "{}  not comparable: {}", target.identity, joined(target.not_comparable, ", ")
                )
            );
        }
    }
    page.blank();
    page.put({.word = "  Old", .hang = k_change_column}, run_words(runs.before));
    page.put({.word = "  New", .hang = k_change_column}, run_words(runs.after));
    return page.text();
}

std::string difference_line(const ComparedRuns& runs, bool utf8) {
    const std::string rest = remainder_of(runs.difference);
    const std::string line =
        safe_text(headline(runs.difference) + (rest.empty() ? "" : "; " + rest));
    return (utf8 ? line : ascii_text(line)) + "\n";
}

} // namespace tlsdoctor::report
