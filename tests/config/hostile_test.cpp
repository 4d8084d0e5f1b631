// SPDX-License-Identifier: Apache-2.0
// Configurations that nobody should have: include cycles, thousands of includes, a line of one
// megabyte, binary garbage, files that are missing. Reading ends, and says what is wrong and where.
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "config/case_files.hpp"
#include "config/openssl_policy.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_megabyte = 1 << 20;

/// How a server includes another file, and where its main file stands.
struct Includer {
    std::string server{};
    std::string main{};
    std::string include{}; ///< with `{}` for the path
};

const std::vector<Includer>& includers() {
    static const std::vector<Includer> all{
        {"nginx", "/c/nginx.conf", "include {};\n"},
        {"apache", "/c/apache2.conf", "Include {}\n"},
        {"dovecot", "/c/dovecot.conf", "!include {}\n"},
        {"postgresql", "/c/postgresql.conf", "include '{}'\n"},
        {"mariadb", "/c/my.cnf", "!include {}\n"},
        {"redis", "/c/redis.conf", "include {}\n"},
        {"lighttpd", "/c/lighttpd.conf", "include \"{}\"\n"},
        {"proftpd", "/c/proftpd.conf", "Include {}\n"},
        {"openldap", "/c/slapd.conf", "include {}\n"},
        {"exim4", "/c/exim4.conf", ".include {}\n"},
        {"prosody", "/c/prosody.cfg.lua", "Include \"{}\"\n"},
    };
    return all;
}

std::string including(const Includer& includer, const std::string& path) {
    std::string text = includer.include;
    return text.replace(text.find("{}"), 2, path);
}

Examination read_files(const std::string& server, const std::string& main, const Files& files) {
    const Input input{
        .files = files,
        .knowledge = lab_knowledge(),
        .main = main,
        .server_version = std::string{find_server(server)->version},
        .library_version = "3.0.15"
    };
    return examine(*find_server(server), input, "", "");
}

/// The remarks of all kinds as `path:line: what`.
std::vector<std::string> remarks_in(const Examination& examination) {
    const Reading& reading = examination.reading;
    std::vector<std::string> all;
    for (const auto* remarks : {&reading.fatal, &reading.warnings, &reading.not_understood}) {
        for (const Remark& remark : *remarks) {
            all.push_back(reading.sources.where(remark.place) + ": " + remark.what);
        }
    }
    return all;
}

std::string bytes_of_any_kind() {
    std::string bytes;
    for (std::size_t i = 0; i < 4096; ++i) {
        bytes += static_cast<char>((i * 131 + i / 7) & 0xff);
    }
    return bytes;
}

} // namespace

TEST_CASE("an include cycle ends and is said with its line") {
    for (const Includer& includer : includers()) {
        CAPTURE(includer.server);
        MemoryFiles files;
        files.add(includer.main, "# first\n" + including(includer, "/c/other"));
        files.add("/c/other", including(includer, includer.main));
        const auto remarks = remarks_in(read_files(includer.server, includer.main, files));
        REQUIRE_FALSE(remarks.empty());
        CHECK(remarks.front().starts_with("/c/"));
    }
}

TEST_CASE("ten thousand includes are bounded, and it is said") {
    for (const Includer& includer : includers()) {
        CAPTURE(includer.server);
        MemoryFiles files;
        std::string text;
        for (int i = 0; i < 10'000; ++i) {
            files.add(fmt::format("/c/{}.conf", i), "\n");
            text += including(includer, fmt::format("/c/{}.conf", i));
        }
        files.add(includer.main, text);
        const Examination seen = read_files(includer.server, includer.main, files);
        CHECK(seen.reading.sources.size() <= k_most_files + 1);
        CHECK_FALSE(remarks_in(seen).empty());
    }
}

TEST_CASE("an include that is missing is said with its line, unless the server does not mind") {
    for (const Includer& includer : includers()) {
        CAPTURE(includer.server);
        MemoryFiles files;
        files.add(includer.main, "# first\n" + including(includer, "/c/missing.conf"));
        const auto remarks = remarks_in(read_files(includer.server, includer.main, files));
        const bool minds = includer.server != "mariadb" && includer.server != "proftpd";
        if (minds) {
            REQUIRE_FALSE(remarks.empty());
            CHECK(remarks.front().starts_with(includer.main + ":2"));
        }
    }
}

TEST_CASE("one line of a megabyte, unclosed blocks and binary garbage end") {
    const std::array<std::string, 6> texts{
        std::string(k_megabyte, 'x'),  std::string(k_megabyte, '{'),  std::string(k_megabyte, '"'),
        std::string(k_megabyte, '\\'), std::string(k_megabyte, '\n'), bytes_of_any_kind()
    };
    for (const Server& server : servers()) {
        for (const std::string& text : texts) {
            CAPTURE(server.name);
            CAPTURE(static_cast<int>(text.front()));
            MemoryFiles files;
            const std::string main = "/c/" + std::string{server.main_files.front()};
            files.add(main, text);
            const Examination seen = read_files(std::string{server.name}, main, files);
            CHECK(seen.effective.size() == seen.reading.services.size());
        }
    }
}

TEST_CASE("a main file that cannot be read is said for every server") {
    for (const Server& server : servers()) {
        CAPTURE(server.name);
        const MemoryFiles files;
        const Examination seen = read_files(std::string{server.name}, "/c/none.conf", files);
        CHECK_FALSE(remarks_in(seen).empty());
    }
}

TEST_CASE("an openssl.cnf that includes itself ends") {
    MemoryFiles files;
    files.add("/o.cnf", ".include /o.cnf\nopenssl_conf = a\n");
    Sources sources;
    std::vector<Remark> remarks;
    const OpensslPolicy policy = read_openssl_policy(files, "/o.cnf", "", sources, remarks);
    CHECK_FALSE(policy.min_protocol.has_value());
}

} // namespace tlsdoctor::config
