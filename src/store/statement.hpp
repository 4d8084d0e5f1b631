// SPDX-License-Identifier: Apache-2.0
// SQLite's handles with owners, and statements whose parameters and columns have types. Private to
// this module, the only one that knows SQLite. The first error sticks in the connection's words.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "store/error.hpp"

namespace tlsdoctor::store {

/// Closes a connection.
struct CloseConnection {
    void operator()(sqlite3* connection) const;
};

/// Ends a statement.
struct EndStatement {
    void operator()(sqlite3_stmt* statement) const;
};

/// One open file.
class Connection final {
public:
    /// Opens with SQLite's flags; says nothing yet of what is in the file.
    static std::expected<Connection, Error> open(const std::string& path, int flags);

    /// Runs statements without results.
    std::expected<void, Error> run(const char* sql);

    /// Returns the number that a statement yields first; 0 where it yields nothing.
    std::expected<std::int64_t, Error> number(const char* sql);

    /// Returns the error of SQLite's code in our words.
    Error failed(int code) const;

    /// Tells whether a transaction is open.
    bool in_transaction() const;

    sqlite3* handle() const { return handle_.get(); }
    const std::string& path() const { return path_; }

private:
    std::unique_ptr<sqlite3, CloseConnection> handle_{};
    std::string path_{};
};

/// One prepared statement; borrows its connection.
class Statement final {
public:
    static std::expected<Statement, Error> prepare(const Connection& connection, const char* sql);

    /// Sets parameter `at`, from 1 on. Text is borrowed until the next `row` is done.
    Statement& set(int at, std::int64_t value);
    Statement& set(int at, std::string_view text);
    Statement& set(int at, double value);
    Statement& set(int at, const std::optional<std::string>& text);
    /// Sets null for empty text.
    Statement& set_or_null(int at, std::string_view text);

    /// Goes to the next row; false after the last one, when it is ready to be run again.
    std::expected<bool, Error> row();

    /// Runs a statement that yields nothing, and makes it ready to be run again.
    std::expected<void, Error> run();

    /// Returns columns of the row, from 0 on. Text is borrowed until the next `row`.
    std::int64_t number(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;
    bool is_null(int column) const;

private:
    std::unique_ptr<sqlite3_stmt, EndStatement> handle_{};
    const Connection* connection_{};
};

} // namespace tlsdoctor::store
