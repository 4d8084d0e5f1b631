// SPDX-License-Identifier: Apache-2.0
// Pairs the targets of two runs, and compares verdicts no further than both runs looked.
#include "evidence/difference.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "evidence/difference_parts.hpp"

namespace tlsdoctor::evidence {

namespace {

/// The cause that only a judged certificate shows.
constexpr std::string_view k_of_trust = "cert_not_trusted";

bool knows(const Brief& brief, Word cause) {
    return std::ranges::find(brief.findings, cause) != brief.findings.end();
}

/// Tells whether a run asked for versions alone, where it could have asked for more.
bool is_narrow(const Brief& brief, const Words& words) {
    const std::size_t first_tls = place_of(ProtocolVersion::tls_1_0);
    bool accepted = false;
    for (const BriefAddress& address : brief.addresses) {
        if (address.handshake) {
            return false;
        }
        for (std::size_t i = first_tls; i < address.outcomes.size(); ++i) {
            accepted = accepted || words.text(address.outcomes[i]) == "accepted";
        }
    }
    return accepted;
}

bool judges_trust(const Brief& brief, const Words& words) {
    return std::ranges::any_of(brief.addresses, [&](const BriefAddress& address) {
        return address.trust != 0 && words.text(address.trust) != "not_judged";
    });
}

/// Says why verdicts that differ must not be held against each other; empty where they may.
std::string hindrance_between(const Brief& before, const Brief& after, const Words& words) {
    if (before.interrupted || after.interrupted) {
        return "verdict: a visit was cut";
    }
    if (before.question != after.question) {
        return "verdict: the runs asked different questions";
    }
    const bool narrow_before = is_narrow(before, words);
    if (narrow_before != is_narrow(after, words)) {
        const Brief& narrow = narrow_before ? before : after;
        const Brief& wide = narrow_before ? after : before;
        const bool stands = words.text(narrow.status) != "ok" && !knows(wide, narrow.cause);
        return stands ? "" : "verdict: one run asked for versions alone";
    }
    for (const auto& [one, other] : {std::pair{&before, &after}, std::pair{&after, &before}}) {
        if (words.text(one->cause) == k_of_trust && !judges_trust(*other, words)) {
            return "verdict: one run did not judge the certificate";
        }
    }
    return "";
}

ShortVerdict verdict_in(const Brief& brief, const Words& words) {
    return {
        .status = words.text(brief.status),
        .cause = words.text(brief.cause),
        .side = words.text(brief.side),
        .summary = words.text(brief.summary),
    };
}

/// An uncertain verdict is neither better nor worse than a failure.
Turn turn_of(const ShortVerdict& before, const ShortVerdict& after) {
    const int was = rank_of_status(before.status);
    const int is = rank_of_status(after.status);
    if (was == is || (was == 3 && is == 2)) {
        return Turn::other;
    }
    return is > was ? Turn::worse : Turn::better;
}

/// The larger, the higher in the list.
int weight_of(const TargetChange& target) {
    const int is = rank_of_status(target.after.status);
    switch (target.turn) {
    case Turn::worse:
        return 100 + 10 * is - rank_of_status(target.before.status);
    case Turn::other:
        return 60 + is;
    case Turn::appeared:
        return is == 3 ? 70 : 40 + is;
    case Turn::disappeared:
        return 50;
    case Turn::better:
        return 10 + is;
    }
    return 0;
}

/// What stays the same of a target when a port goes from TLS to STARTTLS, or back.
using Door = std::tuple<Word, std::uint16_t, bool, Word>;

Door door_of(const Brief& brief) {
    return {brief.host, brief.port, brief.has_sni, brief.sni};
}

/// Goes through both runs.
class Comparison {
public:
    Comparison(const RunSide& before, const RunSide& after)
        : before_{before}, after_{after}, words_{before.run.words()} {}

    Difference run() {
        std::vector<const Brief*> gone;
        for (const Brief& old : before_.run.targets()) {
            if (const Brief* const now = after_.run.find(old.identity)) {
                add(old, *now);
            } else {
                gone.push_back(&old);
            }
        }
        std::map<Door, const Brief*> come;
        for (const Brief& now : after_.run.targets()) {
            if (before_.run.find(now.identity) == nullptr) {
                come.insert_or_assign(door_of(now), &now);
                come_.push_back(&now);
            }
        }
        for (const Brief* const old : gone) {
            if (const auto now = come.find(door_of(*old)); now != come.end()) {
                add(*old, *now->second);
                std::erase(come_, now->second);
                come.erase(now);
            } else {
                add_one_sided(*old, Turn::disappeared, after_.complete);
            }
        }
        for (const Brief* const now : come_) {
            add_one_sided(*now, Turn::appeared, before_.complete);
        }
        std::ranges::stable_sort(difference_.changed, [](const auto& a, const auto& b) {
            return weight_of(a) > weight_of(b);
        });
        return std::move(difference_);
    }

private:
    TargetChange target_of(const Brief& brief) const {
        return {
            .identity = words_.text(brief.identity),
            .host = words_.text(brief.host),
            .port = brief.port
        };
    }

    void add(const Brief& old, const Brief& now) {
        ++difference_.targets;
        TargetFindings found = compare_targets(old, now, words_);
        const bool partly = !found.not_comparable.empty();
        difference_.partly += partly ? 1 : 0;
        if (found.changes.empty() && !partly) {
            return;
        }
        TargetChange target = target_of(now);
        target.before = verdict_in(old, words_);
        target.after = verdict_in(now, words_);
        target.changes = std::move(found.changes);
        target.not_comparable = std::move(found.not_comparable);
        const bool judged =
            !target.changes.empty() && target.changes.front().kind == ChangeKind::verdict;
        target.turn = judged ? turn_of(target.before, target.after) : Turn::other;
        if (target.changes.empty()) {
            difference_.only_partly.push_back(std::move(target));
        } else {
            count(std::move(target));
        }
    }

    void add_one_sided(const Brief& brief, Turn turn, bool comparable) {
        ++difference_.targets;
        if (!comparable) {
            ++difference_.missing;
            return;
        }
        TargetChange target = target_of(brief);
        target.turn = turn;
        (turn == Turn::appeared ? target.after : target.before) = verdict_in(brief, words_);
        count(std::move(target));
    }

    void count(TargetChange target) {
        std::size_t Difference::* const counters[] = {
            &Difference::worse, &Difference::better, &Difference::other, &Difference::appeared,
            &Difference::disappeared
        };
        ++(difference_.*counters[std::to_underlying(target.turn)]);
        difference_.changed.push_back(std::move(target));
    }

    const RunSide& before_;
    const RunSide& after_;
    const Words& words_;
    std::vector<const Brief*> come_{};
    Difference difference_{};
};

} // namespace

void compare_verdicts(
    const Brief& before, const Brief& after, const Words& words, TargetFindings& found
) {
    if (before.status == after.status && before.cause == after.cause) {
        return;
    }
    if (std::string why = hindrance_between(before, after, words); !why.empty()) {
        found.not_comparable.push_back(std::move(why));
        return;
    }
    const auto words_of = [&](const Brief& brief) {
        return fmt::format("{} {}", words.text(brief.status), words.text(brief.cause));
    };
    found.changes.push_back(
        {.kind = ChangeKind::verdict, .before = words_of(before), .after = words_of(after)}
    );
}

Difference compare(const RunSide& before, const RunSide& after) {
    return Comparison{before, after}.run();
}

std::string_view name_of(ChangeKind kind) {
    constexpr std::array<std::string_view, 7> names{"verdict",     "version", "cipher_suites",
                                                    "certificate", "trust",   "stack",
                                                    "starttls"};
    return names[std::to_underlying(kind)];
}

std::string_view name_of(Turn turn) {
    constexpr std::array<std::string_view, 5> names{
        "worse", "better", "other", "appeared", "disappeared"
    };
    return names[std::to_underlying(turn)];
}

} // namespace tlsdoctor::evidence
