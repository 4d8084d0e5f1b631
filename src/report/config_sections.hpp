// SPDX-License-Identifier: Apache-2.0
// The sections of the report about a configuration. Private to this module.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "advise/config_file.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// How much each section may write.
struct ConfigAmount {
    std::size_t lines{4}; ///< that decide
    std::size_t fixes{1};
    bool context{true}; ///< of diffs
    bool costs{true};
    std::size_t notes{3};
    std::size_t endpoints{6}; ///< rows of the table
    bool all_facts{};         ///< `-v`
};

/// Writes who must act, the lines that decide, and which known clients are out.
void write_config_fault(Page& page, const advise::ConfigFile& file, const ConfigAmount& amount);

/// Writes the fixes as diffs, and the command that checks them.
void write_config_fixes(Page& page, const advise::ConfigFile& file, const ConfigAmount& amount);

/// Writes what `--apply` or `--verify` did.
void write_config_action(Page& page, const advise::ConfigFile& file, const ConfigAmount& amount);

/// Writes the other findings, and what of the files was not understood.
void write_config_notes(Page& page, const advise::ConfigFile& file, const ConfigAmount& amount);

/// Writes which versions each address and name accepts, equal ones together.
void write_config_table(Page& page, const advise::ConfigFile& file, const ConfigAmount& amount);

/// Writes every endpoint with its suites, groups and lines.
void write_config_facts(Page& page, const advise::ConfigFile& file);

/// Returns the endpoints of a finding in a few words: `127.0.0.1:443 (a.test, b.test)`.
std::string endpoints_text(
    const evidence::Configuration& configuration, const std::vector<std::size_t>& endpoints,
    std::size_t columns
);

/// Returns what an endpoint does: `TLS 1.2, TLS 1.3`, `clear text`, `alert 112 unrecognized_name`.
std::string outcome_text(const evidence::ConfiguredEndpoint& endpoint);

/// Returns text with its tabs as blanks: the page shows control characters as \xNN.
std::string without_tabs(std::string_view text);

} // namespace tlsdoctor::report
