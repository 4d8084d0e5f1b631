// SPDX-License-Identifier: Apache-2.0
// Asking what is installed; see the header.
#include "config/installed.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/files.hpp"
#include "process/run.hpp"

namespace tlsdoctor::config {

namespace {

/// How to ask a server for its version, and where the number stands in the answer.
struct VersionQuestion {
    std::string_view server;
    std::string_view programs; ///< separated by blanks, the likeliest first
    std::string_view words;    ///< the arguments
    std::string_view marker;
    std::string_view units; ///< of systemd
};

constexpr VersionQuestion k_version_questions[] = {
    {"nginx", "nginx openresty", "-v", "nginx/", "nginx"},
    {"apache", "apache2 httpd", "-v", "Apache/", "apache2 httpd"},
    {"haproxy", "haproxy", "-v", "version ", "haproxy"},
    {"postfix", "postconf", "-dh mail_version", "", "postfix@- postfix"},
    {"dovecot", "dovecot", "--version", "", "dovecot"},
    {"lighttpd", "lighttpd", "-v", "lighttpd/", "lighttpd"},
    {"stunnel", "stunnel stunnel4", "-version", "stunnel ", "stunnel4 stunnel"},
    {"caddy", "caddy", "version", "", "caddy"},
    {"postgresql", "postgres", "--version", "(PostgreSQL) ", "postgresql"},
    {"mariadb", "mariadbd mysqld", "--no-defaults --version", "Ver ", "mariadb mysql"},
    {"redis", "redis-server valkey-server", "--version", "v=", "redis-server redis valkey"},
    {"openldap", "slapd", "-VV", "slapd ", "slapd"},
    {"vsftpd", "vsftpd", "-v", "version ", "vsftpd"},
    {"proftpd", "proftpd", "-v", "Version ", "proftpd"},
    {"exim4", "exim4 exim", "-bV", "Exim version ", "exim4 exim"},
    {"hitch", "hitch", "--version", "hitch ", "hitch"},
    {"tomcat", "", "", "", "tomcat10 tomcat9 tomcat"},
    {"prosody", "prosodyctl", "about", "Prosody ", "prosody"},
    {"mosquitto", "mosquitto", "-h", "mosquitto version ", "mosquitto"},
    {"squid", "squid", "-v", "Version ", "squid"},
};

/// Where daemons are that are not in everybody's PATH.
constexpr std::string_view k_program_folders[] = {
    "/usr/sbin/",
    "/usr/local/sbin/",
    "/sbin/",
    "/usr/lib/postgresql/17/bin/",
    "/usr/lib/postgresql/16/bin/",
    "/usr/lib/postgresql/15/bin/",
    "/usr/lib/postgresql/14/bin/",
    "/usr/lib/postgresql/13/bin/",
    "/usr/local/nginx/sbin/",
    "/opt/bitnami/nginx/sbin/"
};
constexpr std::string_view k_unit_folders[] = {
    "/etc/systemd/system/", "/run/systemd/system/", "/usr/local/lib/systemd/system/",
    "/usr/lib/systemd/system/", "/lib/systemd/system/"
};

const VersionQuestion* question_for(const Server& server) {
    const auto row = std::ranges::find(k_version_questions, server.name, &VersionQuestion::server);
    return row == std::end(k_version_questions) ? nullptr : &*row;
}

std::vector<std::string> words_of_text(std::string_view text) {
    std::vector<std::string> words;
    for (const std::string_view word : split(text, ' ')) {
        if (!word.empty()) {
            words.emplace_back(word);
        }
    }
    return words;
}

std::string said_by(std::vector<std::string> argv) {
    const process::Command command{.argv = std::move(argv), .deadline = milliseconds{3000}};
    return process::run(command).output_tail;
}

/// Returns the version of the libcrypto that the program is linked to; empty: static, or none.
std::string linked_openssl(const std::string& program) {
    const DiskFiles disk;
    const std::string ldd = process::path_of("ldd");
    for (const std::string_view line : split(ldd.empty() ? "" : said_by({ldd, program}), '\n')) {
        const std::size_t arrow = line.find(" => /");
        if (arrow == line.npos || !line.contains("libcrypto.so")) {
            continue;
        }
        const std::string_view rest = line.substr(arrow + 4);
        const auto bytes = disk.read(std::string{rest.substr(0, rest.find(' '))});
        return bytes ? openssl_version_in(*bytes) : std::string{};
    }
    return {};
}

/// The process of a program: the oldest one, which is the master where there are workers.
FoundCommand running(const std::string& program) {
    const DiskFiles disk;
    const std::string name = program.substr(program.rfind('/') + 1);
    std::uint32_t best = 0;
    FoundCommand found;
    const auto entries = disk.names_in("/proc");
    for (const std::string& entry : entries ? *entries : std::vector<std::string>{}) {
        const auto pid = number_in(entry, 1U << 30);
        const std::string folder = "/proc/" + entry;
        if (!pid || (best != 0 && *pid > best) || disk.real_path(folder + "/exe") != program) {
            continue;
        }
        const auto cmdline = disk.read(folder + "/cmdline");
        if (cmdline && !cmdline->empty()) {
            const auto environ = disk.read(folder + "/environ");
            found = {command_of_process(*cmdline, environ ? *environ : ""), folder + "/cmdline"};
            best = *pid;
        }
    }
    return found;
}

/// The unit's file and its drop-ins.
FoundCommand unit_named(std::string_view unit) {
    const DiskFiles disk;
    for (const std::string_view folder : k_unit_folders) {
        const std::string path = fmt::format("{}{}.service", folder, unit);
        const auto bytes = disk.read(path);
        if (!bytes) {
            continue;
        }
        std::string text = *bytes;
        for (const std::string& more :
             matches_of(disk, fmt::format("/etc/systemd/system/{}.service.d/*.conf", unit))) {
            text += "\n" + disk.read(more).value_or("");
        }
        return {command_of_unit(text), path};
    }
    return {};
}

} // namespace

std::string program_of(const Server& server) {
    const VersionQuestion* const question = question_for(server);
    const DiskFiles disk;
    for (const std::string& name : words_of_text(question == nullptr ? "" : question->programs)) {
        if (const std::string path = process::path_of(name); !path.empty()) {
            return path;
        }
        for (const std::string_view folder : k_program_folders) {
            const std::string path = std::string{folder} + name;
            if (disk.kind_of(path) == FileKind::file) {
                return path;
            }
        }
    }
    return {};
}

Installed detect(const Server& server) {
    Installed installed{.program = program_of(server)};
    const VersionQuestion* const question = question_for(server);
    if (!installed.program.empty() && question != nullptr) {
        std::vector<std::string> argv{installed.program};
        std::ranges::move(words_of_text(question->words), std::back_inserter(argv));
        installed.server_version = version_behind(said_by(std::move(argv)), question->marker);
    }
    if (server.library != Library::openssl) {
        return installed; // nothing here says the version of the others
    }
    if (!installed.program.empty()) {
        installed.library_version = linked_openssl(installed.program);
    }
    const std::string openssl = process::path_of("openssl");
    if (installed.library_version.empty() && !openssl.empty()) {
        installed.library_version = version_behind(said_by({openssl, "version"}), "OpenSSL ");
    }
    return installed;
}

FoundCommand find_command(const Server& server) {
    const std::string program = program_of(server);
    if (!program.empty()) {
        FoundCommand found = running(DiskFiles{}.real_path(program));
        if (!found.text.empty()) {
            return found;
        }
    }
    const VersionQuestion* const question = question_for(server);
    for (const std::string& unit : words_of_text(question == nullptr ? "" : question->units)) {
        FoundCommand found = unit_named(unit);
        if (!found.text.empty()) {
            return found;
        }
    }
    return {};
}

} // namespace tlsdoctor::config
