// SPDX-License-Identifier: Apache-2.0
// Dovecot's language: what becomes of odd lines, that no byte is lost, and which block decides.
#include "config/syntax/dovecot.hpp"

#include <doctest/doctest.h>

#include "config/case_files.hpp"
#include "config/lossless.hpp"
#include "config/servers/dovecot_settings.hpp"

namespace tlsdoctor::config {

namespace {

const std::string k_dovecot_sample =
    "# c\nssl = yes # c\nssl_cert = </a.pem\r\nx=\"a # b\" \nlist = a:\\\n  b\n"
    "local_name \"a.test b.test\" {\n  ssl_key = <k\n}\n"
    "service imap-login {\n inet_listener imaps {\n  port=1\n }\n}\n"
    "!include conf.d/*.conf\n!include_try x\nempty =\n";

std::string outline(const std::vector<Statement>& statements) {
    std::string text;
    for (const Statement& statement : statements) {
        text += statement.section ? "[" : "{";
        for (const Word& word : statement.words) {
            text += (&word == statement.words.data() ? "" : "|") + word.text;
        }
        text += (statement.section ? "]" : "}") + outline(statement.body);
    }
    return text;
}

Reading read(const std::string& text) {
    MemoryFiles files;
    files.add("/c/dovecot.conf", text);
    files.add("/c/loop.conf", "!include loop.conf\n");
    Input input{
        .files = files,
        .knowledge = lab_knowledge(),
        .main = "/c/dovecot.conf",
        .server_version = "2.3.19.1"
    };
    return examine(*find_server("dovecot"), std::move(input), "", "").reading;
}

} // namespace

TEST_CASE("Dovecot's lines are settings, sections and includes") {
    Sources sources;
    const Document document = read_dovecot_syntax(sources, sources.add("/d", k_dovecot_sample));
    CHECK(
        outline(document.statements) ==
        "{ssl|yes}{ssl_cert|</a.pem}{x|a # b}{list|a: b}[local_name|a.test b.test]{ssl_key|<k}"
        "[service|imap-login][inet_listener|imaps]{port|1}{!include|conf.d/*.conf}{!include_try|x}"
        "{empty}"
    );
    CHECK(document.faults.empty());
}

TEST_CASE("no byte of Dovecot's configuration is lost") {
    check_every_truncation(k_dovecot_sample, read_dovecot_syntax);
    check_lossless("}\n}\nx\n= y\na { b { c = {\n\"\n\\", read_dovecot_syntax);
    check_lossless(
        std::string(100'000, '{') + "\n" + std::string(100'000, '\\'), read_dovecot_syntax
    );
}

TEST_CASE("hostile Dovecot files get a remark, and no crash") {
    CHECK_FALSE(read("a {\n").fatal.empty());
    CHECK_FALSE(read("}\n").fatal.empty());
    CHECK_FALSE(read("!include loop.conf\n").fatal.empty());
    CHECK_FALSE(read("!include none.conf\n").fatal.empty());
    CHECK_FALSE(read("ssl_foo = 1\n").fatal.empty());
    CHECK_FALSE(read("dovecot_config_version = 2.4.0\n").not_understood.empty());
    CHECK(read("!include none/*.conf\n!include_try none.conf\n").fatal.empty());
}

TEST_CASE("the most special block decides, within it the last line") {
    DovecotSettings settings;
    const auto add = [&](const char* value, DovecotFilter filter) {
        settings.all.push_back({.path = "ssl_x", .value = value, .filter = std::move(filter)});
    };
    add("protocol", {.protocol = "imap"});
    add("global", {});
    add("later", {});
    add("local", {.local = "127.0.0.0/8"});
    add("name", {.local_name = "a.test *.b.test"});
    const auto value = [&](DovecotClient client) {
        const DovecotChoice choice = settings.choose("ssl_x", client);
        return (choice.decides != nullptr ? choice.decides->value : "") +
               (choice.conflicts != nullptr ? "!" : "");
    };
    CHECK(value({.protocol = "imap", .address = "192.0.2.1"}) == "protocol");
    CHECK(value({.protocol = "pop3", .address = "192.0.2.1"}) == "later");
    CHECK(value({.protocol = "pop3", .address = "127.0.0.1"}) == "local");
    CHECK(value({.protocol = "imap", .address = "127.0.0.1"}) == "protocol!");
    CHECK(value({.protocol = "pop3", .address = "192.0.2.1", .name = "x.b.test"}) == "name");
    CHECK(value({.protocol = "imap", .address = "192.0.2.1", .name = "a.test"}) == "protocol!");
    CHECK(value({.protocol = "pop3", .address = "192.0.2.1", .name = "x.y.b.test"}) == "later");
}

} // namespace tlsdoctor::config
