// SPDX-License-Identifier: Apache-2.0
// What is seen of a line's shape is what is seen of the line.
#include "explain/recall.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "cli/folder.hpp"

namespace tlsdoctor::explain {

namespace {

struct ShapeText {
    std::string_view text{};
    std::string_view shape{};
};

const ShapeText k_shape_texts[] = {
    {"2026/11/23 10:11:12 [info] 77#78: *79 x", "2000/01/01 00:00:00 [info] 1000#1000: *1000 x"},
    {"client: 198.51.100.7, server: q.example, x", "client: 203.0.113.1, server: a.example, x"},
    {"client: 10.3.4.5, x", "client: 10.1.1.1, x"},
    {"192.0.2.1:50001 fe/1: x", "203.0.113.1:40000 fe/1: x"},
    {"192.0.2.1:587 x", "203.0.113.1:587 x"},
    {"127.0.0.1:587 x", "127.0.0.1:587 x"},
    {"\"GET /abc/12 HTTP/1.1\"", "\"GET /p HTTP/1.1\""},
    {"https://q.example:8443/abc", "https://a.example:8443/p"},
    {"https://smtp.example.com:465/", "https://smtp.example.com:465/"}, // a hint knows smtp
    {"SSL alert number 40 error:0A000410 (_ssl.c:1129)",
     "SSL alert number 40 error:0A000410 (_ssl.c:1129)"},
    {"OpenSSL 3.0.15 and 1.2.3.4.5", "OpenSSL 3.0.15 and 1.2.3.4.5"},
    {"smtpd[12345]: x", "smtpd[1000]: x"},
    {"Alert [40]", "Alert [40]"},
    {"", ""},
};

void check_line(const Looker& looker, std::string_view line) {
    Message message{.first_line = 1, .line_count = 1, .lines = {std::string{line}}};
    const Sighting seen = looker.look(message, false);
    message.lines = {shape_of(line, looker.matcher())};
    CAPTURE(std::string{line});
    CAPTURE(message.lines.front());
    const Sighting of_shape = looker.look(message, false);
    CHECK(seen.row == of_shape.row);
    CHECK(seen.alert == of_shape.alert);
    CHECK(seen.hints == of_shape.hints);
}

} // namespace

TEST_CASE("shape_of keeps what may tell something") {
    const Matcher matcher;
    for (const ShapeText& c : k_shape_texts) {
        CHECK(shape_of(c.text, matcher) == std::string{c.shape});
    }
}

TEST_CASE("a shape is seen as its line is") {
    const std::string table = test::content(TLSDOCTOR_SOURCE_DIR "/tests/explain/known_texts.tsv");
    const Looker looker;
    for (const std::string_view row : split(table, '\n')) {
        const auto fields = split(row, '\t');
        if (row.starts_with('#') || fields.size() != 3) {
            continue;
        }
        std::string_view rest = fields[2];
        while (!rest.empty()) {
            const std::size_t end = rest.find("\\n");
            check_line(looker, rest.substr(0, end));
            rest = end == rest.npos ? std::string_view{} : rest.substr(end + 2);
        }
    }
}

TEST_CASE("a log of more shapes than are kept is read all the same") {
    const Looker looker;
    Recall recall{looker};
    Message message{.first_line = 1, .line_count = 1, .lines = {}};
    for (int i = 0; i < 10'000; ++i) {
        message.lines = {
            "x" + std::to_string(i % 5'000) + "y error:0A00010B:SSL routines::wrong version number"
        };
        const Sighting sighting = recall.look(message);
        REQUIRE(sighting.row != nullptr);
        CHECK(std::string{sighting.row->id} == "openssl-wrong-version-number");
    }
}

} // namespace tlsdoctor::explain
