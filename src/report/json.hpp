// SPDX-License-Identifier: Apache-2.0
// The JSON document of `check` and the line of `scan`, schema `tlsdoctor/1`:
// schema/check.schema.json and docs/manual/json.md describe it. Inside the major version members
// are only added.
#pragma once

#include <string>

#include "advise/case_file.hpp"
#include "evidence/json.hpp"

namespace tlsdoctor::report {

/// What the document says of its maker, and how much it carries.
struct JsonOptions {
    std::string command{"check"}; ///< `check`, or `scan`: the same without the member `evidence`
    std::string version{};        ///< of tlsdoctor, `0.1.0`
    std::string data_date{};      ///< of the tables, `2026-11-23`
    bool with_bytes{};            ///< `--evidence`: every exchange's bytes in hexadecimal
};

/// Returns the document. Complete whatever happened: what is unknown is null or `not_tested`, and a
/// name that was not resolved has one endpoint without an address. All text is valid UTF-8 and
/// harmless.
json::object to_json(const advise::CaseFile& file, const JsonOptions& options);

/// Returns the document as one line with a newline, for JSON Lines; `evidence::pretty` is for one
/// alone.
std::string json_line(const json::value& document);

} // namespace tlsdoctor::report
