// SPDX-License-Identifier: Apache-2.0
// The small pieces of every document: texts, alerts, durations.
#include <cmath>
#include <utility>

#include "report/json_parts.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

json::value text_json(std::string_view text) {
    return json::value(safe_lines(text));
}

json::value text_or_null(const std::optional<std::string>& text) {
    return text ? text_json(std::string_view{*text}) : json::value(nullptr);
}

json::value alert_json(const std::optional<AlertDescription>& alert) {
    if (!alert) {
        return nullptr;
    }
    return json::object{{"code", std::to_underlying(*alert)}, {"name", tlsdoctor::name_of(*alert)}};
}

json::value text_unless_empty(std::string_view text) {
    return text.empty() ? json::value(nullptr) : text_json(text);
}

double rounded_ms(double ms) {
    return std::round(ms * 1'000.0) / 1'000.0;
}

} // namespace tlsdoctor::report
