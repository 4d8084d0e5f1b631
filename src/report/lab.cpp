// SPDX-License-Identifier: Apache-2.0
// Columns as wide as their widest word; the texts are our own and need no care.
#include "report/lab.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <boost/json/array.hpp>
#include <fmt/core.h>

#include "report/json_parts.hpp"

namespace tlsdoctor::report {

namespace {

using LabLine = std::array<std::string, 6>;

constexpr std::size_t k_port_column = 1;

LabLine lab_line_of(const LabRow& row) {
    return {
        std::string(row.name),
        row.port == 0 ? std::string{} : std::to_string(row.port),
        std::string(row.what),
        std::string(row.client),
        fmt::format("{}{}{}", row.cause->name, row.check.empty() ? "" : " with ", row.check),
        std::to_string(row.cause->exit_code),
    };
}

json::value alert_json(const std::optional<AlertDescription>& alert) {
    if (!alert) {
        return nullptr;
    }
    return json::object{{"code", std::to_underlying(*alert)}, {"name", name_of(*alert)}};
}

json::object row_json(const LabRow& row) {
    return {
        {"case", row.name},
        {"port", row.port == 0 ? json::value(nullptr) : json::value(row.port)},
        {"what", row.what},
        {"client", row.client},
        {"cause", row.cause->name},
        {"exit_code", row.cause->exit_code},
        {"check_options", row.check},
        {"alert", alert_json(row.alert)},
    };
}

} // namespace

std::string lab_table(std::span<const LabRow> rows) {
    std::vector<LabLine> lines{
        {"CASE", "PORT", "THE SERVER", "A CLIENT SHOULD REPORT", "TLSDOCTOR CHECK SAYS", "EXIT"}
    };
    for (const LabRow& row : rows) {
        lines.push_back(lab_line_of(row));
    }
    std::array<std::size_t, std::tuple_size_v<LabLine>> widths{};
    for (const LabLine& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            widths[i] = std::max(widths[i], line[i].size());
        }
    }
    const bool with_ports = std::ranges::any_of(rows, [](const LabRow& r) { return r.port != 0; });
    std::string text;
    for (const LabLine& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (i == k_port_column && !with_ports) {
                continue;
            }
            const bool last = i + 1 == line.size();
            text += fmt::format("{:{}}{}", line[i], last ? 0 : widths[i], last ? "\n" : "  ");
        }
    }
    return text;
}

json::object
lab_json(std::span<const LabRow> rows, std::string_view ca_file, const JsonOptions& options) {
    json::array cases;
    for (const LabRow& row : rows) {
        cases.emplace_back(row_json(row));
    }
    return {
        {"schema", "tlsdoctor/1"},
        {"command", "lab"},
        {"tool",
         json::object{
             {"name", "tlsdoctor"}, {"version", options.version}, {"data_date", options.data_date}
         }},
        {"ca_file", text_unless_empty(ca_file)},
        {"cases", std::move(cases)},
    };
}

} // namespace tlsdoctor::report
