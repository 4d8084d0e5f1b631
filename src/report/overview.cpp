// SPDX-License-Identifier: Apache-2.0
// Counts. A target counts once, whatever the number of its addresses.
#include "report/overview.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Brief;
using evidence::BriefAddress;
using evidence::Word;
using evidence::Words;
using std::chrono::sys_days;

constexpr std::size_t k_most_expiries = 50;
constexpr long k_soon_days = 90;

/// Reads the day of an RFC 3339 time.
std::optional<sys_days> day_in(std::string_view time) {
    using std::chrono::day;
    using std::chrono::month;
    using std::chrono::year;
    if (time.size() < 10) {
        return std::nullopt;
    }
    const auto y = number_in(time.substr(0, 4), 9'999);
    const auto m = number_in(time.substr(5, 2), 12);
    const auto d = number_in(time.substr(8, 2), 31);
    if (!y || !m || !d) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{year{static_cast<int>(*y)}, month{*m}, day{*d}};
    return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

Status status_in(const std::string& text) {
    return text == "fail"     ? Status::fail
           : text == "unsure" ? Status::unsure
           : text == "warn"   ? Status::warn
                              : Status::ok;
}

bool any_outcome(const Brief& brief, std::size_t version, const auto& is_it) {
    return std::ranges::any_of(brief.addresses, [&](const BriefAddress& address) {
        return is_it(address.outcomes[version]);
    });
}

/// The words that are looked for again and again.
struct KnownWords {
    Word accepted{};
    Word not_tested{};
    Word unreachable{};
};

RunFigures figures_of(const std::vector<Brief>& targets, const Words& words, KnownWords known) {
    RunFigures figures;
    figures.targets = targets.size();
    for (const Brief& brief : targets) {
        const std::string& started = words.text(brief.started);
        if (figures.started.empty() || (!started.empty() && started < figures.started)) {
            figures.started = started;
        }
        ++figures.by_status[std::to_underlying(status_in(words.text(brief.status)))];
        bool tls = false;
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            const bool accepts =
                any_outcome(brief, i, [&](Word word) { return word == known.accepted; });
            const bool tested = any_outcome(brief, i, [&](Word word) {
                return word != 0 && word != known.not_tested && word != known.unreachable;
            });
            figures.accepted_by[i] += accepts ? 1 : 0;
            figures.tested_by[i] += tested ? 1 : 0;
            tls = tls || accepts;
        }
        figures.tls += tls ? 1 : 0;
    }
    return figures;
}

/// Sorted by count, then by name; the words stand for what was counted.
std::vector<Tally>
tallies(const std::unordered_map<Word, std::size_t>& counts, const Words& words) {
    std::vector<Tally> sorted;
    for (const auto& [word, count] : counts) {
        sorted.push_back({.name = words.text(word), .count = count});
    }
    std::ranges::sort(sorted, [](const Tally& a, const Tally& b) {
        return a.count != b.count ? a.count > b.count : a.name < b.name;
    });
    return sorted;
}

/// Makes the parts of the page that are about the last run alone.
class LastRun {
public:
    LastRun(
        const std::vector<Brief>& targets, const Words& words, KnownWords known, Overview& overview
    )
        : targets_{targets}, words_{words}, known_{known}, overview_{overview},
          today_{day_in(overview.runs.back().started)} {}

    void run() {
        std::unordered_map<Word, std::size_t> causes;
        std::unordered_map<Word, Word> statuses;
        std::unordered_map<Word, std::size_t> stacks;
        for (const Brief& brief : targets_) {
            ++causes[brief.cause];
            Word& status = statuses[brief.cause];
            if (status == 0 || evidence::rank_of_status(words_.text(brief.status)) >
                                   evidence::rank_of_status(words_.text(status))) {
                status = brief.status;
            }
            if (const Word stack = stack_of_target(brief); stack != 0) {
                ++stacks[stack];
            } else {
                overview_.without_stack += static_cast<std::size_t>(accepts_any(brief));
            }
            count_certificate(brief);
        }
        overview_.causes = tallies(causes, words_);
        std::map<std::string_view, Word> by_name;
        for (const auto& [cause, status] : statuses) {
            by_name[words_.text(cause)] = status;
        }
        for (Tally& tally : overview_.causes) {
            tally.status = words_.text(by_name[tally.name]);
        }
        overview_.stacks = tallies(stacks, words_);
        std::ranges::stable_sort(overview_.expiries, {}, &Expiry::days);
        if (overview_.expiries.size() > k_most_expiries) {
            overview_.expiries.resize(k_most_expiries);
        }
        list_targets();
    }

private:
    static Word stack_of_target(const Brief& brief) {
        for (const BriefAddress& address : brief.addresses) {
            if (address.stack != 0) {
                return address.stack;
            }
        }
        return 0;
    }

    bool accepts_any(const Brief& brief) const {
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            if (any_outcome(brief, i, [&](Word word) { return word == known_.accepted; })) {
                return true;
            }
        }
        return false;
    }

    /// The address whose certificate expires first; null where none was seen.
    const BriefAddress* soonest(const Brief& brief) const {
        const BriefAddress* first = nullptr;
        for (const BriefAddress& address : brief.addresses) {
            const bool seen = address.certificate_expires != 0;
            if (seen && (first == nullptr || words_.text(address.certificate_expires) <
                                                 words_.text(first->certificate_expires))) {
                first = &address;
            }
        }
        return first;
    }

    void count_certificate(const Brief& brief) {
        const BriefAddress* const address = soonest(brief);
        if (address == nullptr) {
            return;
        }
        ++overview_.certificates;
        const std::string& expires = words_.text(address->certificate_expires);
        const auto last = day_in(expires);
        if (!last || !today_) {
            return;
        }
        const long days = (*last - *today_).count();
        if (days > k_soon_days) {
            return;
        }
        const std::size_t place = days < 0 ? 0 : days <= 7 ? 1 : days <= 30 ? 2 : 3;
        ++overview_.expiring[place];
        overview_.expiries.push_back({
            .target = words_.text(brief.identity),
            .expires = expires.substr(0, 10),
            .key = words_.text(address->certificate_key),
            .days = days,
        });
    }

    void list_targets() {
        std::vector<const Brief*> order;
        for (const Brief& brief : targets_) {
            order.push_back(&brief);
        }
        const auto worse_first = [&](const Brief* a, const Brief* b) {
            const Status of_a = status_in(words_.text(a->status));
            const Status of_b = status_in(words_.text(b->status));
            if (of_a != of_b) {
                return of_a < of_b;
            }
            const std::string& cause_a = words_.text(a->cause);
            const std::string& cause_b = words_.text(b->cause);
            return cause_a != cause_b ? cause_a < cause_b
                                      : words_.text(a->identity) < words_.text(b->identity);
        };
        const std::size_t shown = std::min(order.size(), k_most_rows);
        std::ranges::partial_sort(
            order, order.begin() + static_cast<std::ptrdiff_t>(shown), worse_first
        );
        for (std::size_t i = 0; i < shown; ++i) {
            overview_.targets.push_back(row_of(*order[i]));
        }
    }

    TargetRow row_of(const Brief& brief) const {
        TargetRow row{
            .target = words_.text(brief.identity),
            .status = words_.text(brief.status),
            .cause = words_.text(brief.cause),
            .side = words_.text(brief.side),
            .summary = words_.text(brief.summary),
            .stack = words_.text(stack_of_target(brief)),
        };
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            if (any_outcome(brief, i, [&](Word word) { return word == known_.accepted; })) {
                row.versions +=
                    (row.versions.empty() ? "" : ", ") + tlsdoctor::name_of(k_versions[i]);
            }
        }
        if (const BriefAddress* const address = soonest(brief)) {
            row.expires = words_.text(address->certificate_expires).substr(0, 10);
        }
        return row;
    }

    const std::vector<Brief>& targets_;
    const Words& words_;
    KnownWords known_;
    Overview& overview_;
    std::optional<sys_days> today_;
};

} // namespace

struct OverviewBuilder::State {
    Words words{};
    std::optional<evidence::Snapshot> run{};
    std::string name{};
    bool complete{true};
    std::vector<RunFigures> figures{};

    KnownWords known() {
        return {
            words.number_of("accepted"), words.number_of("not_tested"),
            words.number_of("unreachable")
        };
    }

    void end_run() {
        if (run) {
            RunFigures one = figures_of(run->targets(), words, known());
            one.name = std::move(name);
            one.complete = complete;
            figures.push_back(std::move(one));
        }
        complete = true;
    }
};

OverviewBuilder::OverviewBuilder() : state_{std::make_unique<State>()} {}

OverviewBuilder::~OverviewBuilder() = default;

void OverviewBuilder::begin(std::string name) {
    state_->end_run();
    state_->run.emplace(state_->words);
    state_->name = std::move(name);
}

void OverviewBuilder::add(const evidence::Result& result) {
    state_->run->add(result);
}

void OverviewBuilder::cut() {
    state_->complete = false;
}

Overview OverviewBuilder::finish(std::string tool_version, std::string data_date) {
    state_->end_run();
    Overview overview{.tool_version = std::move(tool_version), .data_date = std::move(data_date)};
    overview.runs = std::move(state_->figures);
    if (state_->run) {
        LastRun{state_->run->targets(), state_->words, state_->known(), overview}.run();
    }
    state_ = std::make_unique<State>();
    return overview;
}

} // namespace tlsdoctor::report
