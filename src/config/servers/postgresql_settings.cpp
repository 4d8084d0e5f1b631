// SPDX-License-Identifier: Apache-2.0
// Files and options of PostgreSQL; see the header. [src/backend/utils/misc/guc-file.l]
#include "config/servers/postgresql_settings.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

/// Every parameter that begins with `ssl`; another one is fatal.
constexpr std::string_view k_postgresql_known[] = {
    "ssl",
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_ciphers",
    "ssl_crl_dir",
    "ssl_crl_file",
    "ssl_dh_params_file",
    "ssl_ecdh_curve",
    "ssl_key_file",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload",
    "ssl_prefer_server_ciphers",
    "ssl_renegotiation_limit"
};

/// Options of `postgres` that are short for a setting; the second part is the value, empty where
/// the next word is.
constexpr std::array<std::array<std::string_view, 3>, 5> k_postgresql_short = {
    {{"-p", "port", ""},
     {"-h", "listen_addresses", ""},
     {"-i", "listen_addresses", "*"},
     {"-l", "ssl", "on"},
     {"-D", "data_directory", ""}}
};

class PostgresqlReader final {
public:
    PostgresqlReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}

    PostgresqlSettings read() {
        read_file(input_.main, {}, false, 0);
        result_.data_folder = data_folder();
        read_auto_conf();
        read_command();
        return std::move(result_);
    }

private:
    void read_file(const std::string& path, Place from, bool may_be_missing, std::size_t depth) {
        if (depth > 10 || reading_.sources.size() > k_most_files) { // CONF_FILE_MAX_DEPTH
            reading_.fatal.push_back({from, "includes are nested too deeply, or form a circle"});
            return;
        }
        const auto bytes = input_.files.read(path);
        if (!bytes) {
            if (may_be_missing && input_.files.kind_of(path) == FileKind::none) {
                return;
            }
            const Place place = depth == 0 ? Place{reading_.sources.add(path, "")} : from;
            reading_.fatal.push_back(
                {place, fmt::format("could not open {}: {}", path, bytes.error().what)}
            );
            return;
        }
        const FileId file = reading_.sources.add(input_.files.real_path(path), *bytes);
        const Document document = read_key_value(reading_.sources, file, k_postgresql_dialect);
        for (const Remark& fault : document.faults) {
            reading_.fatal.push_back({fault.place, "syntax error: " + fault.what});
        }
        for (const Statement& statement : document.statements) {
            follow(statement, path, depth);
        }
    }

    void follow(const Statement& statement, const std::string& path, std::size_t depth) {
        if (statement.words.size() != 2 || !is_value(statement.words[1])) {
            reading_.fatal.push_back({statement.place, "syntax error: PostgreSQL wants one value"});
            return;
        }
        const std::string name = lower(statement.words.front().text);
        const std::string& value = statement.words[1].text;
        const std::string whole = joined_path(folder_of(path), value);
        if (name == "include" || name == "include_if_exists") {
            read_file(whole, statement.place, name != "include", depth + 1);
        } else if (name == "include_dir") {
            read_folder(whole, statement.place, depth);
        } else {
            check_name(name, statement.place);
            result_.settings.add({name, value, statement.place, statement.words[1].place});
        }
    }

    /// What the lexer takes without quotes: a word, or a number with a unit.
    static bool is_value(const Word& word) {
        return word.quoted || std::ranges::all_of(word.text, [](char c) {
                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || std::string_view{"_-+.:/$"}.contains(c) ||
                          static_cast<unsigned char>(c) >= 0x80;
               });
    }

    void check_name(const std::string& name, Place place) {
        const bool newer = (name == "ssl_groups" || name == "ssl_tls13_ciphers") &&
                           !older(input_.server_version, "18");
        const bool known =
            std::ranges::find(k_postgresql_known, name) != std::end(k_postgresql_known);
        if (name.starts_with("ssl") && !known && !newer) {
            reading_.fatal.push_back({place, "unrecognized configuration parameter " + name});
        }
    }

    void read_folder(const std::string& folder, Place from, std::size_t depth) {
        const auto names = input_.files.names_in(folder);
        if (!names) {
            reading_.fatal.push_back(
                {from, fmt::format("could not open directory {}: {}", folder, names.error().what)}
            );
            return;
        }
        for (const std::string& name : *names) {
            const std::string path = joined_path(folder, name);
            if (name.ends_with(".conf") && name.size() > 5 && !name.starts_with('.') &&
                input_.files.kind_of(path) == FileKind::file) {
                read_file(path, from, false, depth + 1);
            }
        }
    }

    std::string data_folder() const {
        if (const Setting* const setting = result_.settings.find("data_directory")) {
            return joined_path(input_.start.folder, setting->value);
        }
        if (const auto option = input_.start.option("-D")) {
            return joined_path(input_.start.folder, option->text);
        }
        return folder_of(input_.main);
    }

    void read_auto_conf() {
        const std::string path = joined_path(result_.data_folder, "postgresql.auto.conf");
        const std::string original = original_of(input_.start, path);
        if (input_.files.kind_of(original) != FileKind::none) {
            read_file(original, {}, true, 1);
            return;
        }
        const bool made_by_script =
            std::ranges::any_of(input_.start.copies, [&](const Copied& copy) {
                return copy.to.starts_with(result_.data_folder);
            });
        const Setting* const said = result_.settings.find("data_directory");
        if (said != nullptr && !made_by_script && !input_.files.names_in(result_.data_folder)) {
            reading_.not_understood.push_back(
                {said->statement, "postgresql.auto.conf in this folder overrides all of this, and "
                                  "cannot be read here"}
            );
        }
    }

    void read_command() {
        const auto& words = input_.start.words;
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string& text = words[i].text;
            if (text == "-c" && i + 1 < words.size()) {
                ++i;
                add_word(words[i], words[i].text);
            } else if (text.starts_with("-c") && text.contains('=')) {
                add_word(words[i], text.substr(2));
            } else if (text.starts_with("--") && text.contains('=')) {
                add_word(words[i], text.substr(2));
            } else {
                i += add_short(i);
            }
        }
    }

    /// Takes `name=value`; dashes in the name are underscores.
    void add_word(const CommandWord& word, const std::string& text) {
        const std::size_t equals = text.find('=');
        std::string name = lower(text.substr(0, equals));
        std::ranges::replace(name, '-', '_');
        if (equals == text.npos || name == "config_file" || name == "data_directory") {
            return;
        }
        check_name(name, word.place);
        result_.settings.add(
            {name, text.substr(equals + 1), word.place, value_in_word(reading_.sources, word)}
        );
    }

    /// Returns how many more words were taken.
    std::size_t add_short(std::size_t at) {
        const auto& words = input_.start.words;
        for (const auto& [option, name, value] : k_postgresql_short) {
            const CommandWord& word = words[at];
            if (!word.text.starts_with(option) || name == "data_directory") {
                continue;
            }
            if (!value.empty() && word.text == option) {
                result_.settings.add({std::string{name}, std::string{value}, word.place, word.place}
                );
                return 0;
            }
            if (word.text == option && at + 1 < words.size()) {
                const CommandWord& next = words[at + 1];
                result_.settings.add({std::string{name}, next.text, next.place, next.place});
                return 1;
            }
            if (value.empty()) {
                result_.settings.add(
                    {std::string{name}, word.text.substr(2), word.place, word.place}
                );
                return 0;
            }
        }
        return 0;
    }

    const Input& input_;
    Reading& reading_;
    PostgresqlSettings result_{};
};

} // namespace

PostgresqlSettings read_postgresql_settings(const Input& input, Reading& reading) {
    return PostgresqlReader{input, reading}.read();
}

} // namespace tlsdoctor::config
