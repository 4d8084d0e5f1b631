// SPDX-License-Identifier: Apache-2.0
// Writes the rows of one result: all of them or none, as the batch that they are in is committed as
// a whole.
#include "store/run.hpp"

#include <chrono>
#include <unordered_map>

#include <fmt/core.h>

#include "evidence/result.hpp"
#include "registry/version.hpp"
#include "store/statement.hpp"

namespace tlsdoctor::store {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr SteadyClock::duration k_longest_wait = std::chrono::seconds{1};
/// A batch is kept in memory until it is committed.
constexpr std::size_t k_most_pending = 2'000;
constexpr std::size_t k_most_pending_bytes = std::size_t{8} << 20U;

/// The statements that a result needs.
struct Inserts {
    Statement target;
    Statement target_id;
    Statement result;
    Statement finding;
    Statement endpoint;
    Statement version;
    Statement suite_name;
    Statement suite;
};

std::expected<Inserts, Error> prepared_inserts(const Connection& connection) {
    std::optional<Error> error;
    const auto prepare = [&](const char* sql) {
        auto statement = Statement::prepare(connection, sql);
        if (!statement && !error) {
            error = std::move(statement.error());
        }
        return statement ? *std::move(statement) : Statement{};
    };
    Inserts inserts{
        .target = prepare("INSERT OR IGNORE INTO targets (identity, host, port, sni, starttls)"
                          " VALUES (?, ?, ?, ?, ?)"),
        .target_id = prepare("SELECT id FROM targets WHERE identity = ?"),
        .result = prepare(
            "INSERT INTO results (run, target, started, elapsed_ms, status, cause, side,"
            " confidence, summary, interrupted, document) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (run, target) DO NOTHING RETURNING id"
        ),
        .finding = prepare("INSERT INTO findings (result, position, cause) VALUES (?, ?, ?)"),
        .endpoint =
            prepare("INSERT INTO endpoints (result, address, port, state, protocol, stack, trust,"
                    " certificate_sha256, certificate_expires, certificate_key)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"),
        .version = prepare("INSERT OR IGNORE INTO versions (endpoint, version, outcome)"
                           " VALUES (?, ?, ?)"),
        .suite_name = prepare("INSERT INTO suite_names (name) VALUES (?) ON CONFLICT (name)"
                              " DO UPDATE SET name = name RETURNING id"),
        .suite = prepare("INSERT OR IGNORE INTO accepted_suites (endpoint, version, position,"
                         " suite) VALUES (?, ?, ?, ?)"),
    };
    if (error) {
        return std::unexpected(*std::move(error));
    }
    return inserts;
}

/// Runs a statement that yields one number; nullopt where it yields none.
std::expected<std::optional<std::int64_t>, Error> one_number(Statement& statement) {
    auto row = statement.row();
    if (!row) {
        return std::unexpected(std::move(row.error()));
    }
    if (!*row) {
        return std::nullopt;
    }
    const std::int64_t number = statement.number(0);
    row = statement.row();
    if (!row) {
        return std::unexpected(std::move(row.error()));
    }
    return number;
}

Error ended_before(const Connection& connection) {
    return {.what = "an earlier error ended the run", .where = connection.path()};
}

} // namespace

struct Run::Writer {
    Connection& connection;
    std::int64_t id{};
    Inserts inserts;
    std::unordered_map<std::string, std::int64_t> suite_ids{}; ///< some hundreds, bounded below
    std::size_t pending{};
    std::size_t pending_bytes{};
    SteadyClock::time_point committed{SteadyClock::now()};
    bool failed{}; ///< nothing more is written

    std::expected<void, Error> begin_batch();
    std::expected<void, Error> commit();
    std::expected<void, Error> put(const evidence::Result& result, std::string_view document);
    std::expected<std::int64_t, Error> target_of(const evidence::Result& result);
    std::expected<void, Error> put_endpoint(std::int64_t of, const evidence::ResultEndpoint& one);
    std::expected<void, Error>
    put_suites(std::int64_t endpoint, const evidence::ResultSuites& suites);
    std::expected<std::int64_t, Error> suite_id(const std::string& name);
};

std::expected<void, Error> Run::Writer::begin_batch() {
    return connection.in_transaction() ? std::expected<void, Error>{}
                                       : connection.run("BEGIN IMMEDIATE");
}

std::expected<void, Error> Run::Writer::commit() {
    pending = 0;
    pending_bytes = 0;
    committed = SteadyClock::now();
    return connection.in_transaction() ? connection.run("COMMIT") : std::expected<void, Error>{};
}

std::expected<std::int64_t, Error> Run::Writer::target_of(const evidence::Result& result) {
    const std::string identity = evidence::identity_of(result);
    Statement& insert = inserts.target.set(1, std::string_view{identity});
    insert.set(2, std::string_view{result.host}).set(3, std::int64_t{result.port});
    const auto put = insert.set(4, result.sni).set(5, result.starttls).run();
    if (!put) {
        return std::unexpected(put.error());
    }
    auto found = one_number(inserts.target_id.set(1, std::string_view{identity}));
    if (!found) {
        return std::unexpected(std::move(found.error()));
    }
    return found->value_or(0);
}

std::expected<void, Error>
Run::Writer::put(const evidence::Result& result, std::string_view document) {
    const auto target = target_of(result);
    if (!target) {
        return std::unexpected(target.error());
    }
    Statement& insert = inserts.result.set(1, id).set(2, *target);
    insert.set(3, std::string_view{result.started}).set(4, result.elapsed_ms);
    insert.set(5, std::string_view{result.status}).set(6, std::string_view{result.cause});
    insert.set(7, std::string_view{result.side}).set(8, std::string_view{result.confidence});
    insert.set(9, std::string_view{result.summary});
    const auto row = one_number(insert.set(10, std::int64_t{result.interrupted}).set(11, document));
    if (!row) {
        return std::unexpected(row.error());
    }
    if (!*row) {
        return {}; // this target has its result already
    }
    std::int64_t position = 0;
    for (const std::string& cause : result.findings) {
        inserts.finding.set(1, **row).set(2, position++);
        if (auto put = inserts.finding.set(3, std::string_view{cause}).run(); !put) {
            return put;
        }
    }
    for (const evidence::ResultEndpoint& endpoint : result.endpoints) {
        if (auto put = put_endpoint(**row, endpoint); !put) {
            return put;
        }
    }
    return {};
}

std::expected<void, Error>
Run::Writer::put_endpoint(std::int64_t of, const evidence::ResultEndpoint& one) {
    Statement& insert = inserts.endpoint.set(1, of).set_or_null(2, one.address);
    insert.set(3, std::int64_t{one.port}).set_or_null(4, one.state).set_or_null(5, one.protocol);
    insert.set_or_null(6, one.stack).set_or_null(7, one.trust);
    insert.set_or_null(8, one.certificate_sha256).set_or_null(9, one.certificate_expires);
    const auto endpoint = one_number(insert.set_or_null(10, one.certificate_key));
    if (!endpoint) {
        return std::unexpected(endpoint.error());
    }
    const std::int64_t number = endpoint->value_or(0);
    for (const evidence::ResultVersion& version : one.versions) {
        const std::string name = name_of(version.version);
        inserts.version.set(1, number).set(2, std::string_view{name});
        if (auto put = inserts.version.set(3, std::string_view{version.outcome}).run(); !put) {
            return put;
        }
    }
    for (const evidence::ResultSuites& suites : one.cipher_suites) {
        if (auto put = put_suites(number, suites); !put) {
            return put;
        }
    }
    return {};
}

std::expected<void, Error>
Run::Writer::put_suites(std::int64_t endpoint, const evidence::ResultSuites& suites) {
    const std::string version = name_of(suites.version);
    std::int64_t position = 0;
    for (const std::string& name : suites.names) {
        const auto suite = suite_id(name);
        if (!suite) {
            return std::unexpected(suite.error());
        }
        inserts.suite.set(1, endpoint).set(2, std::string_view{version});
        if (auto put = inserts.suite.set(3, position++).set(4, *suite).run(); !put) {
            return put;
        }
    }
    return {};
}

std::expected<std::int64_t, Error> Run::Writer::suite_id(const std::string& name) {
    constexpr std::size_t most = 4'096; // names of any origin: the memory stays bounded
    if (const auto known = suite_ids.find(name); known != suite_ids.end()) {
        return known->second;
    }
    auto found = one_number(inserts.suite_name.set(1, std::string_view{name}));
    if (!found) {
        return std::unexpected(std::move(found.error()));
    }
    if (suite_ids.size() < most) {
        suite_ids.emplace(name, found->value_or(0));
    }
    return found->value_or(0);
}

Run::Run(std::unique_ptr<Writer> writer) : writer_{std::move(writer)} {}

Run::Run(Run&& other) noexcept = default;

Run::~Run() {
    if (writer_ && !writer_->failed) {
        static_cast<void>(writer_->commit());
    }
}

std::expected<Run, Error> Run::open(Connection& connection, std::int64_t id) {
    auto inserts = prepared_inserts(connection);
    if (!inserts) {
        return std::unexpected(std::move(inserts.error()));
    }
    return Run{std::unique_ptr<Writer>{
        std::make_unique<Writer>(Writer{connection, id, *std::move(inserts)})
    }};
}

std::expected<void, Error> Run::add(std::string_view json) {
    const auto kept = evidence::read_to_keep(json);
    if (!kept) {
        return std::unexpected(Error{
            .what = fmt::format("no result to keep: {}", kept.error()),
            .where = writer_->connection.path(),
        });
    }
    if (writer_->failed) {
        return std::unexpected(ended_before(writer_->connection));
    }
    auto done = writer_->begin_batch();
    if (done) {
        done = writer_->put(kept->result, kept->document);
    }
    ++writer_->pending;
    writer_->pending_bytes += kept->document.size();
    const bool full =
        writer_->pending >= k_most_pending || writer_->pending_bytes >= k_most_pending_bytes;
    if (done) {
        done = full ? writer_->commit() : tick();
    }
    if (!done) {
        writer_->failed = true;
        if (writer_->connection.in_transaction()) {
            static_cast<void>(writer_->connection.run("ROLLBACK"));
        }
    }
    return done;
}

std::expected<void, Error> Run::tick() {
    if (writer_->pending == 0 || SteadyClock::now() - writer_->committed < k_longest_wait) {
        return {};
    }
    return writer_->commit();
}

std::expected<void, Error> Run::finish(std::string_view finished, bool interrupted) {
    if (writer_->failed) {
        return std::unexpected(ended_before(writer_->connection));
    }
    auto update = Statement::prepare(
        writer_->connection, "UPDATE runs SET finished = ?, interrupted = ? WHERE id = ?"
    );
    if (!update) {
        return std::unexpected(std::move(update.error()));
    }
    auto done = writer_->begin_batch();
    if (done) {
        done = update->set(1, finished).set(2, std::int64_t{interrupted}).set(3, writer_->id).run();
    }
    return done ? writer_->commit() : done;
}

std::int64_t Run::id() const {
    return writer_->id;
}

} // namespace tlsdoctor::store
