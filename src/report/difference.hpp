// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor diff`: what changed between two runs, on the screen, in one line and as JSON
// (schema/diff.schema.json).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "evidence/difference.hpp"
#include "evidence/json.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// One of the two runs.
struct ComparedRun {
    std::string name{};                ///< the file, as typed
    std::optional<std::int64_t> run{}; ///< its number in a database
    std::string started{};             ///< of its first result; empty: unknown
    std::size_t targets{};
    bool complete{true}; ///< false: it was cut, and more targets may have been meant
};

/// What is reported.
struct ComparedRuns {
    ComparedRun before{};
    ComparedRun after{};
    evidence::Difference difference{};
};

/// Returns the screen: the answer in its first line, then the worst targets, at most some twenty
/// without `verbose`, which shows all and what could not be compared.
std::string difference_screen(const ComparedRuns& runs, const Look& look, bool verbose);

/// Returns the answer alone, in one line.
std::string difference_line(const ComparedRuns& runs, bool utf8);

/// Returns the document.
json::object
to_json(const ComparedRuns& runs, const std::string& tool_version, const std::string& data_date);

} // namespace tlsdoctor::report
