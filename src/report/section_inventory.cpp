// SPDX-License-Identifier: Apache-2.0
// What an enumeration found: each version's suites by judgement, weakest first, then groups,
// signatures, certificates and the rest, a line each. Addresses with the same tables share one.
#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/judgement.hpp"
#include "evidence/inventory.hpp"
#include "registry/lookup.hpp"
#include "report/inventory_table.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using diagnose::Judgement;
using evidence::Acceptance;
using evidence::Inventory;
using evidence::Preference;
using evidence::VersionSuites;

constexpr std::size_t k_inventory_hang = 12;

/// A long group of suites shows so many names without `-v`.
constexpr std::size_t k_names_of_a_group = 4;

Paint paint_for(Strength strength) {
    return strength == Strength::broken ? Paint::fail
           : strength == Strength::weak ? Paint::warn
                                        : Paint::ok;
}

Head inventory_head(std::string_view word) {
    return {.indent = 2, .word = word, .hang = k_inventory_hang, .paint = Paint::heading};
}

/// `weak    reason`.
Head judged_head(Strength strength) {
    return {
        .indent = 4,
        .word = tlsdoctor::name_of(strength),
        .hang = k_inventory_hang,
        .paint = paint_for(strength)
    };
}

/// The reason, and with `-v` where it stands.
std::string reason_of(const Judgement& judgement, bool all) {
    return judgement.source.empty() || !all
               ? judgement.reason
               : fmt::format("{}; {}", judgement.reason, judgement.source);
}

/// Suites of one version with one judgement, in the order they came.
struct SuiteGroup {
    Judgement judgement{};
    std::vector<std::string> names{};
};

std::vector<SuiteGroup> groups_of(const VersionSuites& suites) {
    std::vector<SuiteGroup> groups;
    for (const evidence::AcceptedSuite& suite : suites.accepted) {
        const Judgement judgement = diagnose::judge(suite, suites.version);
        auto at = std::ranges::find(groups, judgement, &SuiteGroup::judgement);
        if (at == groups.end()) {
            at = groups.insert(groups.end(), SuiteGroup{.judgement = judgement});
        }
        const std::string bits = suite.dh_bits == 0 ? "" : fmt::format(" (DH {})", suite.dh_bits);
        at->names.push_back(tlsdoctor::name_of(suite.suite) + bits);
    }
    std::ranges::stable_sort(groups, {}, [](const SuiteGroup& group) {
        return group.judgement.strength;
    });
    return groups;
}

std::string some_of(std::vector<std::string> names, std::size_t most) {
    const std::size_t hidden = names.size() > most + 1 ? names.size() - most : 0;
    names.resize(names.size() - hidden);
    return joined(names, ", ") + (hidden == 0 ? "" : fmt::format(", … {} more: -v", hidden));
}

template <typename Numbers>
std::vector<std::string> listed_names(const Numbers& numbers) {
    std::vector<std::string> names;
    for (const auto number : numbers) {
        names.push_back(tlsdoctor::name_of(number));
    }
    return names;
}

std::string_view order_of(Preference preference) {
    return preference == Preference::server   ? ", server's order"
           : preference == Preference::client ? ", client's order"
                                              : "";
}

/// `no answer for 3 suites: A, B, C`.
void write_undecided(
    Page& page, std::string_view what, const std::vector<std::string>& names, bool all
) {
    if (!names.empty()) {
        page.put(
            {.indent = 4, .word = "unsure", .hang = k_inventory_hang, .paint = Paint::unsure},
            fmt::format(
                "no answer for {} {}{}: {}", names.size(), what, names.size() == 1 ? "" : "s",
                some_of(names, all ? names.size() : k_names_of_a_group)
            )
        );
    }
}

void write_suite_group(Page& page, const SuiteGroup& group, bool all) {
    const std::size_t count = group.names.size();
    page.put(
        judged_head(group.judgement.strength),
        fmt::format(
            "{}{}", reason_of(group.judgement, all),
            count == 1 ? "" : fmt::format(" ({} suites)", count)
        )
    );
    if (all) {
        for (const std::string& name : group.names) {
            page.put({.hang = k_inventory_hang + 2}, name);
        }
        return;
    }
    page.put({.hang = k_inventory_hang + 2}, some_of(group.names, k_names_of_a_group));
}

/// `3 suites, server's order; deprecated: BEAST, MD5 and SHA-1 inside`.
std::string version_line(const VersionSuites& suites, std::string_view also, bool all) {
    const std::size_t count = suites.accepted.size();
    const Judgement judgement = diagnose::judge(suites.version);
    return fmt::format(
        "{}{} suite{}{}{}{}", also, count, count == 1 ? "" : "s", order_of(suites.preference),
        suites.complete ? ", every other one refused" : "",
        judgement.strength == Strength::fine
            ? ""
            : fmt::format(
                  "; {}, {}", tlsdoctor::name_of(judgement.strength), reason_of(judgement, all)
              )
    );
}

/// Two versions with the same suites in the same order are shown once.
bool look_alike(const VersionSuites& a, const VersionSuites& b) {
    const auto same = [](const evidence::AcceptedSuite& one, const evidence::AcceptedSuite& other) {
        return one.suite == other.suite && one.dh_bits == other.dh_bits;
    };
    return a.preference == b.preference && a.complete == b.complete && a.undecided == b.undecided &&
           diagnose::judge(a.version).strength == diagnose::judge(b.version).strength &&
           std::ranges::equal(a.accepted, b.accepted, same) &&
           (a.accepted.empty() || diagnose::judge(a.accepted.front(), a.version) ==
                                      diagnose::judge(b.accepted.front(), b.version));
}

void write_suites(Page& page, const Inventory& inventory, bool all) {
    const auto& versions = inventory.suites;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        const std::string word = tlsdoctor::name_of(versions[i].version);
        std::string also;
        while (i + 1 < versions.size() && look_alike(versions[i], versions[i + 1])) {
            also += (also.empty() ? "and " : ", ") + tlsdoctor::name_of(versions[++i].version);
        }
        also += also.empty() ? "" : ": ";
        page.put(inventory_head(word), version_line(versions[i], also, all));
        for (const SuiteGroup& group : groups_of(versions[i])) {
            write_suite_group(page, group, all);
        }
        write_undecided(page, "suite", listed_names(versions[i].undecided), all);
        if (!versions[i].complete && versions[i].undecided.empty()) {
            page.put(
                {.indent = 4, .word = "unsure", .hang = k_inventory_hang, .paint = Paint::unsure},
                "not every suite was asked for"
            );
        }
    }
}

} // namespace

void write_inventory_table(Page& page, const Inventory& inventory, bool all) {
    if (!inventory.ssl2_cipher_kinds.empty()) {
        const Judgement judgement = diagnose::judge(ProtocolVersion::ssl_2_0);
        std::vector<std::string> kinds;
        std::ranges::transform(
            inventory.ssl2_cipher_kinds, std::back_inserter(kinds), ssl2_kind_name
        );
        page.put(inventory_head("SSL 2.0"), fmt::format("{} cipher kinds", kinds.size()));
        page.put(judged_head(judgement.strength), reason_of(judgement, all));
        page.put(
            {.hang = k_inventory_hang + 2}, some_of(kinds, all ? kinds.size() : k_names_of_a_group)
        );
    }
    write_suites(page, inventory, all);
    write_inventory_rest(page, inventory, all);
}

void write_inventory(Page& page, const advise::CaseFile& file, const Amount& amount) {
    struct Table {
        std::string text{};
        Inventory inventory{};
        std::string addresses{};
    };
    std::vector<Table> tables;
    for (const evidence::Endpoint& endpoint : file.visit.endpoints) {
        auto inventory = evidence::inventory_of(endpoint);
        if (!inventory) {
            continue;
        }
        Page draft{page.look()};
        write_inventory_table(draft, *inventory, amount.all_facts);
        auto at = std::ranges::find(tables, draft.text(), &Table::text);
        if (at == tables.end()) {
            at = tables.insert(
                tables.end(), Table{.text = draft.text(), .inventory = *std::move(inventory)}
            );
        }
        at->addresses += (at->addresses.empty() ? "" : ", ") + name_of(endpoint);
    }
    for (const Table& table : tables) {
        page.blank();
        if (tables.size() > 1) {
            page.put({.indent = 2, .hang = 2}, table.addresses);
        }
        write_inventory_table(page, table.inventory, amount.all_facts);
    }
}

} // namespace tlsdoctor::report
