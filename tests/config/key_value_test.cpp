// SPDX-License-Identifier: Apache-2.0
// One tokenizer, many dialects: what each makes of its odd lines, and that no byte is lost.
#include "config/syntax/key_value.hpp"

#include <doctest/doctest.h>

#include "config/lossless.hpp"

namespace tlsdoctor::config {

namespace {

/// `[section] {key|value|value} {...}` of all statements.
std::string outline(const std::vector<Statement>& statements) {
    std::string text;
    for (const Statement& statement : statements) {
        text += statement.section ? "[" : "{";
        for (const Word& word : statement.words) {
            text += (&word == statement.words.data() ? "" : "|") + word.text;
        }
        text += statement.section ? "]" : "}";
        text += outline(statement.body);
    }
    return text;
}

struct DialectCase {
    const char* name;
    const KeyValueDialect& dialect;
    const char* text;
    const char* outline;
};

const DialectCase k_cases[] = {
    {"stunnel: global options, sections, both comments", k_stunnel_dialect,
     "; c\npid =\n debug = 4 \n[a b]\naccept=1 # no comment\n#x\n[c]\n",
     "{pid}{debug|4}[a b]{accept|1 # no comment}[c]"},
    {"stunnel: byte order mark and CRLF", k_stunnel_dialect,
     "\xEF\xBB\xBF"
     "a = b\r\n[c]\r\nd = e\r\n",
     "{a|b}[c]{d|e}"},
    {"postfix: continuation over comments and empty lines", k_postfix_dialect,
     "a = b,\n# comment\n   # indented comment\n\n\tc\nd=e # f\n", "{a|b,\tc}{d|e # f}"},
    {"postfix: a value that begins in the next line", k_postfix_dialect, "a =\n  b\nc = d",
     "{a|b}{c|d}"},
    {"my.cnf: flags, quotes, trailing comments, includes", k_mysql_dialect,
     "[mysqld]\nssl\ntls_version = \"TLSv1.2,TLSv1.3\" # c\na='b#c'\n!includedir "
     "/etc/x.d/\nx=it's\n",
     "[mysqld]{ssl}{tls_version|TLSv1.2,TLSv1.3}{a|b#c}{!includedir|/etc/x.d/}{x|it's}"},
    {"openssl.cnf: continuation, include, sections with blanks", k_openssl_dialect,
     ".include /etc/a.cnf\n[ a ]\nCipherString = DEFAULT:\\\n@SECLEVEL=0 # c\n# x \\\ny = 1\nb = "
     "\"c d\" e\n.include = f\n",
     "{.include|/etc/a.cnf}[a]{CipherString|DEFAULT:@SECLEVEL=0}{b|c d e}{.include|f}"},
    {"postgresql.conf: without a separator, quotes, comments", k_postgresql_dialect,
     "ssl on\nssl_ciphers='HIGH:''!a''' # c\nssl_min_protocol_version = 'TLSv1.2'#c\nport=5432\n",
     "{ssl|on}{ssl_ciphers|HIGH:'!a'}{ssl_min_protocol_version|TLSv1.2}{port|5432}"},
    {"redis.conf: several words and quotes", k_redis_dialect,
     "tls-protocols \"TLSv1.2 TLSv1.3\"\nsave \"\"\nsave 1 2\n# c\nx a#b 'c \"d'\n",
     "{tls-protocols|TLSv1.2 TLSv1.3}{save|}{save|1|2}{x|a#b|c \"d}"},
    {"vsftpd: blanks count", k_vsftpd_dialect, "ssl_enable=YES \n#c\na = b\r\n",
     "{ssl_enable|YES }{a | b\r}"},
    {"mosquitto: the rest of the line", k_mosquitto_dialect,
     "listener 8883 127.0.0.1\n# c\npid_file  x y \n", "{listener|8883 127.0.0.1}{pid_file|x y}"},
    {"slapd.conf: continuation also of comments", k_slapd_dialect,
     "# a\n  b\nTLSCipherSuite \"NORMAL:-VERS\"\n\taccess to *\n\n  by x\nc d\\ e\n",
     "{TLSCipherSuite|NORMAL:-VERS|access|to|*|by|x}{c|d e}"},
    {"squid: continuation and comments", k_squid_dialect, "https_port 1 \\\n  cert=a # c\nx y\n",
     "{https_port|1|cert=a}{x|y}"},
    {"java.security: separators of all kinds", k_java_dialect,
     "a=b, \\\n   c\n! x\nd: e\nf g\n#h\\\ni=j\n", "{a|b,    c}{d|e}{f|g}{i|j}"},
    {"nothing", k_stunnel_dialect, "", ""},
    {"a key alone, without an end of line", k_stunnel_dialect, "a", "{a}"},
};

} // namespace

TEST_CASE("each dialect reads its own odd lines") {
    for (const DialectCase& c : k_cases) {
        CAPTURE(c.name);
        Sources sources;
        const FileId file = sources.add("/x", c.text);
        const Document document = read_key_value(sources, file, c.dialect);
        CHECK(outline(document.statements) == c.outline);
        CHECK(document.faults.empty());
    }
}

TEST_CASE("no byte is lost in any dialect, wherever a file is cut") {
    for (const DialectCase& reader : k_cases) {
        for (const DialectCase& text : k_cases) {
            CAPTURE(reader.name);
            CAPTURE(text.name);
            check_every_truncation(text.text, [&](const Sources& sources, FileId file) {
                return read_key_value(sources, file, reader.dialect);
            });
        }
    }
}

TEST_CASE("what cannot be read is said with its place") {
    struct {
        const char* name;
        std::string text;
        std::size_t begin;
        const char* what;
    } const cases[] = {
        {"an open quote", "[a]\nb = \"c\n", 8, "a quote is opened and not closed"},
        {"an open section", "a=b\n[c\n", 4, "`[` without `]`"},
        {"no key", "a=b\n = c\n", 5, "a value without a key"},
        {"a line without end", "a=b\n" + std::string((1 << 20) + 1, 'x'), 4,
         "a line of more than 1 MB is not read"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.name);
        Sources sources;
        const FileId file = sources.add("/x", c.text);
        const Document document = read_key_value(sources, file, k_mysql_dialect);
        REQUIRE(document.faults.size() == 1);
        CHECK(document.faults[0].place.begin == c.begin);
        CHECK(document.faults[0].what == c.what);
    }
}

} // namespace tlsdoctor::config
