// SPDX-License-Identifier: Apache-2.0
// The thin layer over SQLite's C interface, and its errors in words that say what to do.
#include "store/statement.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::store {

namespace {

constexpr int k_busy_ms = 5'000;
constexpr int k_longest_value = 64 << 20;

/// What the reader of the message can act upon; empty where SQLite's own words are the best.
std::string_view advice_for(int code) {
    switch (code & 0xFF) {
    case SQLITE_NOTADB:
        return "the file is no database";
    case SQLITE_CORRUPT:
        return "the database is damaged";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program is writing to it, and did not finish within 5 seconds";
    case SQLITE_FULL:
        return "the disk is full";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "it cannot be written to";
    case SQLITE_CANTOPEN:
        return "it cannot be opened";
    default:
        return "";
    }
}

} // namespace

std::string in_words(const Error& error) {
    return error.where.empty() ? error.what : fmt::format("{}: {}", error.where, error.what);
}

void CloseConnection::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

void EndStatement::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

std::expected<Connection, Error> Connection::open(const std::string& path, int flags) {
    Connection connection;
    connection.path_ = path;
    // A name such as `:memory:` is a file's name here.
    const std::string name = path.starts_with('/') ? path : "./" + path;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    connection.handle_.reset(handle);
    if (code != SQLITE_OK) {
        return std::unexpected(connection.failed(code));
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, k_busy_ms);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, k_longest_value);
    // The file may come from a stranger: nothing that its schema says may have side effects.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    return connection;
}

std::expected<void, Error> Connection::run(const char* sql) {
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return std::unexpected(failed(code));
    }
    return {};
}

std::expected<std::int64_t, Error> Connection::number(const char* sql) {
    auto statement = Statement::prepare(*this, sql);
    if (!statement) {
        return std::unexpected(std::move(statement.error()));
    }
    const auto found = statement->row();
    if (!found) {
        return std::unexpected(found.error());
    }
    return *found ? statement->number(0) : 0;
}

Error Connection::failed(int code) const {
    const char* const said = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
    const std::string_view advice = advice_for(code);
    return {
        .what = advice.empty() ? harmless(said) : fmt::format("{} ({})", advice, harmless(said)),
        .where = harmless(path_),
    };
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

std::expected<Statement, Error> Statement::prepare(const Connection& connection, const char* sql) {
    Statement statement;
    statement.connection_ = &connection;
    sqlite3_stmt* handle = nullptr;
    const int code = sqlite3_prepare_v3(
        connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr
    );
    statement.handle_.reset(handle);
    if (code != SQLITE_OK) {
        return std::unexpected(connection.failed(code));
    }
    return statement;
}

// A parameter that does not fit (SQLITE_TOOBIG) leaves NULL, which the NOT NULL of its column
// refuses.
Statement& Statement::set(int at, std::int64_t value) {
    sqlite3_bind_int64(handle_.get(), at, value);
    return *this;
}

Statement& Statement::set(int at, std::string_view text) {
    // Not SQLITE_TRANSIENT: the text outlives `row`, and copies would be half of the time.
    sqlite3_bind_text64(
        handle_.get(), at, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8
    );
    return *this;
}

Statement& Statement::set(int at, double value) {
    sqlite3_bind_double(handle_.get(), at, value);
    return *this;
}

Statement& Statement::set(int at, const std::optional<std::string>& text) {
    if (text) {
        return set(at, std::string_view{*text});
    }
    sqlite3_bind_null(handle_.get(), at);
    return *this;
}

Statement& Statement::set_or_null(int at, std::string_view text) {
    if (!text.empty()) {
        return set(at, text);
    }
    sqlite3_bind_null(handle_.get(), at);
    return *this;
}

std::expected<bool, Error> Statement::row() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) {
        return true;
    }
    if (code == SQLITE_DONE) {
        sqlite3_reset(handle_.get());
        return false;
    }
    Error error = connection_->failed(code);
    sqlite3_reset(handle_.get());
    return std::unexpected(std::move(error));
}

std::expected<void, Error> Statement::run() {
    const auto stepped = row();
    if (!stepped) {
        return std::unexpected(stepped.error());
    }
    sqlite3_reset(handle_.get());
    return {};
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
    const unsigned char* const text = sqlite3_column_text(handle_.get(), column);
    if (text == nullptr) {
        return {};
    }
    const int size = sqlite3_column_bytes(handle_.get(), column);
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

} // namespace tlsdoctor::store
