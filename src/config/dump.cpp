// SPDX-License-Identifier: Apache-2.0
// Telling dumps apart by their first lines; see the header.
#include "config/dump.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/recognise.hpp"
#include "config/servers/apache_dump.hpp"
#include "config/servers/nginx_dump.hpp"

namespace tlsdoctor::config {

namespace {

using DumpResult = std::expected<Dump, std::string>;

constexpr std::string_view k_nginx_header = "# configuration file ";

std::size_t end_of_line(std::string_view text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

bool is_nginx_dump(std::string_view text) {
    return text.starts_with(k_nginx_header) || text.contains("\n# configuration file ");
}

DumpResult read_nginx_dump(std::string_view text, MemoryFiles& files) {
    auto dump = files_of_nginx_dump(text);
    if (!dump) {
        return std::unexpected{"the dump of nginx is cut off in its first line"};
    }
    for (auto& [path, bytes] : dump->files) {
        files.add(path, std::move(bytes));
    }
    return Dump{find_server("nginx"), dump->main, {}};
}

DumpResult read_apache_dump(std::string_view text, MemoryFiles& files) {
    ApacheDump dump = files_of_apache_dump(text);
    if (dump.main.empty()) {
        return std::unexpected{"Apache's dump is cut off in its first line"};
    }
    for (auto& [path, bytes] : dump.files) {
        files.add(path, std::move(bytes));
    }
    return Dump{find_server("apache"), dump.main, {}};
}

/// `# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf`
DumpResult read_dovecot_dump(std::string text, MemoryFiles& files) {
    const std::string_view first = std::string_view{text}.substr(2, end_of_line(text, 0) - 2);
    const std::size_t path = first.find("): /");
    Dump dump{find_server("dovecot"), "/etc/dovecot/dovecot.conf", {}};
    dump.server_version = first.substr(0, first.find(' '));
    if (path != first.npos) {
        dump.main = trimmed(first.substr(path + 3));
    }
    files.add(dump.main, std::move(text));
    return dump;
}

DumpResult
read_as(std::string_view server, std::string main, std::string text, MemoryFiles& files) {
    files.add(main, std::move(text));
    return Dump{find_server(server), std::move(main), {}};
}

bool is_dovecot_dump(std::string_view text) {
    const std::string_view first = text.substr(0, end_of_line(text, 0));
    return first.starts_with("# 2.") && first.contains("dovecot");
}

/// Every line is `name = value`, and a telling name is among them.
bool is_postconf(std::string_view text) {
    bool telling = false;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t equals = line.find(" =");
        const std::string_view name = line.substr(0, equals);
        const bool word =
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == name.npos;
        if (!line.empty() && (equals == line.npos || !word)) {
            return false;
        }
        telling = telling || name.starts_with("smtpd_") || name == "mydestination" ||
                  name == "myhostname" || name == "compatibility_level" || name == "mynetworks";
    }
    return telling;
}

/// A file as it stands, under the name that its server would give it.
DumpResult read_plain(std::string text, const Server* said, MemoryFiles& files) {
    if (said == nullptr) {
        const NamedText named{"what came on standard input", text};
        const auto recognised = recognise({&named, 1});
        if (!recognised) {
            return std::unexpected{recognised.error()};
        }
        said = *recognised;
    }
    std::string main = "/" + std::string{said->main_files.front()};
    files.add(main, std::move(text));
    return Dump{said, std::move(main), {}};
}

} // namespace

std::expected<Dump, std::string>
read_dump(std::string text, const Server* said, MemoryFiles& files) {
    if (trimmed(text).empty()) {
        return std::unexpected{"nothing came on standard input; pipe a configuration or the output "
                               "of `nginx -T` into it"};
    }
    const auto may_be = [&](std::string_view server) {
        return said == nullptr || said->name == server;
    };
    if (may_be("nginx") && is_nginx_dump(text)) {
        return read_nginx_dump(text, files);
    }
    if (may_be("nginx") && text.starts_with("nginx: [")) {
        return std::unexpected{fmt::format(
            "nginx prints no files where its configuration is broken: {}",
            harmless(std::string_view{text}.substr(0, end_of_line(text, 0)))
        )};
    }
    if (may_be("apache") && is_apache_dump(text)) {
        return read_apache_dump(text, files);
    }
    if (may_be("dovecot") && is_dovecot_dump(text)) {
        return read_dovecot_dump(std::move(text), files);
    }
    if (may_be("postfix") && is_postconf(text)) {
        return read_as("postfix", "/etc/postfix/main.cf", std::move(text), files);
    }
    return read_plain(std::move(text), said, files);
}

} // namespace tlsdoctor::config
