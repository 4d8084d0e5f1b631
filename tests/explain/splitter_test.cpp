// SPDX-License-Identifier: Apache-2.0
#include "explain/splitter.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

/// The first lines of the messages, each with its number.
std::vector<std::size_t> beginnings(std::string_view text) {
    std::vector<std::size_t> found;
    Splitter splitter{[&](const Message& message) {
        found.push_back(message.first_line);
    }};
    for (const std::string_view line : split(text, '\n')) {
        splitter.add(line);
    }
    splitter.finish();
    return found;
}

struct SplitText {
    std::string_view name{};
    std::string_view text{};
    std::vector<std::size_t> beginnings{};
};

const SplitText k_split_texts[] = {
    {"nothing", "", {}},
    {"one line", "curl: (35) wrong version number", {1}},
    {"empty lines before", "\n\ncurl: (35) x", {3}},
    {"a trace of curl",
     "*   Trying 192.0.2.1:443...\n* Connected to a.example\n} [5 bytes data]\ncurl: (35) x",
     {1}},
    {"a trace of Java",
     "javax.net.ssl.SSLHandshakeException: x\n\tat sun.a\n\tat sun.b\nCaused by: y\n\t... 3 more",
     {1}},
    {"one entry with a trace", "2024-01-01 10:00:00 ERROR x\njava.lang.Exception\n\tat a.b", {1}},
    {"nginx", "2024/01/01 10:00:00 [error] 1#1: a\n2024/01/01 10:00:01 [error] 1#1: b\n", {1, 2}},
    {"syslog", "Jan  2 10:00:00 host postfix/smtpd[1]: a\nJan 12 10:00:00 host dovecot: b", {1, 2}},
    {"Apache",
     "[Mon Jan 01 10:00:00.1 2024] [ssl:info] a\n[Mon Jan 01 10:00:00.1 2024] [ssl:info] b",
     {1, 2}},
    {"entries with traces",
     "10:00:00.123 ERROR a\nx.Exception\n\tat y\n10:00:01.123 ERROR b\nCaused by: z",
     {1, 4}},
    {"JSON", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}", {1, 2, 3}},
    {"Kubernetes", "E0101 10:00:00.1 1 a.go:1] x\nI0101 10:00:00.1 1 a.go:1] x", {1, 2}},
    {"docker compose", "web_1  | 2024-01-01T10:00:00Z a\nweb-2 | 2024-01-01T10:00:00Z b", {1, 2}},
    {"curl with times is one message",
     "10:00:00.1 * Connected\n10:00:00.2 > GET\n10:00:00.3 * closed",
     {1}},
    {"logfmt", "time=\"2024-01-01T10:00:00Z\" level=error\nts=2024-01-01T10:00:00Z a", {1, 2}},
    {"Mosquitto", "1638316800: OpenSSL Error\n1638316801: Socket error", {1, 2}},
};

} // namespace

TEST_CASE("Splitter finds where messages begin") {
    for (const SplitText& c : k_split_texts) {
        CAPTURE(c.name);
        CHECK(beginnings(c.text) == c.beginnings);
    }
}

TEST_CASE("Splitter takes very many lines without time stamps for a log") {
    std::string text;
    for (std::size_t line = 0; line <= k_longest_paste; ++line) {
        text += "curl: (35) wrong version number\n";
    }
    CHECK(beginnings(text).size() == k_longest_paste + 1);
}

TEST_CASE("Splitter bounds a message and counts all of its lines") {
    std::vector<Message> messages;
    Splitter splitter{[&](const Message& message) {
        messages.push_back(message);
    }};
    splitter.add("10:00:00 a");
    splitter.add("10:00:01 b");
    for (int line = 0; line < 10'000; ++line) {
        splitter.add("\tat x");
    }
    splitter.finish();
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].lines.size() == k_most_lines);
    CHECK(messages[1].line_count == 10'001);
}

} // namespace tlsdoctor::explain
