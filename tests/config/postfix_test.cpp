// SPDX-License-Identifier: Apache-2.0
// Postfix: lists of versions as 3.7.11 was measured to read them, parameters, and master.cf without
// a byte lost.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "config/lossless.hpp"
#include "config/servers/postfix_parameters.hpp"
#include "config/servers/postfix_protocols.hpp"
#include "config/syntax/dovecot.hpp"
#include "config/syntax/key_value.hpp"
#include "config/syntax/master_cf.hpp"

namespace tlsdoctor::config {

namespace {

struct ProtocolCase {
    const char* list;
    const char* versions; ///< null: refused
};

const ProtocolCase k_lists[] = {
    {"", "SSL 3.0, TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3"},
    {">=TLSv1", "TLS 1.0, TLS 1.1, TLS 1.2, TLS 1.3"},
    {">=tlsv1.2", "TLS 1.2, TLS 1.3"},
    {">=TLSv1.2, <=TLSv1.2", "TLS 1.2"},
    {"<=TLSv1.2 !SSLv3", "TLS 1.0, TLS 1.1, TLS 1.2"},
    {"!SSLv2:!SSLv3:!TLSv1.2", "TLS 1.0, TLS 1.1, TLS 1.3"},
    {"TLSv1.2,TLSv1.3", "TLS 1.2, TLS 1.3"},
    {">=0303, <=0303", "TLS 1.2"},
    {">= TLSv1.2", "TLS 1.2"},
    {">=TLSv1.3, <=TLSv1.2", "none"},
    {"!TLSv1.4", nullptr},
    {">=TLS1.2", nullptr},
};

struct ProtocolRewrite {
    Rewrite rewrite;
    const char* old;
    VersionSet wanted;
    const char* text;
};

constexpr VersionSet k_every =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

const ProtocolRewrite k_list_rewrites[] = {
    {rewritten_postfix_list, ">=TLSv1.3", k_modern_versions, ">=TLSv1.2"},
    {rewritten_postfix_list, "<=TLSv1.2", k_every, "<=TLSv1.3"},
    {rewritten_postfix_list, "!SSLv2 !SSLv3 !TLSv1 !TLSv1.1 !TLSv1.3", k_modern_versions,
     "!SSLv2 !SSLv3 !TLSv1 !TLSv1.1"},
    {rewritten_postfix_list, "!SSLv2,!SSLv3", k_modern_versions, "!SSLv2,!SSLv3,!TLSv1,!TLSv1.1"},
    {rewritten_postfix_list, "TLSv1.2", k_modern_versions, "TLSv1.2, TLSv1.3"},
    {rewritten_postfix_list, ">=TLS1.2", k_modern_versions, ">=TLSv1.2"},
    {rewritten_postfix_list, ">=TLSv1.2 !TLSv1.3", k_modern_versions, ">=TLSv1.2"},
    {rewritten_master_list, "", {ProtocolVersion::tls_1_2}, ">=TLSv1.2,<=TLSv1.2"},
    {rewritten_postfix_exclusions, "", k_modern_versions, "!TLSv1,!TLSv1.1"},
    {rewritten_postfix_floor, "TLSv1.3", k_modern_versions, "TLSv1.2"},
    {rewritten_postfix_ceiling, "TLSv1.2", k_modern_versions, "TLSv1.3"},
};

struct ExpansionCase {
    const char* value;
    const char* text;
};

const ExpansionCase k_expansions[] = {
    {"a$$b", "a$b"},
    {"$lab ${lab} $(lab)x", "yes yes yesx"},
    {"${lab?on}${lab:off}", "on"},
    {"${none?on}${none:off}", "off"},
    {"${none?{a}:{b$lab}}", "byes"},
    {"${{$lab} == {yes} ? {same} : {other}}", "same"},
    {"${{2} < {10} ? {less} : {more}}", "less"},
    {"${{3.7} <level {3.6} ? {md5} : {sha256}}", "sha256"},
    {"$unknown.", "."},
    {"${broken", ""},
};

void check_folder(const char* folder, const char* part, const Tokenizer& tokenizer) {
    namespace fs = std::filesystem;
    std::error_code error;
    for (fs::recursive_directory_iterator
             it{folder, fs::directory_options::skip_permission_denied, error},
         end;
         !error && it != end; it.increment(error)) {
        const std::string path = it->path().string();
        if (it->is_regular_file(error) && path.contains(part) && !path.ends_with(".gz")) {
            std::ifstream file{path, std::ios::binary};
            CAPTURE(path);
            check_lossless({std::istreambuf_iterator<char>{file}, {}}, tokenizer);
        }
    }
}

} // namespace

TEST_CASE("a list of versions enables what Postfix was measured to accept") {
    for (const ProtocolCase& c : k_lists) {
        CAPTURE(std::string{c.list});
        const auto versions = postfix_protocols(c.list, true);
        CHECK(versions.has_value() == (c.versions != nullptr));
        if (versions && c.versions != nullptr) {
            CHECK(name_of(*versions) == c.versions);
        }
    }
    CHECK_FALSE(postfix_protocols(">=TLSv1.2", false).has_value());
}

TEST_CASE("a list of versions is written anew in its own style") {
    for (const ProtocolRewrite& c : k_list_rewrites) {
        CAPTURE(std::string{c.old});
        CHECK(c.rewrite(c.old, c.wanted) == std::optional<std::string>{c.text});
    }
    CHECK_FALSE(rewritten_postfix_list("<=$max", k_modern_versions).has_value());
}

TEST_CASE("parameters are put in as Postfix does") {
    for (const ExpansionCase& c : k_expansions) {
        CAPTURE(std::string{c.value});
        Settings main;
        main.add({.name = "lab", .value = "yes"});
        main.add({.name = "x", .value = c.value});
        const Settings none;
        CHECK(PostfixParameters{main, none, "3.7"}.value("x").text == c.text);
    }
    Settings loop;
    loop.add({.name = "a", .value = "$b"});
    loop.add({.name = "b", .value = "${a}"});
    CHECK(PostfixParameters{loop, loop, "3.7"}.value("a").endless);
}

TEST_CASE("master.cf is cut into services and words, and nothing is lost") {
    const std::string text =
        "# c\n127.0.0.1:25 inet n - n - - smtpd\n  # c\n  -o { a = b c\n    d } -v\n"
        "\n -o x=y\r\nsmtp unix - - n - - smtp\n{";
    Sources sources;
    const Document document = read_master_cf(sources, sources.add("/m", text));
    REQUIRE(document.statements.size() == 3);
    CHECK(document.statements[0].words.size() == 13);
    CHECK(document.statements[0].words[9].text == "a = b c     d");
    CHECK(document.statements[0].words[12].text == "x=y");
    CHECK(document.faults.size() == 1);
    check_every_truncation(text, read_master_cf);
}

TEST_CASE("no byte of the installed Postfix and Dovecot configurations is lost") {
    const Tokenizer main = [](const Sources& sources, FileId file) {
        return read_key_value(sources, file, k_postfix_dialect);
    };
    for (const char* const folder :
         {"/etc/postfix", "/usr/share/postfix", "/usr/share/doc/postfix"}) {
        check_folder(folder, "main.cf", main);
        check_folder(folder, "master.cf", read_master_cf);
    }
    for (const char* const folder :
         {"/etc/dovecot", "/usr/share/dovecot", "/usr/share/doc/dovecot-core"}) {
        check_folder(folder, ".conf", read_dovecot_syntax);
    }
}

} // namespace tlsdoctor::config
