// SPDX-License-Identifier: Apache-2.0
// Counting and the words for it.
#include "fleet/tally.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "registry/version.hpp"

namespace tlsdoctor::fleet {

namespace {

/// A summary names so many of a kind and adds up the rest.
constexpr std::size_t k_most_named = 8;

using Count = std::pair<std::string, std::size_t>;

std::string counts_text(std::vector<Count> counts, std::size_t most) {
    std::ranges::stable_sort(counts, std::ranges::greater{}, &Count::second);
    std::string text;
    std::size_t others = 0;
    std::size_t named = 0;
    for (const auto& [name, count] : counts) {
        if (count == 0) {
            continue;
        }
        if (named == most) {
            others += count;
            continue;
        }
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, grouped(count));
        ++named;
    }
    return others == 0 ? text : text + fmt::format(", others {}", grouped(others));
}

} // namespace

void Tally::add(const Gist& gist) {
    ++total_;
    reached_ += gist.reached ? 1 : 0;
    ++statuses_[static_cast<std::size_t>(gist.status)];
    ++causes_[gist.cause];
    if (!gist.stack.empty()) {
        ++stacks_[gist.stack];
    }
    for (std::size_t i = 0; i < versions_.size(); ++i) {
        versions_[i] += (gist.accepted >> i) & 1U;
    }
}

std::string Tally::statuses() const {
    std::string text;
    for (const Status status : {Status::ok, Status::warn, Status::fail, Status::unsure}) {
        if (const std::size_t count = statuses_[static_cast<std::size_t>(status)]; count > 0) {
            text +=
                fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(count), name_of(status));
        }
    }
    return text;
}

std::string Tally::table() const {
    std::string text;
    const auto row = [&](std::string_view title, const std::string& counts) {
        text += counts.empty() ? "" : fmt::format("  {:<10}{}\n", title, counts);
    };
    row("verdicts", counts_text({causes_.begin(), causes_.end()}, k_most_named));
    std::vector<Count> versions;
    for (std::size_t i = versions_.size(); i > 0; --i) {
        versions.emplace_back(name_of(k_versions[i - 1]), versions_[i - 1]);
    }
    row("versions", counts_text(std::move(versions), k_versions.size()));
    row("stacks", counts_text({stacks_.begin(), stacks_.end()}, k_most_named));
    row("reached", fmt::format("{} of {}", grouped(reached_), grouped(total_)));
    return text;
}

std::string words_of(const Progress& progress, const Tally& tally) {
    std::string text = grouped(progress.done);
    if (progress.total) {
        const std::size_t total = std::max(*progress.total, progress.done);
        text += fmt::format("/{}{}", progress.estimated ? "~" : "", grouped(total));
    }
    text += fmt::format(
        " targets, {}/s", progress.per_second < 10
                              ? fmt::format("{:.1f}", progress.per_second)
                              : grouped(static_cast<std::size_t>(progress.per_second))
    );
    if (progress.total && progress.per_second > 0 && *progress.total > progress.done) {
        const auto left = static_cast<double>(*progress.total - progress.done);
        text += fmt::format(
            ", {}{} left", progress.estimated ? "~" : "", duration_text(left / progress.per_second)
        );
    }
    const std::string statuses = tally.statuses();
    return statuses.empty() ? text : text + ", " + statuses;
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::llround(std::min(seconds, 1e9)));
    if (seconds < 10) {
        return fmt::format("{:.1f} s", seconds);
    }
    if (whole < 120) {
        return fmt::format("{} s", whole);
    }
    if (whole < 7'200) {
        return fmt::format("{} min", whole / 60);
    }
    return fmt::format("{} h {} min", whole / 3'600, whole % 3'600 / 60);
}

std::string grouped(std::size_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

} // namespace tlsdoctor::fleet
