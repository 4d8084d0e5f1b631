// SPDX-License-Identifier: Apache-2.0
// The syntax of Apache and ProFTPD: nothing is lost, and odd lines are read as the servers do.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "config/syntax/apache.hpp"

namespace tlsdoctor::config {

namespace {

const std::string k_odd_apache = "# a comment \\\n  goes on\r\n"
                                 "Listen 443\r\n\r\n"
                                 "<VirtualHost *:443 [::]:443>\r\n"
                                 "\tSSLProtocol \\\r\n   -all \\\n\t+TLSv1.2 # no comment here\n"
                                 "  Define X \"a \\\"b\\\" c\" 'd'e\n"
                                 "<IfModule \"mod_ssl.c\" >\nSSLEngine on\n</IfModule>\n"
                                 "< Directory /x> \n</directory>\n"
                                 "</VirtualHost>\n"
                                 "SSLProtocol all -SSLv3";

Document read_text(Sources& sources, const std::string& text, const SectionDialect& dialect) {
    const FileId file = sources.add("/x.conf", text);
    return read_sections(sources, file, dialect);
}

void check_lossless(const std::string& text, const SectionDialect& dialect) {
    Sources sources;
    const Document document = read_text(sources, text, dialect);
    CHECK(print(sources, document) == text);
    std::size_t at = 0;
    std::size_t outside = 0;
    for (const Place word : words_of(document)) {
        while (at < document.tokens.size() && document.tokens[at].end <= word.begin) {
            ++at;
        }
        const bool inside = at < document.tokens.size() &&
                            document.tokens[at].begin <= word.begin &&
                            word.end <= document.tokens[at].end;
        outside += inside ? 0U : 1U;
    }
    CHECK(outside == 0);
}

std::string shown(const std::vector<Statement>& statements) {
    std::string text;
    for (const Statement& statement : statements) {
        text += statement.section ? "<" : "(";
        for (const Word& word : statement.words) {
            text += "[" + word.text + "]";
        }
        text += shown(statement.body) + (statement.section ? ">" : ")");
    }
    return text;
}

} // namespace

TEST_CASE("read_sections loses no byte, however the file is cut") {
    for (std::size_t length = 0; length <= k_odd_apache.size(); ++length) {
        CAPTURE(length);
        check_lossless(k_odd_apache.substr(0, length), k_apache_dialect);
        check_lossless(k_odd_apache.substr(0, length), k_proftpd_dialect);
    }
}

TEST_CASE("read_sections reads lines as the server does") {
    struct Row {
        const char* name;
        std::string text;
        std::string apache;
        std::string proftpd;
    };
    const Row rows[] = {
        {"a comment that ends in a backslash", "# c \\\nA b\nC d\n", "([C][d])", "([A][b])([C][d])"
        },
        {"a word with #", "A b # c\n", "([A][b][#][c])", "([A][b])"},
        {"a continuation in a word", "A b\\\nc\n", "([A][bc])", "([A][bc])"},
        {"a backslash at the end of the file", "A b\\", "([A][b\\])", "([A][b\\])"},
        {"an escaped backslash joins too", "A b\\\\\nC\n", "([A][b\\C])", "([A][b\\C])"},
        {"quotes", "A \"b c\" 'd e'f\n", "([A][b c][d e][f])", "([A][b c]['d][e'f])"},
        {"a section", "<A b>\nC\n</a>\n", "<[A][b]([C])>", "<[A][b]([C])>"},
        {"a section without words", "<A>\n</A>", "<[A]>", "<[A]>"},
        {"two on a line", "<A \"x\">\n</A> </B>\nC", "<[A][x]>([C])", "<[A][x]>([C])"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Sources one;
        CHECK(shown(read_text(one, row.text, k_apache_dialect).statements) == row.apache);
        Sources other;
        CHECK(shown(read_text(other, row.text, k_proftpd_dialect).statements) == row.proftpd);
    }
}

TEST_CASE("read_sections says where a section is not closed, or closes nothing") {
    struct Row {
        const char* text;
        std::size_t line;
        const char* what;
    };
    const Row rows[] = {
        {"A\n<B c>\nD\n", 2, "<B> is not closed"},
        {"A\n</B>\n", 2, "</B> closes no section"},
        {"<A>\n<B>\n</A>\n", 3, "</B> was expected, not </A>"},
        {"<A b\n", 1, "the section's line has no `>`"},
        {"<>\n", 1, "a section without a name"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        Sources sources;
        const Document document = read_text(sources, row.text, k_apache_dialect);
        REQUIRE(!document.faults.empty());
        CHECK(document.faults.front().what == row.what);
        CHECK(sources.line_of(document.faults.front().place) == row.line);
    }
}

TEST_CASE("read_sections survives what is no configuration") {
    std::string deep;
    for (int i = 0; i < 20'000; ++i) {
        deep += "<A>\n";
    }
    const std::string rows[] = {
        deep,
        std::string(1 << 20, 'x'),
        std::string(1 << 20, '\\'),
        std::string(1 << 20, '\n'),
        std::string(1 << 20, '"'),
        std::string("A \0 b\nC\n", 8),
        std::string(1 << 19, '<') + std::string(1 << 19, '>'),
    };
    for (const std::string& text : rows) {
        check_lossless(text, k_apache_dialect);
        check_lossless(text, k_proftpd_dialect);
    }
}

TEST_CASE("what Debian's Apache and ProFTPD come with is read without loss") {
    namespace fs = std::filesystem;
    std::size_t files = 0;
    for (const char* folder :
         {"/etc/apache2", "/usr/share/doc/apache2", "/usr/share/apache2", "/etc/proftpd",
          "/usr/share/proftpd", "/usr/share/doc/proftpd-core"}) {
        std::error_code error;
        for (const auto& entry : fs::recursive_directory_iterator{folder, error}) {
            const std::string ending = entry.path().extension().string();
            if (!entry.is_regular_file() || (ending != ".conf" && ending != ".load")) {
                continue;
            }
            std::ifstream file{entry.path(), std::ios::binary};
            const std::string text{std::istreambuf_iterator<char>{file}, {}};
            CAPTURE(entry.path().string());
            check_lossless(text, k_apache_dialect);
            Sources sources;
            CHECK(read_text(sources, text, k_apache_dialect).faults.empty());
            ++files;
        }
    }
    MESSAGE(files << " files of the distribution were read");
}

} // namespace tlsdoctor::config
