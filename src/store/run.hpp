// SPDX-License-Identifier: Apache-2.0
// One run of `check` or `scan` as it goes into the database: results are committed in batches, so
// that a fleet does not wait for the disk, and at most a second's worth is lost with the process.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "store/error.hpp"

namespace tlsdoctor::store {

class Connection;

/// What is known when a run begins.
struct RunStart {
    std::string command{};   ///< `check` or `scan`
    std::string arguments{}; ///< the command line, for people
    std::string tool_version{};
    std::string data_date{};
    std::string started{}; ///< RFC 3339
};

/// A run as the database knows it.
struct RunInfo {
    std::int64_t id{};
    std::string command{};
    std::string arguments{};
    std::string tool_version{};
    std::string data_date{};
    std::string started{};
    std::optional<std::string> finished{}; ///< nullopt: it goes on, or was killed
    bool interrupted{};                    ///< the user ended it early
    std::int64_t targets{};                ///< results that it has

    /// Tells whether every target of the run was done.
    bool is_complete() const { return finished.has_value() && !interrupted; }
};

/// A run that is being written. After an error nothing more can be added; what was committed stays.
class Run final {
public:
    Run(Run&& other) noexcept;
    Run& operator=(Run&& other) = delete;
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    /// Commits what was added; the run stays unfinished.
    ~Run();

    /// Adds the JSON of one target, a document or a line. A second result of one target is left
    /// out. Commits where the last time was a second ago, or where much has come since.
    std::expected<void, Error> add(std::string_view json);

    /// Commits what waits for longer than a second; to be called where no results come.
    std::expected<void, Error> tick();

    /// Marks the run as finished (RFC 3339) and commits; `interrupted`: it was cut by the user.
    std::expected<void, Error> finish(std::string_view finished, bool interrupted);

    /// Returns the run's number.
    std::int64_t id() const;

private:
    friend class Database;
    struct Writer;
    explicit Run(std::unique_ptr<Writer> writer);

    static std::expected<Run, Error> open(Connection& connection, std::int64_t id);

    std::unique_ptr<Writer> writer_;
};

} // namespace tlsdoctor::store
