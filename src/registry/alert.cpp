// SPDX-License-Identifier: Apache-2.0
// Alerts by number and by name; the rows come from data/registry/alerts.tsv.
#include "registry/alert.hpp"

#include "base/text.hpp"
#include "registry/table.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tlsdoctor {

namespace {

constexpr AlertInfo k_alerts[] = {
#include "alerts.inc"
};
static_assert(registry::strictly_ascending<AlertInfo>(k_alerts));

} // namespace

std::span<const AlertInfo> alerts() {
    return k_alerts;
}

const AlertInfo* find(AlertDescription alert) {
    return registry::find_row<AlertInfo>(k_alerts, alert);
}

std::string name_of(AlertDescription alert) {
    const AlertInfo* row = find(alert);
    return row != nullptr ? std::string{row->name}
                          : fmt::format("unknown({})", std::to_underlying(alert));
}

std::string name_of(AlertLevel level) {
    switch (level) {
    case AlertLevel::warning:
        return "warning";
    case AlertLevel::fatal:
        return "fatal";
    }
    return fmt::format("unknown({})", std::to_underlying(level));
}

std::optional<AlertDescription> alert_named(std::string_view text) {
    const std::string_view word = trimmed(text);
    if (const auto number = number_in(word, 0xff)) {
        return static_cast<AlertDescription>(*number);
    }
    const auto row = std::ranges::find_if(k_alerts, [&](const AlertInfo& alert) {
        return same_ignoring_case(alert.name, word);
    });
    return row != std::end(k_alerts) ? std::optional{row->id} : std::nullopt;
}

} // namespace tlsdoctor
