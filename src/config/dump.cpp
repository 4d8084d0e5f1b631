// SPDX-License-Identifier: Apache-2.0
// Telling dumps apart by their first lines; see the header.
#include "config/dump.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/recognise.hpp"

namespace tlsdoctor::config {

namespace {

using DumpResult = std::expected<Dump, std::string>;

constexpr std::string_view k_nginx_header = "# configuration file ";
constexpr std::string_view k_apache_header = "# In file: ";

std::size_t end_of_line(std::string_view text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

/// Finds a header at the beginning of a line, from `at`.
std::size_t find_header(std::string_view text, std::string_view header, std::size_t at) {
    while (at < text.size()) {
        if (text.substr(at).starts_with(header)) {
            return at;
        }
        at = end_of_line(text, at) + 1;
    }
    return text.npos;
}

/// `# configuration file PATH:`, the file, and an empty line that nginx adds.
DumpResult read_nginx_dump(std::string_view text, MemoryFiles& files) {
    std::string main;
    std::size_t at = find_header(text, k_nginx_header, 0);
    while (at != text.npos) {
        const std::size_t end = end_of_line(text, at);
        std::string_view path = trimmed(text.substr(at, end - at)).substr(k_nginx_header.size());
        path.remove_suffix(path.ends_with(':') ? 1 : 0);
        const std::size_t begin = std::min(end + 1, text.size());
        at = find_header(text, k_nginx_header, begin);
        std::string_view bytes = text.substr(begin, at == text.npos ? at : at - begin);
        bytes.remove_suffix(bytes.ends_with('\n') ? 1 : 0);
        files.add(joined_path("/", path), std::string{bytes});
        main = main.empty() ? joined_path("/", path) : main;
    }
    return Dump{find_server("nginx"), main, {}};
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
    if (may_be("nginx") && find_header(text, k_nginx_header, 0) != text.npos) {
        return read_nginx_dump(text, files);
    }
    if (may_be("nginx") && text.starts_with("nginx: [")) {
        return std::unexpected{fmt::format(
            "nginx prints no files where its configuration is broken: {}",
            harmless(std::string_view{text}.substr(0, end_of_line(text, 0)))
        )};
    }
    if (may_be("apache") && find_header(text, k_apache_header, 0) != text.npos) {
        return read_as("apache", "/apache2.conf", std::move(text), files);
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
