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

std::string_view name_of(GroupKind kind) {
    switch (kind) {
    case GroupKind::elliptic_curve:
        return "elliptic_curve";
    case GroupKind::finite_field:
        return "finite_field";
    case GroupKind::post_quantum:
        return "post_quantum";
    case GroupKind::hybrid:
        return "hybrid";
    case GroupKind::other:
        break;
    }
    return "other";
}

} // namespace tlsdoctor
