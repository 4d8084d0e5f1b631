// SPDX-License-Identifier: Apache-2.0
// The table of `tlsdoctor lab`, for people and as JSON (schema/lab.schema.json).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "evidence/json.hpp"
#include "registry/alert.hpp"
#include "registry/cause.hpp"
#include "report/json.hpp"

namespace tlsdoctor::report {

/// A server as the table shows it.
struct LabRow {
    std::string_view name{};
    std::uint16_t port{};                    ///< 0: it does not run
    std::string_view what{};                 ///< what it does
    std::string_view client{};               ///< what a client should report
    const CauseInfo* cause{};                ///< what `tlsdoctor check` names
    std::string_view check{};                ///< options of `check` that the question needs
    std::optional<AlertDescription> alert{}; ///< that it sends to every hello
};

/// Returns the table: one line for each server, without ports where none runs.
std::string lab_table(std::span<const LabRow> rows);

/// Returns the document; `ca_file` is empty where no root was written.
json::object
lab_json(std::span<const LabRow> rows, std::string_view ca_file, const JsonOptions& options);

} // namespace tlsdoctor::report
