// SPDX-License-Identifier: Apache-2.0
// What came of `--policy`: what must go, what must come, and what no answer decides.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"

namespace tlsdoctor::report {

namespace {

using diagnose::Difference;
using diagnose::DifferenceKind;
using diagnose::PolicyResult;

constexpr std::size_t k_policy_hang = 15;

struct KindWords {
    DifferenceKind kind{};
    std::string_view word{};
    Paint paint{};
};

constexpr KindWords k_kinds[] = {
    {DifferenceKind::must_go, "must go", Paint::fail},
    {DifferenceKind::must_come, "must come", Paint::fail},
    {DifferenceKind::undecided, "unsure", Paint::unsure},
};

/// `3 must go, 1 not decided`.
std::string tally_of(const PolicyResult& result) {
    std::string text;
    for (const KindWords& kind : k_kinds) {
        const auto count = std::ranges::count(result.differences, kind.kind, &Difference::kind);
        if (count > 0) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, kind.word);
        }
    }
    return text;
}

/// Two addresses that differ in the same are told once.
struct Told {
    const Difference* first{};
    std::string addresses{};
};

std::vector<Told> told_once(const PolicyResult& result) {
    std::vector<Told> all;
    for (const Difference& difference : result.differences) {
        auto at = std::ranges::find_if(all, [&](const Told& told) {
            return told.first->kind == difference.kind && told.first->what == difference.what;
        });
        if (at == all.end()) {
            at = all.insert(all.end(), Told{.first = &difference});
        }
        at->addresses += (at->addresses.empty() ? "" : ", ") + difference.address;
    }
    return all;
}

std::string line_for(const Told& told, bool with_addresses) {
    std::string ids;
    for (const diagnose::Citation& citation : told.first->evidence) {
        if (!citation.exchange.empty() && ids.empty()) {
            ids = "  [" + citation.exchange + "]";
        }
    }
    return fmt::format(
        "{}{}{}{}", with_addresses ? told.addresses : "", with_addresses ? ": " : "",
        told.first->what, ids
    );
}

} // namespace

void write_policy(Page& page, const advise::CaseFile& file, const Amount& amount) {
    const auto& result = file.diagnosis.policy;
    if (!result) {
        return;
    }
    const std::string ignored = joined(result->policy.not_judged, ", ");
    page.put(
        heading("Policy"),
        fmt::format(
            "{}: {}{}", result->policy.name,
            result->compliant.value_or(false) ? "the server keeps to it" : tally_of(*result),
            ignored.empty() ? "" : fmt::format(" (not judged: {})", ignored)
        )
    );
    const std::vector<Told> all = told_once(*result);
    const bool with_addresses = file.visit.endpoints.size() > 1;
    const std::size_t most = amount.all_facts ? all.size() : amount.differences;
    const std::size_t shown = all.size() > most + 1 ? most : all.size();
    for (std::size_t i = 0; i < shown; ++i) {
        const auto* const kind = std::ranges::find(k_kinds, all[i].first->kind, &KindWords::kind);
        page.put(
            {.indent = 4, .word = kind->word, .hang = k_policy_hang, .paint = kind->paint},
            line_for(all[i], with_addresses)
        );
    }
    if (shown < all.size()) {
        page.put({.hang = k_policy_hang}, fmt::format("… {} more: -v", all.size() - shown));
    }
}

} // namespace tlsdoctor::report
