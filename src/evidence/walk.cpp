// SPDX-License-Identifier: Apache-2.0
// The words of the walk.
#include "evidence/walk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tlsdoctor::evidence {

namespace {

constexpr std::array k_acceptance_names = {
    std::pair{Reaction::accepted, std::string_view{"accepted"}},
    std::pair{Reaction::refused, std::string_view{"refused"}},
    std::pair{Reaction::not_offered, std::string_view{"not_offered"}},
    std::pair{Reaction::unclear, std::string_view{"unclear"}},
    std::pair{Reaction::not_tested, std::string_view{"not_tested"}},
};

constexpr std::array k_walk_group_names = {
    std::pair{WalkGroup::versions, std::string_view{"versions"}},
    std::pair{WalkGroup::key_types, std::string_view{"key_types"}},
    std::pair{WalkGroup::suites, std::string_view{"suites"}},
    std::pair{WalkGroup::groups, std::string_view{"groups"}},
    std::pair{WalkGroup::failures, std::string_view{"failures"}},
};

template <typename Table, typename Value>
std::string_view word_in(const Table& table, Value value) {
    return std::ranges::find(table, value, &Table::value_type::first)->second;
}

template <typename Table>
auto value_in(const Table& table, std::string_view name)
    -> std::optional<typename Table::value_type::first_type> {
    const auto row = std::ranges::find(table, name, &Table::value_type::second);
    return row == table.end() ? std::nullopt : std::optional{row->first};
}

} // namespace

std::string_view name_of(Reaction acceptance) {
    return word_in(k_acceptance_names, acceptance);
}

std::optional<Reaction> reaction_named(std::string_view name) {
    return value_in(k_acceptance_names, name);
}

std::string_view name_of(WalkGroup group) {
    return word_in(k_walk_group_names, group);
}

std::optional<WalkGroup> walk_group_named(std::string_view name) {
    return value_in(k_walk_group_names, name);
}

} // namespace tlsdoctor::evidence
