// SPDX-License-Identifier: Apache-2.0
// Tables, and whose they are. Numbers and words are those of the JSON, so that a query reads like
// the manual of `check --json`.
#include "store/schema.hpp"

#include <fmt/core.h>

namespace tlsdoctor::store {

namespace {

constexpr const char* k_tables = R"sql(
CREATE TABLE runs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    command      TEXT NOT NULL,
    arguments    TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    data_date    TEXT NOT NULL,
    started      TEXT NOT NULL,
    finished     TEXT,
    interrupted  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE targets (
    id       INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,
    host     TEXT NOT NULL,
    port     INTEGER NOT NULL,
    sni      TEXT,
    starttls TEXT
) STRICT;
CREATE TABLE results (
    id          INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    target      INTEGER NOT NULL REFERENCES targets (id),
    started     TEXT NOT NULL,
    elapsed_ms  REAL NOT NULL,
    status      TEXT NOT NULL,
    cause       TEXT NOT NULL,
    side        TEXT NOT NULL,
    confidence  TEXT NOT NULL,
    summary     TEXT NOT NULL,
    interrupted INTEGER NOT NULL,
    document    TEXT NOT NULL,
    UNIQUE (run, target)
) STRICT;
CREATE INDEX results_of_target ON results (target);
CREATE TABLE findings (
    result   INTEGER NOT NULL REFERENCES results (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    cause    TEXT NOT NULL,
    PRIMARY KEY (result, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE endpoints (
    id                  INTEGER PRIMARY KEY,
    result              INTEGER NOT NULL REFERENCES results (id) ON DELETE CASCADE,
    address             TEXT,
    port                INTEGER NOT NULL,
    state               TEXT,
    protocol            TEXT,
    stack               TEXT,
    trust               TEXT,
    certificate_sha256  TEXT,
    certificate_expires TEXT,
    certificate_key     TEXT
) STRICT;
CREATE INDEX endpoints_of_result ON endpoints (result);
CREATE TABLE versions (
    endpoint INTEGER NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
    version  TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    PRIMARY KEY (endpoint, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE suite_names (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE accepted_suites (
    endpoint INTEGER NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
    version  TEXT NOT NULL,
    position INTEGER NOT NULL,
    suite    INTEGER NOT NULL REFERENCES suite_names (id),
    PRIMARY KEY (endpoint, version, position)
) STRICT, WITHOUT ROWID;
CREATE VIEW cipher_suites (endpoint, version, position, name) AS
    SELECT endpoint, version, position, name
    FROM accepted_suites JOIN suite_names ON suite_names.id = suite;
)sql";

Error refused(const Connection& connection, std::string what) {
    return {.what = std::move(what), .where = connection.path()};
}

} // namespace

std::expected<bool, Error> is_blank(Connection& connection) {
    const auto objects = connection.number("SELECT count(*) FROM sqlite_schema");
    if (!objects) {
        return std::unexpected(objects.error());
    }
    const auto application = connection.number("PRAGMA application_id");
    const auto version = connection.number("PRAGMA user_version");
    return *objects == 0 && application == 0 && version == 0;
}

std::expected<void, Error> create_tables(Connection& connection) {
    const std::string marks = fmt::format(
        "PRAGMA application_id = {}; PRAGMA user_version = {}", k_application_id, k_schema_version
    );
    auto done = connection.run("BEGIN IMMEDIATE");
    if (!done) {
        return done;
    }
    // Another program may have been first while this one waited.
    const auto blank = is_blank(connection);
    if (blank && *blank) {
        done = connection.run(k_tables);
        if (done) {
            done = connection.run(marks.c_str());
        }
    }
    if (done) {
        done = connection.run("COMMIT");
    }
    if (connection.in_transaction()) {
        static_cast<void>(connection.run("ROLLBACK"));
    }
    return done;
}

std::expected<void, Error> check_tables(Connection& connection) {
    const auto application = connection.number("PRAGMA application_id");
    if (!application) {
        return std::unexpected(application.error());
    }
    if (*application != k_application_id) {
        return std::unexpected(refused(connection, "this is a database of another program"));
    }
    const auto version = connection.number("PRAGMA user_version");
    if (!version) {
        return std::unexpected(version.error());
    }
    if (*version > k_schema_version) {
        return std::unexpected(refused(
            connection, fmt::format(
                            "the database has version {} of the tables, written by a later "
                            "tlsdoctor; this one reads version {}",
                            *version, k_schema_version
                        )
        ));
    }
    if (*version < 1) { // older ones will be brought up to date here, once there are any
        return std::unexpected(refused(
            connection, fmt::format("the database has no version of the tables ({})", *version)
        ));
    }
    return {};
}

} // namespace tlsdoctor::store
