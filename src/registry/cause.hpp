// SPDX-License-Identifier: Apache-2.0
// The names of everything that the doctor can find: one row of data/causes.tsv each, with its
// status, usual side, exit code, rank and title. A page docs/causes/<name>.md explains each. Names
// never change.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tlsdoctor {

/// How bad a finding is, worst first.
enum class Status : std::uint8_t { fail, unsure, warn, ok };

/// Who must act.
enum class Side : std::uint8_t { server, client, middlebox, network, not_tls, none, unclear };

/// How sure a finding is (docs/manual: `proven` needs a direct observation or a repeated pair).
enum class Confidence : std::uint8_t { proven, likely, possible };

/// A row of data/causes.tsv; the texts live as long as the program.
struct CauseInfo {
    std::string_view name{};  ///< `server_only_tls13`
    Status status{};          ///< the status of a finding of it
    Side side{};              ///< the usual side; a finding may say another
    std::uint8_t exit_code{}; ///< of a run whose verdict it is
    std::uint16_t rank{}; ///< orders findings of the same status: lower is more specific, and first
    std::string_view title{}; ///< one sentence
};

/// Returns the whole table in the file's order.
std::span<const CauseInfo> causes();

/// Returns the row, or null for an unknown name.
const CauseInfo* find_cause(std::string_view name);

/// Returns `fail`, `unsure`, `warn` or `ok`.
std::string_view name_of(Status status);

/// Returns `server` ... as in the contract's JSON.
std::string_view name_of(Side side);

/// Returns `proven`, `likely` or `possible`.
std::string_view name_of(Confidence confidence);

} // namespace tlsdoctor
