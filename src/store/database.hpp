// SPDX-License-Identifier: Apache-2.0
// Results over time in one SQLite file (`--db FILE`). What is committed survives a killed process;
// a file that is not ours, or a later version's, is refused and left as it is.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.hpp"
#include "store/error.hpp"
#include "store/run.hpp"

namespace tlsdoctor::store {

/// One file. For one thread at a time.
class Database final {
public:
    /// Opens a file to add results to it; makes it where there is none, or an empty one.
    static std::expected<Database, Error> open_to_add(const std::string& path);

    /// Opens a file to read it; nothing is written into it.
    static std::expected<Database, Error> open_to_read(const std::string& path);

    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) = delete;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    /// Begins a run, which is marked as unfinished from now on. The database must outlive it, and
    /// not be moved meanwhile.
    std::expected<Run, Error> begin(const RunStart& start);

    /// Goes on with the latest run of this command if that is unfinished; else begins one.
    std::expected<Run, Error> resume(const RunStart& start);

    /// Returns all runs, oldest first.
    std::expected<std::vector<RunInfo>, Error> runs() const;

    /// What takes one result after the other; false ends the reading.
    using Take = std::function<bool(evidence::Result)>;

    /// Gives the results of a run in the order in which they were added.
    std::expected<void, Error> results_of(std::int64_t run, const Take& take) const;

    /// One result of a target's history.
    struct Past {
        std::int64_t run{};
        evidence::Result result{};
    };

    /// Returns the results of one target (evidence::identity_of), oldest run first.
    std::expected<std::vector<Past>, Error> history_of(std::string_view identity) const;

private:
    explicit Database(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> connection_;
};

} // namespace tlsdoctor::store
