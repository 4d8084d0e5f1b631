// SPDX-License-Identifier: Apache-2.0
// The causes by name. The file's order is the order of the documentation, so the search goes
// through an index that is sorted by name at compile time.
#include "registry/cause.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace tlsdoctor {

namespace {

constexpr CauseInfo k_causes[] = {
#include "causes.inc"
};

constexpr auto k_by_name = [] {
    std::array<const CauseInfo*, std::size(k_causes)> index{};
    std::ranges::transform(k_causes, index.begin(), [](const CauseInfo& row) { return &row; });
    std::ranges::sort(index, {}, &CauseInfo::name);
    return index;
}();
static_assert(
    std::ranges::adjacent_find(k_by_name, {}, &CauseInfo::name) == k_by_name.end(),
    "a cause has two rows"
);

} // namespace

std::span<const CauseInfo> causes() {
    return k_causes;
}

const CauseInfo* find_cause(std::string_view name) {
    const auto row = std::ranges::lower_bound(k_by_name, name, {}, &CauseInfo::name);
    return row != k_by_name.end() && (*row)->name == name ? *row : nullptr;
}

std::string_view name_of(Status status) {
    switch (status) {
    case Status::fail:
        return "fail";
    case Status::unsure:
        return "unsure";
    case Status::warn:
        return "warn";
    case Status::ok:
        return "ok";
    }
    return "?";
}

std::string_view name_of(Side side) {
    switch (side) {
    case Side::server:
        return "server";
    case Side::client:
        return "client";
    case Side::middlebox:
        return "middlebox";
    case Side::network:
        return "network";
    case Side::not_tls:
        return "not_tls";
    case Side::none:
        return "none";
    case Side::unclear:
        return "unclear";
    }
    return "?";
}

std::string_view name_of(Confidence confidence) {
    switch (confidence) {
    case Confidence::proven:
        return "proven";
    case Confidence::likely:
        return "likely";
    case Confidence::possible:
        return "possible";
    }
    return "?";
}

} // namespace tlsdoctor
