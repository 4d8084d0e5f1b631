// SPDX-License-Identifier: Apache-2.0
// What programs, units and processes say, as text; see installed.hpp.
#include "config/installed.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_version_digits = "0123456789";

/// Variables that change what a server's TLS does, or that configurations refer to.
constexpr std::string_view k_telling_variables[] = {
    "OPENSSL_",    "SSL_CERT_", "GNUTLS_",     "APACHE_", "CATALINA_", "JAVA_OPTS",
    "JDK_JAVA_",   "HAPROXY_",  "CADDY_",      "PGDATA",  "PROSODY_",  "TLS_",
    "MYSQLD_OPTS", "EXTRAOPTS", "DAEMON_OPTS", "SLAPD_",  "CONFIG",    "CFGFILE"
};

bool is_telling_variable(std::string_view assignment) {
    const std::string_view name = assignment.substr(0, assignment.find('='));
    const bool secret = name.contains("PASS") || name.contains("SECRET") ||
                        name.contains("TOKEN") || name.contains("_KEY");
    return !secret && std::ranges::any_of(k_telling_variables, [&](std::string_view begin) {
        return name.starts_with(begin);
    });
}

std::string export_line(std::string_view assignment) {
    const std::size_t equals = assignment.find('=');
    if (equals == assignment.npos) {
        return {};
    }
    return fmt::format(
        "export {}={}\n", assignment.substr(0, equals), shell_word(assignment.substr(equals + 1))
    );
}

/// Takes the quotes of systemd off; a word of `Environment=` may have blanks between them.
std::vector<std::string> unit_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    char quote = 0;
    for (const char c : text) {
        if (quote != 0) {
            quote = c == quote ? char{0} : quote;
            word += quote == 0 ? "" : std::string(1, c);
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c != ' ' && c != '\t') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty()) {
        words.push_back(std::move(word));
    }
    return words;
}

/// Puts in what a unit knows: `$EXTRAOPTS`, `${CONFIG}`; others stay.
std::string with_variables(std::string text, const std::map<std::string, std::string>& variables) {
    for (const auto& [name, value] : variables) {
        for (const std::string& use : {"${" + name + "}", "$" + name}) {
            for (std::size_t at = text.find(use); at != text.npos;
                 at = text.find(use, at + value.size())) {
                text.replace(at, use.size(), value);
            }
        }
    }
    return text;
}

} // namespace

std::string version_behind(std::string_view output, std::string_view marker) {
    std::size_t at = marker.empty() ? 0 : output.find(marker);
    if (at == output.npos) {
        return {};
    }
    at = output.find_first_of(k_version_digits, at + marker.size());
    while (at != output.npos) {
        std::size_t end = std::min(output.find_first_not_of("0123456789.", at), output.size());
        const std::string_view number = output.substr(at, end - at);
        if (number.contains('.')) {
            return std::string{number.substr(0, number.find_last_not_of('.') + 1)};
        }
        at = output.find_first_of(k_version_digits, end);
    }
    return {};
}

std::string openssl_version_in(std::string_view bytes) {
    constexpr std::string_view marker = "OpenSSL ";
    for (std::size_t at = bytes.find(marker); at != bytes.npos; at = bytes.find(marker, at + 1)) {
        const std::string_view rest = bytes.substr(at + marker.size(), 8);
        const std::size_t end = std::min(rest.find_first_not_of("0123456789."), rest.size());
        if (std::ranges::count(rest.substr(0, end), '.') == 2) {
            return std::string{rest.substr(0, end)};
        }
    }
    return {};
}

std::string command_of_unit(std::string_view text) {
    std::string start;
    std::string exports;
    std::map<std::string, std::string> variables;
    std::string joined_text{text};
    for (std::size_t at = joined_text.find("\\\n"); at != joined_text.npos;
         at = joined_text.find("\\\n", at)) {
        joined_text.replace(at, 2, " "); // continued lines
    }
    for (const std::string_view whole : split(joined_text, '\n')) {
        const std::string_view line = trimmed(whole);
        if (line.starts_with("ExecStart=")) {
            start = trimmed(line.substr(10));
        } else if (line.starts_with("Environment=")) {
            for (const std::string& word : unit_words(line.substr(12))) {
                exports += export_line(word);
                const std::size_t equals = word.find('=');
                if (equals != word.npos) {
                    variables[word.substr(0, equals)] = word.substr(equals + 1);
                }
            }
        }
    }
    start.erase(0, std::min(start.find_first_not_of("@-:+!"), start.size()));
    return start.empty() ? start : exports + "exec " + with_variables(start, variables) + "\n";
}

std::string command_of_process(std::string_view cmdline, std::string_view environ) {
    std::string text;
    for (const std::string_view assignment : split(environ, '\0')) {
        if (is_telling_variable(assignment)) {
            text += export_line(assignment);
        }
    }
    while (cmdline.ends_with('\0')) {
        cmdline.remove_suffix(1);
    }
    constexpr std::string_view title = "master process ";
    if (const std::size_t at = cmdline.find(title); at != cmdline.npos && at < 16) {
        return fmt::format("{}exec {}\n", text, trimmed(cmdline.substr(at + title.size())));
    }
    std::string words;
    for (const std::string_view word : split(cmdline, '\0')) {
        words += " " + shell_word(word);
    }
    return fmt::format("{}exec{}\n", text, words);
}

} // namespace tlsdoctor::config
