// SPDX-License-Identifier: Apache-2.0
// The table of commands. What the tests miss was measured on Debian 12 with each server: a good
// configuration, then one with a wrong TLS value, tested and reloaded.
#include "config/operation.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>
#include <unistd.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr milliseconds k_test_deadline{60'000}; ///< a test resolves names and may wait for DNS
constexpr std::string_view k_empty_list = "an empty list of versions and a cipher string that "
                                          "OpenSSL refuses, with which a reload kills the server";

// clang-format off
constexpr std::array k_operations = {
    Operation{"nginx", "nginx -c {main}", "", "+-t", "+-s reload", "nginx", true, true, ""},
    Operation{"apache", "apache2 -f {main}", "-DFOREGROUND -X -k=", "+-t", "+-k graceful", "apache2", true, false, k_empty_list},
    Operation{"haproxy", "haproxy -f {main}", "-D -W -Ws -db -d -q -V -p= -x= -sf= -st=", "+-c", "kill -USR2 {pid}", "haproxy", true, true, ""},
    Operation{"postfix", "/usr/lib/postfix/sbin/master -c {folder}", "-d -i -s -t -v -w", "postfix -c {folder} check", "postfix -c {folder} reload", "postfix", true, false, "a wrong name of a version, after which STARTTLS answers 454"},
    Operation{"dovecot", "dovecot -c {main}", "-F", "doveconf -n -c {main}", "doveadm -c {main} reload", "dovecot", true, false, "a wrong value, after which every client gets BYE"},
    Operation{"lighttpd", "lighttpd -f {main}", "-D", "+-tt", "", "lighttpd", true, true, ""},
    Operation{"stunnel", "stunnel {main}", "", "", "", "stunnel4", true, false, ""},
    Operation{"caddy", "caddy run --config {main} --adapter caddyfile", "", "caddy validate --config {main} --adapter caddyfile", "caddy reload --config {main} --adapter caddyfile", "caddy", true, true, ""},
    Operation{"postgresql", "postgres -c config_file={main}", "", "^-C ssl_min_protocol_version", "", "postgresql", true, false, "a wrong value in a file that is read at the reload: it is ignored then"},
    Operation{"mariadb", "mariadbd --defaults-file={main}", "", "my_print_defaults --defaults-file={main} --mysqld", "", "mariadb", false, false, "values: it prints what it finds"},
    Operation{"redis", "redis-server {main}", "", "", "", "redis-server", false, false, ""},
    Operation{"openldap", "slapd -f {main}", "-d=", "slaptest -u -f {main}", "", "slapd", false, false, "a priority string that GnuTLS refuses"},
    Operation{"vsftpd", "vsftpd {main}", "", "", "", "vsftpd", false, false, ""},
    Operation{"proftpd", "proftpd -c {main}", "-n --nodaemon", "+-t", "", "proftpd", true, true, ""},
    Operation{"exim4", "exim4 -C {main} -bd", "-bd -bdf -q=", "exim4 -C {main} -bV", "", "exim4", true, false, "a priority string that GnuTLS refuses"},
    Operation{"hitch", "hitch --config={main}", "--daemon", "+--test", "", "hitch", false, true, ""},
    Operation{"tomcat", "", "", "", "", "tomcat10", false, false, ""},
    Operation{"prosody", "prosody --config {main}", "-F -D", "prosodyctl --config {main} check config", "", "prosody", false, false, "words of a `ssl` table that LuaSec refuses"},
    Operation{"mosquitto", "mosquitto -c {main}", "-d", "", "", "mosquitto", false, false, ""},
    Operation{"squid", "squid -f {main}", "-N -d= -Y -s -z", "squid -k parse -f {main}", "squid -k reconfigure -f {main}", "squid", true, true, ""},
};
// clang-format on

constexpr Operation k_unknown{};
constexpr std::uint32_t k_most_number = 1 << 30;

void replace_all(std::string& text, std::string_view token, std::string_view by) {
    for (std::size_t at = text.find(token); at != text.npos;
         at = text.find(token, at + by.size())) {
        text.replace(at, token.size(), by);
    }
}

/// Returns the number in the file that the start command names for it; empty where there is none.
std::string process_number(const Input& input) {
    const auto file = input.start.option("-p");
    const auto bytes = file ? input.files.read(joined_path(input.start.folder, file->text))
                            : std::unexpected{FileError{}};
    const std::string number{bytes ? trimmed(*bytes) : ""};
    return number_in(number, k_most_number).has_value() ? number : "";
}

std::vector<std::string> words_of_row(std::string_view text, const Input& input) {
    std::vector<std::string> words;
    for (const std::string_view part : split(text, ' ')) {
        std::string word{part};
        replace_all(word, "{main}", input.main);
        replace_all(word, "{folder}", folder_of(input.main));
        replace_all(word, "{pid}", process_number(input));
        if (!word.empty()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

/// Returns a start command's words without those that put it into the background.
std::vector<std::string> kept_words(const std::vector<CommandWord>& all, std::string_view dropped) {
    const auto names = split(dropped, ' ');
    const auto is_dropped = [&](const std::string& word, std::string_view ending) {
        return std::ranges::find(names, word + std::string{ending}) != names.end();
    };
    std::vector<std::string> words;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0 && is_dropped(all[i].text, "=")) {
            ++i;
        } else if (i == 0 || all[i].text.empty() || !is_dropped(all[i].text, "")) {
            words.push_back(all[i].text);
        }
    }
    return words;
}

/// Makes a command of a row's text.
process::Command command_of(std::string_view text, const Server& server, const Input& input) {
    process::Command command = start_of(server, input);
    std::vector<std::string>& words = command.argv;
    const char how = text.empty() ? '\0' : text.front();
    const auto more = words_of_row(text.substr(how == '+' || how == '^' ? 1 : 0), input);
    if (text.empty()) {
        words.clear();
    } else if (how == '+') {
        words.insert(words.end(), more.begin(), more.end());
    } else if (how == '^') {
        words.insert(words.begin() + (words.empty() ? 0 : 1), more.begin(), more.end());
    } else {
        words = more;
    }
    return command;
}

bool runs_systemd() {
    return access("/run/systemd/system", F_OK) == 0 && !process::path_of("systemctl").empty();
}

} // namespace

const Operation& operation_of(const Server& server) {
    const auto row = std::ranges::find(k_operations, server.name, &Operation::server);
    return row == k_operations.end() ? k_unknown : *row;
}

process::Command start_of(const Server& server, const Input& input) {
    const Operation& row = operation_of(server);
    process::Command command{.folder = input.start.folder, .deadline = k_test_deadline};
    command.argv = input.start.words.empty() ? words_of_row(row.start, input)
                                             : kept_words(input.start.words, row.background);
    for (const auto& [name, word] : input.start.environment) {
        command.set.emplace_back(name, word.text);
    }
    return command;
}

process::Command test_of(const Server& server, const Input& input) {
    return command_of(operation_of(server).test, server, input);
}

process::Command reload_of(const Server& server, const Input& input) {
    const Operation& row = operation_of(server);
    if (!row.reloads) {
        return {};
    }
    if (input.start.words.empty() && !row.unit.empty() && runs_systemd()) {
        return {
            .argv = {"systemctl", "reload", std::string{row.unit}}, .deadline = k_test_deadline
        };
    }
    const bool lacks_number = row.reload.contains("{pid}") && process_number(input).empty();
    return command_of(lacks_number ? "" : row.reload, server, input);
}

std::string shown(const process::Command& command) {
    std::string text;
    for (const auto& [name, value] : command.set) {
        text += fmt::format("{}={} ", name, shell_word(value));
    }
    for (const std::string& word : command.argv) {
        text += (text.empty() || text.ends_with(' ') ? "" : " ") + shell_word(word);
    }
    return text;
}

} // namespace tlsdoctor::config
