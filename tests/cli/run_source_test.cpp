// SPDX-License-Identifier: Apache-2.0
// The inputs of `diff` and `report`, whole, torn and wrong.
#include "cli/run_source.hpp"

#include <doctest/doctest.h>

#include "cli/document_reader.hpp"
#include "cli/folder.hpp"
#include "store/database.hpp"

using tlsdoctor::cli::DocumentReader;
using tlsdoctor::cli::find_runs;
using tlsdoctor::cli::is_database;
using tlsdoctor::cli::read_run;
using tlsdoctor::cli::RunChoice;
using tlsdoctor::test::Folder;

namespace {

std::string line_for(const std::string& host) {
    return R"({"schema":"tlsdoctor/1","command":"scan","target":{"host":")" + host +
           R"(","port":443,"sni":null},"verdict":{"status":"ok","cause":"healthy"},"note":"{[\"}\\"})"
           "\n";
}

/// What the reader cuts a text into: `1:{...} `, or the error.
std::string cut(std::string_view text, std::size_t block) {
    std::string cuts;
    DocumentReader reader{[&](std::string_view document, std::size_t line) -> std::string {
        cuts += std::to_string(line) + ":" + std::string{document} + " ";
        return document == "{\"bad\":1}" ? "bad" : "";
    }};
    for (std::size_t at = 0; at < text.size(); at += block) {
        const auto fed = reader.feed(text.substr(at, block));
        if (!fed) {
            return cuts + "error " + fed.error();
        }
    }
    const auto whole = reader.finish();
    return cuts + (!whole ? "error " + whole.error() : *whole ? "" : "torn");
}

void make_database(const std::string& file, const std::vector<bool>& finished) {
    auto database = tlsdoctor::store::Database::open_to_add(file);
    REQUIRE(database.has_value());
    for (const bool whole : finished) {
        auto run = database->begin({.command = "scan"});
        REQUIRE(run.has_value());
        REQUIRE(run->add(line_for("a.example")).has_value());
        if (whole) {
            REQUIRE(run->finish("2026-11-23T10:00:00Z", false).has_value());
        }
    }
}

/// `2 3`, or the error.
std::string runs_of(const std::string& operand, RunChoice choice) {
    const auto runs = find_runs(operand, choice);
    if (!runs) {
        return runs.error();
    }
    std::string text;
    for (const auto& run : *runs) {
        text += (text.empty() ? "" : " ") + (run.run ? std::to_string(*run.run) : run.file);
    }
    return text;
}

} // namespace

TEST_CASE("a stream is cut into documents wherever its blocks end") {
    const struct {
        const char* name;
        std::string text;
        std::string cuts;
    } cases[] = {
        {"nothing", "", ""},
        {"lines", "{}\n{\"a\":[1]}\r\n", "1:{} 2:{\"a\":[1]} "},
        {"one over many lines", "{\n \"a\": {\n }\n}\n", "1:{\n \"a\": {\n }\n} "},
        {"braces and quotes in strings", R"({"a":"}\"]\\"})", R"(1:{"a":"}\"]\\"} )"},
        {"no line breaks", "{}{}", "1:{} 1:{} "},
        {"a torn last line", "{}\n{\"a\":", "1:{} torn"},
        {"a torn first line", "{\"a\":", "error 1: the result is not complete"},
        {"a line torn in a string", "{}\n{\"a\":\"x\n{}\n", "1:{} error 2: the line is torn"},
        {"text", "{}\nFAIL x\n",
         "1:{} error 2: results of 'tlsdoctor check --json' or 'scan' are wanted here"},
        {"a document that is refused", "{}\n\n{\"bad\":1}\n", "1:{} 3:{\"bad\":1} error 3: bad"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        for (const std::size_t block : {1U, 2U, 3U, 1000U}) {
            CHECK(cut(c.text, block) == c.cuts);
        }
    }
}

TEST_CASE("runs of a database are named by number, or by their place among the finished ones") {
    const Folder folder;
    const std::string db = folder.file("r.db");
    make_database(db, {true, true, false, true, false});
    const std::string one = folder.file("one.db");
    make_database(one, {true, false});
    const std::string none = folder.file("none:1.db");
    make_database(none, {});
    const std::string lines = folder.file("r.jsonl", line_for("a.example"));
    const struct {
        std::string operand;
        RunChoice choice;
        std::string runs;
    } cases[] = {
        {db, RunChoice::latest, "4"},
        {db, RunChoice::latest_two, "2 4"},
        {db, RunChoice::all, "1 2 3 4 5"},
        {db + ":latest", RunChoice::all, "4"},
        {db + ":previous", RunChoice::latest, "2"},
        {db + ":3", RunChoice::latest, "3"},
        {db + ":9", RunChoice::latest, db + ": it has no run 9"},
        {db + ":newest", RunChoice::latest,
         db + ": 'newest' is no run: a number, latest or previous"},
        {one, RunChoice::latest_two,
         one + ": two runs that were finished are wanted, to compare them"},
        {one + ":previous", RunChoice::latest, one + ": it has no other run that was finished"},
        {none, RunChoice::latest, none + ": it has no run that was finished"},
        {none, RunChoice::all, none + ": it has no results yet"},
        {lines, RunChoice::latest, lines},
        {lines + ":2", RunChoice::latest,
         lines + ": it is no database, and has no runs to choose from"},
        {"-", RunChoice::latest, "-"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.operand);
        CHECK(runs_of(c.operand, c.choice) == c.runs);
    }
    CHECK(is_database(db));
    CHECK_FALSE(is_database(lines));
    CHECK_FALSE(is_database(folder.file("absent")));
}

TEST_CASE("results are read from files and databases alike, and errors name the place") {
    const Folder folder;
    const std::string db = folder.file("r.db");
    make_database(db, {true});
    const std::string whole = line_for("a.example") + line_for("b.example");
    const struct {
        const char* name;
        std::string file;
        std::string hosts; ///< or the error
        bool complete;
    } cases[] = {
        {"lines", folder.file("lines", whole), "a.example b.example ", true},
        {"a torn line", folder.file("torn", whole.substr(0, whole.size() - 20)), "a.example ", false
        },
        {"a database", db, "a.example ", true},
        {"an empty file", folder.file("empty", ""),
         folder.file("empty") + ": there is no result in it", false},
        {"no result", folder.file("no", "\n{}\n"),
         folder.file("no") + ":2: no result of tlsdoctor: the member 'schema' is missing", false},
        {"no file", folder.file("absent"), folder.file("absent") + ": No such file or directory",
         false},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        const auto runs = find_runs(c.file, RunChoice::latest);
        REQUIRE(runs.has_value());
        std::string hosts;
        const auto read =
            read_run(runs->front(), [&](const auto& result) { hosts += result.host + " "; });
        CHECK((read ? hosts : read.error()) == c.hosts);
        CHECK((read && read->complete) == c.complete);
    }
}
