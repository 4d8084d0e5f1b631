// SPDX-License-Identifier: Apache-2.0
// The inputs of `diff` and `report`: files of results, standard input, and runs in a database
// (`FILE.db`, `FILE.db:RUN`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evidence/result.hpp"

namespace tlsdoctor::cli {

/// Where the results of one run are.
struct RunSource {
    std::string file{};                ///< `-` is standard input
    std::optional<std::int64_t> run{}; ///< of a database; nullopt: a file of results
    bool complete{true};               ///< the run was not cut, as far as is known
    std::string started{};             ///< as the database says it
};

/// Which runs of a database are meant where none is named.
enum class RunChoice : std::uint8_t { latest, latest_two, all };

/// Finds the runs that an operand names; the error is one line that names the file. Of a database
/// `latest` and `previous` are the last two that were finished.
std::expected<std::vector<RunSource>, std::string>
find_runs(const std::string& operand, RunChoice choice);

/// Tells whether a file is an SQLite database, by its first bytes.
bool is_database(const std::string& path);

/// What was read of a run.
struct RunRead {
    std::size_t results{};
    bool complete{true};
};

/// Gives each result to `take`. A run without results is an error; a torn last line is not, but the
/// run is not complete then.
std::expected<RunRead, std::string>
read_run(const RunSource& source, const std::function<void(const evidence::Result&)>& take);

} // namespace tlsdoctor::cli
