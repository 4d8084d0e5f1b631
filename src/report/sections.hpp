// SPDX-License-Identifier: Apache-2.0
// The sections of the terminal report, each of which writes its lines to the page or nothing.
// Private to this module.
#pragma once

#include <cstddef>

#include "advise/case_file.hpp"
#include "report/page.hpp"

namespace tlsdoctor::report {

/// How much each section may write. The screen takes the largest of a few amounts that fits its
/// lines.
struct Amount {
    std::size_t citations{3};
    std::size_t fixes{2};
    bool costs{true}; ///< what a fix means for security
    std::size_t client_lines{2};
    std::size_t notes{4};       ///< other findings
    std::size_t differences{8}; ///< from the policy
    std::size_t addresses{4};   ///< groups of addresses that answered alike
    bool all_facts{};           ///< `-v`
    bool inventory{true};       ///< what an enumeration found, where there was one
    bool all_clients{};         ///< `--clients`
    bool bytes{};               ///< `--evidence`
};

/// Writes verdict, target and sentence.
void write_verdict(Page& page, const advise::CaseFile& file);

/// Writes who must act, and the pairs "this hello -> this answer" that show it.
void write_fault(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes what came of `--policy`.
void write_policy(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes which known clients cannot connect.
void write_locked_out(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes the exact lines to change, and the command that checks them.
void write_fixes(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes the other findings and what the user should know about how the question was asked.
void write_notes(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes each address's answers version by version.
void write_addresses(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes everything that was observed at one address, one of the file's.
void write_all_facts(Page& page, const advise::CaseFile& file, const evidence::Endpoint& endpoint);

/// Writes what an enumeration found at each address.
void write_inventory(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes how known clients fare: those with one fate together, or a line for each.
void write_clients(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes what `--what-if` found.
void write_what_if(Page& page, const advise::CaseFile& file, const Amount& amount);

/// Writes every exchange with its bytes.
void write_evidence(Page& page, const advise::CaseFile& file);

/// Writes what it took, and where to read more.
void write_footer(Page& page, const advise::CaseFile& file);

} // namespace tlsdoctor::report
