// SPDX-License-Identifier: Apache-2.0
// What was committed is there, whatever happened since; what is not ours stays as it is.
#include "store/database.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sqlite3.h>

#include "cli/folder.hpp"

namespace tlsdoctor::store {

namespace {

using tlsdoctor::test::content;
using tlsdoctor::test::Folder;

std::string line_of(const std::string& host, const std::string& cause = "healthy") {
    const std::string status = cause == "healthy" ? "ok" : "fail";
    return fmt::format(
        R"({{"schema":"tlsdoctor/1","command":"scan","target":{{"input":"{0}","host":"{0}","port":443,"sni":"{0}","starttls":null}},)"
        R"("started":"2026-11-23T10:00:00Z","elapsed_ms":41,"interrupted":false,)"
        R"("verdict":{{"status":"{1}","cause":"{2}","side":"server","confidence":"proven","summary":"It's \"so\"."}},)"
        R"("findings":[{{"cause":"{2}"}},{{"cause":"no_tls13"}}],"endpoints":[{{"address":"192.0.2.7","port":443,"state":"open",)"
        R"("protocol":"tls","versions":[{{"version":"TLS 1.2","outcome":"accepted"}},{{"version":"TLS 1.3","outcome":"refused"}}],)"
        R"("cipher_suites":[{{"version":"TLS 1.2","accepted":["TLS_A","TLS_B"]}}],"certificates":[{{"sha256":"00ff","not_after":"2027-01-01T00:00:00Z","key":"RSA 2048"}}],)"
        R"("stack":{{"name":"OpenSSL 3.0"}}}}],"clients":[{{"id":"x"}}],"evidence":[{{"id":"e1"}}]}})"
        "\n",
        host, status, cause
    );
}

const RunStart k_start{
    .command = "scan",
    .arguments = "scan -iL hosts.txt",
    .tool_version = "0.1.0",
    .data_date = "2026-11-23",
    .started = "2026-11-23T10:00:00Z"
};

std::vector<std::string> hosts_of(const Database& database, std::int64_t run) {
    std::vector<std::string> hosts;
    const auto read = database.results_of(run, [&](const evidence::Result& result) {
        hosts.push_back(result.host);
        return true;
    });
    REQUIRE(read.has_value());
    return hosts;
}

/// What a user's own query says.
std::string asked(const std::string& file, const std::string& sql) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
    std::string answer;
    const auto collect = [](void* out, int count, char** values, char** /*names*/) {
        auto& text = *static_cast<std::string*>(out);
        for (int i = 0; i < count; ++i) {
            text += (i == 0 ? "" : "|") + std::string{values[i] != nullptr ? values[i] : "NULL"};
        }
        text += "\n";
        return 0;
    };
    char* error = nullptr;
    sqlite3_exec(database, sql.c_str(), collect, &answer, &error);
    if (error != nullptr) {
        answer += error;
        sqlite3_free(error);
    }
    sqlite3_close(database);
    return answer;
}

void make_runs(const std::string& file) {
    auto database = Database::open_to_add(file);
    REQUIRE(database.has_value());
    for (const char* cause : {"healthy", "server_only_tls13"}) {
        auto run = database->begin(k_start);
        REQUIRE(run.has_value());
        CHECK(run->add(line_of("a.example", cause)).has_value());
        CHECK(run->add(line_of("b.example")).has_value());
        CHECK(run->finish("2026-11-23T10:01:00Z", false).has_value());
    }
}

} // namespace

TEST_CASE("runs come back with their results, in their order") {
    const Folder folder;
    const std::string file = folder.file("r.db");
    make_runs(file);
    CHECK(folder.count() == 1); // no journal is left
    const auto database = Database::open_to_read(file);
    REQUIRE(database.has_value());
    const auto runs = database->runs();
    REQUIRE(runs.has_value());
    REQUIRE(runs->size() == 2);
    CHECK(runs->front().command == "scan");
    CHECK(runs->front().arguments == "scan -iL hosts.txt");
    CHECK(runs->front().finished == "2026-11-23T10:01:00Z");
    CHECK(runs->front().is_complete());
    CHECK(runs->front().targets == 2);
    CHECK(
        hosts_of(*database, runs->front().id) == std::vector<std::string>{"a.example", "b.example"}
    );
    CHECK(hosts_of(*database, 99).empty());
    const auto history = database->history_of("a.example:443");
    REQUIRE(history.has_value());
    REQUIRE(history->size() == 2);
    CHECK((*history)[0].result.cause == "healthy");
    CHECK((*history)[1].result.cause == "server_only_tls13");
    CHECK((*history)[1].result.endpoints.front().cipher_suites.front().names.size() == 2);
    CHECK(database->history_of("x' OR 1=1").value().empty());
}

TEST_CASE("the tables say what the documents say") {
    const Folder folder;
    const std::string file = folder.file("r.db");
    make_runs(file);
    const struct {
        const char* sql;
        const char* answer;
    } cases[] = {
        {"SELECT count(*), min(summary) FROM results", "4|It's \"so\".\n"},
        {"SELECT identity, host, port, sni, starttls FROM targets ORDER BY identity LIMIT 1",
         "a.example:443|a.example|443|a.example|NULL\n"},
        {"SELECT position, cause FROM findings WHERE result = 1", "0|healthy\n1|no_tls13\n"},
        {"SELECT address, state, protocol, stack, trust, certificate_key FROM endpoints LIMIT 1",
         "192.0.2.7|open|tls|OpenSSL 3.0|NULL|RSA 2048\n"},
        {"SELECT version, outcome FROM versions WHERE endpoint = 1",
         "TLS 1.2|accepted\nTLS 1.3|refused\n"},
        {"SELECT version, position, name FROM cipher_suites WHERE endpoint = 1",
         "TLS 1.2|0|TLS_A\nTLS 1.2|1|TLS_B\n"},
        {"SELECT count(*) FROM suite_names", "2\n"},
        {"SELECT json_extract(document, '$.verdict.cause') FROM results WHERE id = 1", "healthy\n"},
        {"SELECT json_extract(document, '$.evidence'), json_extract(document, '$.clients')"
         " FROM results WHERE id = 1",
         "NULL|NULL\n"},
        {"PRAGMA integrity_check", "ok\n"},
        {"PRAGMA foreign_key_check", ""},
        {"PRAGMA user_version", "1\n"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.sql);
        CHECK(asked(file, c.sql) == c.answer);
    }
}

TEST_CASE("a second result of a target is left out, and what is no result is refused") {
    const Folder folder;
    auto database = Database::open_to_add(folder.file("r.db"));
    REQUIRE(database.has_value());
    auto run = database->begin(k_start);
    REQUIRE(run.has_value());
    CHECK(run->add(line_of("a.example")).has_value());
    CHECK(run->add(line_of("A.example", "port_closed")).has_value());
    const auto refused = run->add("{}");
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().what.contains("the member 'schema' is missing"));
    CHECK(run->add(line_of("b.example")).has_value()); // the run goes on
    CHECK(run->finish("2026-11-23T10:01:00Z", false).has_value());
    CHECK(hosts_of(*database, run->id()) == std::vector<std::string>{"a.example", "b.example"});
}

TEST_CASE("a run that was not finished stays readable, is marked, and can be gone on with") {
    const Folder folder;
    const std::string file = folder.file("r.db");
    {
        auto database = Database::open_to_add(file);
        REQUIRE(database.has_value());
        auto run = database->begin(k_start);
        REQUIRE(run.has_value());
        CHECK(run->add(line_of("a.example")).has_value());
    }
    auto database = Database::open_to_add(file);
    REQUIRE(database.has_value());
    REQUIRE(database->runs()->size() == 1);
    CHECK_FALSE(database->runs()->front().is_complete());
    CHECK(hosts_of(*database, 1).size() == 1);
    {
        auto run = database->resume(k_start);
        REQUIRE(run.has_value());
        CHECK(run->id() == 1);
        CHECK(run->add(line_of("a.example")).has_value());
        CHECK(run->add(line_of("b.example")).has_value());
        CHECK(run->finish("2026-11-23T10:02:00Z", true).has_value());
    }
    CHECK(database->runs()->front().interrupted);
    CHECK_FALSE(database->runs()->front().is_complete());
    CHECK(hosts_of(*database, 1).size() == 2);
    CHECK(database->resume(k_start)->finish("2026-11-23T10:03:00Z", false).has_value());
    CHECK(database->runs()->front().is_complete());
    CHECK(database->resume(k_start)->id() == 2);
}

TEST_CASE("a reader sees what was committed while another one writes") {
    const Folder folder;
    const std::string file = folder.file("r.db");
    auto writer = Database::open_to_add(file);
    REQUIRE(writer.has_value());
    auto run = writer->begin(k_start);
    REQUIRE(run.has_value());
    for (int i = 0; i < 2'100; ++i) { // a whole batch, and a part of one
        REQUIRE(run->add(line_of(fmt::format("h{}.example", i))).has_value());
    }
    const auto reader = Database::open_to_read(file);
    REQUIRE(reader.has_value());
    // A batch ends with its second, too: how much of the part is there depends on this machine.
    const std::size_t seen = hosts_of(*reader, run->id()).size();
    CHECK(seen > 0);
    CHECK(seen <= 2'100);
}

TEST_CASE("files that are not ours are refused and stay as they are") {
    const Folder folder;
    const std::string foreign = folder.file("foreign.db");
    asked(foreign, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    const std::string marked = folder.file("marked.db");
    asked(marked, "PRAGMA user_version = 7");
    const std::string newer = folder.file("newer.db");
    make_runs(newer);
    asked(newer, "PRAGMA user_version = 2");
    const std::string cut = folder.file("cut.db");
    make_runs(cut);
    std::filesystem::resize_file(cut, 3 * 4'096 + 17);
    const struct {
        const char* name;
        std::string file;
        const char* error;
    } cases[] = {
        {"text", folder.file("text", std::string(5'000, 'x')), "the file is no database"},
        {"another program's", foreign, "this is a database of another program"},
        {"another program's mark", marked, "this is a database of another program"},
        {"a later version", newer, "written by a later tlsdoctor"},
        {"a part", cut, "the database is damaged"},
        {"a folder", folder.file(""), "a database must be a regular file"},
        {"a device", "/dev/null", "a database must be a regular file"},
        {"no folder", folder.file("none/r.db"), "No such file"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        const bool there = std::filesystem::is_regular_file(c.file);
        const std::string before = there ? content(c.file) : "";
        const auto to_add = Database::open_to_add(c.file);
        if (to_add.has_value()) { // SQLite tells only where it needs the lost part
            CHECK(std::string{c.name} == "a part");
        } else {
            CHECK_MESSAGE(
                (to_add.error().what.contains(c.error) || c.name == std::string{"no folder"}),
                in_words(to_add.error())
            );
        }
        const auto to_read = Database::open_to_read(c.file);
        CHECK((!to_read.has_value() || !to_read->runs().has_value()));
        CHECK((!there || content(c.file) == before));
    }
    CHECK_FALSE(std::filesystem::exists(folder.file("none")));
}

TEST_CASE("an absent file is made to add to, and not to read") {
    const Folder folder;
    CHECK_FALSE(Database::open_to_read(folder.file("r.db")).has_value());
    CHECK(folder.count() == 0);
    CHECK(Database::open_to_add(folder.file("empty.db", "")).has_value());
    CHECK(Database::open_to_add(folder.file("r.db")).has_value());
    CHECK(Database::open_to_read(folder.file("r.db"))->runs()->empty());
}

TEST_CASE("a database with missing tables gives an error, not a crash") {
    const Folder folder;
    const std::string file = folder.file("r.db");
    make_runs(file);
    asked(file, "DROP TABLE versions; UPDATE results SET document = '{' WHERE id = 2");
    auto database = Database::open_to_add(file);
    REQUIRE(database.has_value());
    CHECK_FALSE(database->begin(k_start).has_value());
    const auto read = database->results_of(1, [](const evidence::Result&) { return true; });
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().what.starts_with("result 2: "));
}

} // namespace tlsdoctor::store
