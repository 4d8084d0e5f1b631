// SPDX-License-Identifier: Apache-2.0
// Opens files, and lists their runs. A rollback journal and not a WAL: the file stays one file that
// can be copied, and it works on network disks (docs/adr/0061-sqlite.md).
#include "store/database.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/text.hpp"
#include "store/schema.hpp"
#include "store/statement.hpp"

namespace tlsdoctor::store {

namespace {

/// Says why a path cannot be a database; empty where it can. SQLite itself would wait on a pipe.
std::optional<Error> unsuitable(const std::string& path, bool must_exist) {
    struct stat there{};
    const auto refuse = [&](std::string what) {
        return Error{.what = std::move(what), .where = harmless(path)};
    };
    if (stat(path.c_str(), &there) != 0) {
        const bool absent = errno == ENOENT;
        return absent && !must_exist ? std::nullopt : std::optional{refuse(std::strerror(errno))};
    }
    if (!S_ISREG(there.st_mode)) {
        return refuse("a database must be a regular file");
    }
    return std::nullopt;
}

std::expected<std::unique_ptr<Connection>, Error> opened(const std::string& path, int flags) {
    auto connection = Connection::open(path, flags);
    if (!connection) {
        return std::unexpected(std::move(connection.error()));
    }
    return std::make_unique<Connection>(std::move(*connection));
}

/// Runs what a row of `runs` says.
RunInfo run_in(const Statement& row) {
    return {
        .id = row.number(0),
        .command = std::string{row.text(1)},
        .arguments = std::string{row.text(2)},
        .tool_version = std::string{row.text(3)},
        .data_date = std::string{row.text(4)},
        .started = std::string{row.text(5)},
        .finished =
            row.is_null(6) ? std::nullopt : std::optional<std::string>{std::string{row.text(6)}},
        .interrupted = row.number(7) != 0,
        .targets = row.number(8),
    };
}

} // namespace

Database::Database(std::unique_ptr<Connection> connection) : connection_{std::move(connection)} {}

Database::Database(Database&& other) noexcept = default;

Database::~Database() = default;

std::expected<Database, Error> Database::open_to_add(const std::string& path) {
    if (auto error = unsuitable(path, false)) {
        return std::unexpected(*std::move(error));
    }
    auto connection = opened(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!connection) {
        return std::unexpected(std::move(connection.error()));
    }
    const auto blank = is_blank(**connection);
    if (!blank) {
        return std::unexpected(blank.error());
    }
    auto ready = *blank ? create_tables(**connection) : std::expected<void, Error>{};
    if (ready) {
        ready = check_tables(**connection);
    }
    if (ready) {
        // NORMAL would be enough against a killed process; a machine that loses power is rarer
        // than a commit a second is dear.
        ready = (*connection)->run("PRAGMA synchronous = FULL; PRAGMA cache_size = -16384");
    }
    if (!ready) {
        return std::unexpected(std::move(ready.error()));
    }
    return Database{*std::move(connection)};
}

std::expected<Database, Error> Database::open_to_read(const std::string& path) {
    if (auto error = unsuitable(path, true)) {
        return std::unexpected(*std::move(error));
    }
    // For writing where that is allowed: what a killed process left half written is rolled back
    // then, and could not be read otherwise.
    auto connection = opened(path, SQLITE_OPEN_READWRITE);
    if (!connection) {
        connection = opened(path, SQLITE_OPEN_READONLY);
    }
    if (!connection) {
        return std::unexpected(std::move(connection.error()));
    }
    auto ready = check_tables(**connection);
    if (ready) {
        ready = (*connection)->run("PRAGMA query_only = 1");
    }
    if (!ready) {
        return std::unexpected(std::move(ready.error()));
    }
    return Database{*std::move(connection)};
}

std::expected<Run, Error> Database::begin(const RunStart& start) {
    auto insert = Statement::prepare(
        *connection_, "INSERT INTO runs (command, arguments, tool_version, data_date, started)"
                      " VALUES (?, ?, ?, ?, ?) RETURNING id"
    );
    if (!insert) {
        return std::unexpected(std::move(insert.error()));
    }
    insert->set(1, std::string_view{start.command}).set(2, std::string_view{start.arguments});
    insert->set(3, std::string_view{start.tool_version}).set(4, std::string_view{start.data_date});
    const auto row = insert->set(5, std::string_view{start.started}).row();
    if (!row) {
        return std::unexpected(row.error());
    }
    const std::int64_t id = insert->number(0);
    if (const auto end = insert->row(); !end) { // commits
        return std::unexpected(end.error());
    }
    return Run::open(*connection_, id);
}

std::expected<Run, Error> Database::resume(const RunStart& start) {
    const auto all = runs();
    if (!all) {
        return std::unexpected(all.error());
    }
    for (auto run = all->rbegin(); run != all->rend(); ++run) {
        if (run->command == start.command) {
            return run->is_complete() ? begin(start) : Run::open(*connection_, run->id);
        }
    }
    return begin(start);
}

std::expected<std::vector<RunInfo>, Error> Database::runs() const {
    auto select = Statement::prepare(
        *connection_,
        "SELECT id, command, arguments, tool_version, data_date, started, finished, interrupted,"
        " (SELECT count(*) FROM results WHERE run = runs.id) FROM runs ORDER BY id"
    );
    if (!select) {
        return std::unexpected(std::move(select.error()));
    }
    std::vector<RunInfo> found;
    auto row = select->row();
    for (; row && *row; row = select->row()) {
        found.push_back(run_in(*select));
    }
    if (!row) {
        return std::unexpected(std::move(row.error()));
    }
    return found;
}

} // namespace tlsdoctor::store
