// SPDX-License-Identifier: Apache-2.0
// Groups for key agreement; the rows come from data/registry/groups.tsv.
#include "registry/named_group.hpp"

#include "registry/table.hpp"

namespace tlsdoctor {

namespace {

constexpr NamedGroupInfo k_groups[] = {
#include "groups.inc"
};
static_assert(registry::strictly_ascending<NamedGroupInfo>(k_groups));

} // namespace

std::span<const NamedGroupInfo> named_groups() {
    return k_groups;
}

const NamedGroupInfo* find(NamedGroup group) {
    return registry::find_row<NamedGroupInfo>(k_groups, group);
}

std::string name_of(NamedGroup group) {
    return registry::name_in<NamedGroupInfo>(k_groups, group);
}

} // namespace tlsdoctor
