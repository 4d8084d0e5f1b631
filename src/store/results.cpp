// SPDX-License-Identifier: Apache-2.0
// Reads results back, from the documents: what files say and what a database says is then the same
// by construction.
#include "store/database.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "store/statement.hpp"

namespace tlsdoctor::store {

namespace {

/// Reads the document in a column; the error names the row.
std::expected<evidence::Result, Error>
result_in(const Statement& row, int column, std::int64_t id, const std::string& path) {
    auto result = evidence::read_result(row.text(column));
    if (!result) {
        return std::unexpected(
            Error{.what = fmt::format("result {}: {}", id, result.error()), .where = harmless(path)}
        );
    }
    return *std::move(result);
}

} // namespace

std::expected<void, Error> Database::results_of(std::int64_t run, const Take& take) const {
    auto select = Statement::prepare(
        *connection_, "SELECT id, document FROM results WHERE run = ? ORDER BY id"
    );
    if (!select) {
        return std::unexpected(std::move(select.error()));
    }
    select->set(1, run);
    auto row = select->row();
    for (; row && *row; row = select->row()) {
        auto result = result_in(*select, 1, select->number(0), connection_->path());
        if (!result) {
            return std::unexpected(std::move(result.error()));
        }
        if (!take(*std::move(result))) {
            return {};
        }
    }
    if (!row) {
        return std::unexpected(std::move(row.error()));
    }
    return {};
}

std::expected<std::vector<Database::Past>, Error> Database::history_of(std::string_view identity
) const {
    auto select = Statement::prepare(
        *connection_, "SELECT results.id, run, document FROM results JOIN targets"
                      " ON targets.id = target WHERE identity = ? ORDER BY run"
    );
    if (!select) {
        return std::unexpected(std::move(select.error()));
    }
    select->set(1, identity);
    std::vector<Past> found;
    auto row = select->row();
    for (; row && *row; row = select->row()) {
        auto result = result_in(*select, 2, select->number(0), connection_->path());
        if (!result) {
            return std::unexpected(std::move(result.error()));
        }
        found.push_back({.run = select->number(1), .result = *std::move(result)});
    }
    if (!row) {
        return std::unexpected(std::move(row.error()));
    }
    return found;
}

} // namespace tlsdoctor::store
