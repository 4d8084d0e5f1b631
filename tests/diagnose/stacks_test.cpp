// SPDX-License-Identifier: Apache-2.0
// The verdict must be right for every real server that was measured (stacks.tsv), not only for
// those that refuse a version with alert 70.
#include <algorithm>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {

namespace {

/// One line; the words are spelled out, without `=`.
struct Row {
    std::string server{};
    std::string variant{};
    std::vector<std::string> versions{}; ///< oldest first
    std::vector<std::string> none{};     ///< TLS 1.2 and 1.3 without a name
    std::vector<std::string> wrong{};    ///< TLS 1.2 and 1.3 with a name that is unknown there
    std::string verdict{};
    std::string no_name{};
    std::string wrong_name{};
};

std::string or_as_before(std::string word, const std::string& before) {
    return word == "=" ? before : word;
}

Row row_of(const std::string& line) {
    std::vector<std::string> cells;
    for (const std::string_view cell : split(line, '\t')) {
        cells.emplace_back(cell);
    }
    REQUIRE_MESSAGE(cells.size() == 16, line);
    return {
        .server = cells[0],
        .variant = cells[1],
        .versions = {cells.begin() + 2, cells.begin() + 8},
        .none = {or_as_before(cells[8], cells[6]), or_as_before(cells[9], cells[7])},
        .wrong = {or_as_before(cells[10], cells[6]), or_as_before(cells[11], cells[7])},
        .verdict = cells[12],
        .no_name = or_as_before(cells[13], cells[12]),
        .wrong_name = or_as_before(cells[14], cells[12]),
    };
}

const std::vector<Row>& rows() {
    static const std::vector<Row> all = [] {
        std::ifstream file(TLSDOCTOR_SOURCE_DIR "/tests/diagnose/stacks.tsv");
        REQUIRE(file);
        std::vector<Row> found;
        bool heading = true;
        for (std::string line; std::getline(file, line);) {
            if (!line.starts_with("#") && !std::exchange(heading, false)) {
                found.push_back(row_of(line));
            }
        }
        return found;
    }();
    return all;
}

Words words_of(const Row& row) {
    return {
        .ssl2 = row.versions[0],
        .ssl3 = row.versions[1],
        .tls10 = row.versions[2],
        .tls11 = row.versions[3],
        .tls12 = row.versions[4],
        .tls13 = row.versions[5],
    };
}

bool accepts_something(const std::vector<std::string>& newest) {
    return std::ranges::any_of(newest, [](const std::string& word) {
        return word.starts_with("S") || word.starts_with("H");
    });
}

/// A visit asks with another name only where nothing was accepted.
void ask_other_names(Words& words, std::string_view answer12, std::string_view answer13) {
    const std::vector<std::string> all{
        std::string{words.ssl3}, std::string{words.tls10}, std::string{words.tls11},
        std::string{words.tls12}, std::string{words.tls13}
    };
    if (!accepts_something(all)) {
        words.other12 = answer12;
        words.other13 = answer13;
    }
}

Words named(const Row& row) {
    Words words = words_of(row);
    ask_other_names(words, row.none[0], row.none[1]);
    return words;
}

Words without_a_name(const Row& row) {
    Words words = words_of(row);
    words.sni = std::nullopt;
    words.tls12 = row.none[0];
    words.tls13 = row.none[1];
    words.other = "server.example";
    ask_other_names(words, row.versions[4], row.versions[5]);
    return words;
}

Words with_a_wrong_name(const Row& row) {
    Words words = words_of(row);
    words.tls12 = row.wrong[0];
    words.tls13 = row.wrong[1];
    ask_other_names(words, row.none[0], row.none[1]);
    return words;
}

void check_verdict(const Row& row, const Words& words, const std::string& expected) {
    CAPTURE(row.server);
    CAPTURE(row.variant);
    const Diagnosis diagnosis = diagnose(visit(words), Question{});
    const std::string verdict{diagnosis.findings.front().cause->name};
    const auto allowed = split(expected, '|');
    CAPTURE(diagnosis.findings.front().summary);
    CHECK_MESSAGE(
        std::ranges::find(allowed, verdict) != allowed.end(), "the verdict is ", verdict,
        ", expected is ", expected
    );
}

} // namespace

TEST_CASE("the table has every server in its variants, and each line a verdict that exists") {
    std::set<std::string> servers;
    std::set<std::string> variants;
    for (const Row& row : rows()) {
        servers.insert(row.server);
        variants.insert(row.variant);
        for (const std::string_view verdict : split(row.verdict, '|')) {
            CAPTURE(row.server);
            CAPTURE(row.variant);
            CHECK(find_cause(verdict) != nullptr);
        }
    }
    CHECK(rows().size() == 685);
    CHECK(servers.size() == 33);
    CHECK(variants.size() == 27);
}

TEST_CASE("the verdict is right for every server that was measured") {
    for (const Row& row : rows()) {
        check_verdict(row, named(row), row.verdict);
    }
}

TEST_CASE("the verdict is right where no name is sent") {
    for (const Row& row : rows()) {
        check_verdict(row, without_a_name(row), row.no_name);
    }
}

TEST_CASE("the verdict is right where the name is unknown to the server") {
    for (const Row& row : rows()) {
        if (row.wrong_name != "-") {
            check_verdict(row, with_a_wrong_name(row), row.wrong_name);
        }
    }
}

} // namespace tlsdoctor::diagnose
