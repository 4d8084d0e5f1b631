// SPDX-License-Identifier: Apache-2.0
// What servers say of their configuration, and whether it is what we read.
#include "config/opinion.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::config {

namespace {

struct PointCase {
    const char* message;
    const char* file;
    std::size_t line;
};

const PointCase k_points[] = {
    {"nginx: [emerg] invalid value \"x\" in /etc/nginx/a.conf:7", "/etc/nginx/a.conf", 7},
    {"[ALERT] (1) : config : parsing [/etc/haproxy/haproxy.cfg:12] : unknown",
     "/etc/haproxy/haproxy.cfg", 12},
    {"AH00526: Syntax error on line 3 of /etc/apache2/x.conf:", "/etc/apache2/x.conf", 3},
    {"postconf: warning: /etc/postfix/main.cf, line 9: overriding earlier entry",
     "/etc/postfix/main.cf", 9},
    {"LOG: syntax error in file \"/x/postgresql.conf\" line 11, near end of line",
     "/x/postgresql.conf", 11},
    {"fatal: line 7", "", 0},
    {"nothing at 10:20", "", 0},
    {"", "", 0},
};

/// A reading of one file whose lines are all effective directives `name value`.
Reading reading_of(const std::string& path, const std::string& text) {
    Reading reading;
    const FileId file = reading.sources.add(path, text);
    Service service;
    for (const std::size_t start : reading.sources.at(file).line_starts) {
        const Place line = reading.sources.line({file, start, start});
        const std::size_t value = reading.sources.text(line).find_last_of(" =");
        if (value != std::string_view::npos) {
            service.lines.push_back(
                {.statement = line,
                 .value = {file, line.begin + value + 1, line.end},
                 .aspect = Aspect::versions}
            );
        }
    }
    reading.services.push_back(service);
    return reading;
}

struct AnswerCase {
    const char* name;
    const char* server;
    Answer answer;
    bool fatal; ///< our own reading is that it does not start
    bool agrees;
    const char* words;
};

const AnswerCase k_answers[] = {
    {"it refuses, we did not",
     "nginx",
     {"nginx -T", 1, "nginx: [emerg] unknown directive \"y\" in /x:1\n"},
     false,
     false,
     "unknown directive"},
    {"both refuse", "nginx", {"nginx -T", 1, "nginx: [emerg] bad\n"}, true, true, "bad"},
    {"it takes what we refuse",
     "haproxy",
     {"haproxy -c", 0, "Configuration file is valid\n"},
     true,
     false,
     "by our reading it would not"},
    {"a test that catches nothing says nothing",
     "exim4",
     {"exim4 -bV", 0, "Exim version 4.96\n"},
     true,
     true,
     ""},
    {"the same value",
     "postfix",
     {"postconf -n", 0, "smtpd_tls_protocols = >=TLSv1.2\n"},
     false,
     true,
     "prints 1 directives"},
    {"another value",
     "postfix",
     {"postconf -n", 0, "smtpd_tls_protocols = >=TLSv1\n"},
     false,
     false,
     "/x/main.cf:1 has `>=TLSv1.2`"},
    {"a value that does not count",
     "postfix",
     {"postconf -n", 0, "myhostname = x\n"},
     false,
     false,
     "does not print"},
    {"no permission",
     "nginx",
     {"nginx -T", 1, "nginx: [emerg] open() failed (13: Permission denied)\n"},
     false,
     false,
     "Permission denied"},
};

} // namespace

TEST_CASE("pointed_at finds the place in messages of many servers") {
    for (const PointCase& c : k_points) {
        CAPTURE(c.message);
        const PointedAt found = pointed_at(c.message);
        CHECK(found.file == c.file);
        CHECK(found.line == c.line);
    }
}

TEST_CASE("opinions_in says whether the server agrees") {
    for (const AnswerCase& c : k_answers) {
        CAPTURE(c.name);
        Reading reading = reading_of("/x/main.cf", "smtpd_tls_protocols =>=TLSv1.2\n");
        reading.services.front().lines.front().value.begin -= 2;
        if (c.fatal) {
            reading.fatal.push_back({{}, "no"});
        }
        const auto opinions = opinions_in(*find_server(c.server), reading, c.answer);
        if (std::string_view{c.words}.empty()) {
            CHECK(opinions.empty());
            continue;
        }
        REQUIRE_FALSE(opinions.empty());
        CAPTURE(opinions.front().words);
        CHECK(opinions.front().agrees == c.agrees);
        CHECK(opinions.front().words.contains(c.words));
        CHECK(opinions.front().asked != std::string_view{c.words}.contains("Permission"));
    }
}

} // namespace tlsdoctor::config
