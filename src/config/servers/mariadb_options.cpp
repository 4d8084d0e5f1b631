// SPDX-License-Identifier: Apache-2.0
// Option files; see the header. [mysys/my_default.c, mysys/my_getopt.c]
#include "config/servers/mariadb_options.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

/// Groups that the server reads; those of its version are built from these.
constexpr std::string_view k_mariadb_groups[] = {
    "mysqld", "server", "mariadb", "mariadbd", "galera"
};
constexpr std::string_view k_mariadb_clients[] = {
    "client", "client-server", "client-mariadb", "mysql", "mariadb-client"
};
constexpr std::string_view k_mariadb_known[] = {"ssl",           "ssl_ca",     "ssl_capath",
                                                "ssl_cert",      "ssl_cipher", "ssl_crl",
                                                "ssl_crlpath",   "ssl_key",    "tls_version",
                                                "ssl_passphrase"};

/// What is put in front of names, and the value that it gives to what has none.
struct MariadbPrefix {
    std::string_view text;
    std::string_view value;
};
constexpr MariadbPrefix k_mariadb_prefixes[] = {
    {"loose_", ""}, {"skip_", "0"}, {"disable_", "0"}, {"enable_", "1"}, {"maximum_", ""}
};

/// An option under its own name.
struct MariadbName {
    std::string name;
    std::string implied; ///< the value where none is given
    bool loose{};
};

MariadbName mariadb_name(std::string_view written) {
    MariadbName result{.name = std::string{written}, .implied = "1"};
    std::ranges::replace(result.name, '-', '_');
    for (bool again = true; again;) {
        again = false;
        for (const MariadbPrefix& prefix : k_mariadb_prefixes) {
            if (result.name.starts_with(prefix.text)) {
                result.name.erase(0, prefix.text.size());
                result.loose = result.loose || prefix.text == "loose_";
                result.implied = prefix.value.empty() ? result.implied : prefix.value;
                again = true;
            }
        }
    }
    return result;
}

/// A beginning that only one option has is that option.
std::string mariadb_completed(const std::string& name) {
    if (std::ranges::find(k_mariadb_known, name) != std::end(k_mariadb_known) || name.size() < 5) {
        return name;
    }
    std::string_view found;
    for (const std::string_view known : k_mariadb_known) {
        if (known.starts_with(name)) {
            if (!found.empty()) {
                return name;
            }
            found = known;
        }
    }
    return found.empty() ? name : std::string{found};
}

class MariadbReader final {
public:
    MariadbReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {
        const auto parts = split(reading.server_version, '.');
        branch_ = parts.size() > 1 ? fmt::format("-{}.{}", parts[0], parts[1]) : "";
        if (const auto suffix = input.start.option("--defaults-group-suffix")) {
            suffix_ = suffix->text;
        }
    }

    Settings read() {
        if (!has_flag("--no-defaults")) {
            read_file(input_.main, std::nullopt, 0);
            read_extra_file();
        }
        read_command();
        return std::move(settings_);
    }

private:
    bool has_flag(std::string_view name) const {
        return std::ranges::any_of(input_.start.words, [&](const CommandWord& word) {
            return word.text == name;
        });
    }

    void read_extra_file() {
        const auto extra = input_.start.option("--defaults-extra-file");
        if (extra) {
            read_file(joined_path(input_.start.folder, extra->text), extra->place, 1);
        }
    }

    void read_file(const std::string& path, std::optional<Place> from, std::size_t depth) {
        if (depth > 10 || reading_.sources.size() > k_most_files) { // MAX_ALLOWED_INCLUDE_DEPTH
            reading_.fatal.push_back({*from, "!include is nested too deeply, or forms a circle"});
            return;
        }
        const auto bytes = input_.files.read(path);
        if (!bytes) {
            const Place place = from.value_or(Place{reading_.sources.add(path, "")});
            // an !include that is not there is passed over, measured with 10.11.19
            auto& remarks = depth == 0 ? reading_.fatal : reading_.warnings;
            remarks.push_back({place, fmt::format("cannot read {}: {}", path, bytes.error().what)});
            return;
        }
        const FileId file = reading_.sources.add(input_.files.real_path(path), *bytes);
        const Document document = read_key_value(reading_.sources, file, k_mysql_dialect);
        for (const Remark& fault : document.faults) {
            reading_.fatal.push_back({fault.place, "MariaDB cannot read this: " + fault.what});
        }
        for (const Statement& statement : document.statements) {
            if (!statement.section) {
                outside(statement, depth);
                continue;
            }
            const std::string why = why_ignored(statement.words.front().text);
            for (const Statement& inner : statement.body) {
                follow(inner, why, depth);
            }
        }
    }

    void outside(const Statement& statement, std::size_t depth) {
        if (statement.words.front().text.starts_with('!')) {
            follow(statement, {}, depth);
        } else {
            reading_.fatal.push_back({statement.place, "found option without preceding group"});
        }
    }

    /// Returns why a group does not count; empty where it does.
    std::string why_ignored(std::string_view group) const {
        if (!suffix_.empty() && group.ends_with(suffix_)) {
            group.remove_suffix(suffix_.size());
        }
        for (const std::string_view own : k_mariadb_groups) {
            if (group == own || (!branch_.empty() && group == std::string{own} + branch_)) {
                return {};
            }
        }
        if (std::ranges::find(k_mariadb_clients, group) != std::end(k_mariadb_clients)) {
            return "this group is read by client programs only";
        }
        const bool other_version = std::ranges::any_of(k_mariadb_groups, [&](std::string_view own) {
            return group.starts_with(std::string{own} + "-");
        });
        return other_version
                   ? "this group is read by another version of the server"
                   : fmt::format("the server does not read the group [{}]", harmless(group));
    }

    void follow(const Statement& statement, const std::string& why_ignored, std::size_t depth) {
        const std::string& name = statement.words.front().text;
        if (name == "!include") {
            read_file(included(statement), statement.place, depth + 1);
        } else if (name == "!includedir") {
            read_folder(included(statement), statement.place, depth);
        } else {
            const bool has_value =
                statement.words.size() > 1 || reading_.sources.text(statement.place).contains('=');
            add(name, has_value ? std::optional{value_of(statement)} : std::nullopt,
                statement.place, values_of(statement), why_ignored);
        }
    }

    std::string included(const Statement& statement) const {
        return joined_path(folder_of(input_.main), value_of(statement));
    }

    void read_folder(const std::string& folder, Place from, std::size_t depth) {
        const auto names = input_.files.names_in(folder);
        if (!names) {
            reading_.fatal.push_back(
                {from, fmt::format("can't read dir of {}: {}", folder, names.error().what)}
            );
            return;
        }
        for (const std::string& name : *names) {
            const std::string path = joined_path(folder, name);
            if (name.ends_with(".cnf") && input_.files.kind_of(path) == FileKind::file) {
                read_file(path, from, depth + 1);
            }
        }
    }

    void
    add(std::string_view written, std::optional<std::string_view> value, Place statement,
        Place value_place, const std::string& why_ignored) {
        MariadbName name = mariadb_name(written);
        name.name = mariadb_completed(name.name);
        const bool about_tls = name.name.starts_with("ssl") || name.name.starts_with("tls");
        const bool known =
            std::ranges::find(k_mariadb_known, name.name) != std::end(k_mariadb_known) ||
            name.name == "ssl_verify_server_cert";
        if (about_tls && !known && why_ignored.empty() && !name.loose) {
            reading_.fatal.push_back(
                {statement, fmt::format("unknown variable '{}'", harmless(name.name))}
            );
        }
        std::string text = value ? std::string{*value} : name.implied;
        if (value && name.implied == "0" && name.name == "ssl") {
            text = text == "0" ? "1" : "0"; // skip_ssl = 0
        }
        settings_.add({std::move(name.name), std::move(text), statement, value_place, why_ignored});
    }

    void read_command() {
        const auto& words = input_.start.words;
        for (std::size_t i = 1; i < words.size(); ++i) {
            const std::string_view text = words[i].text;
            if (!text.starts_with("--")) {
                continue;
            }
            const std::size_t equals = text.find('=');
            const bool next =
                equals == text.npos && i + 1 < words.size() && !words[i + 1].text.starts_with('-');
            const CommandWord& value = next ? words[i + 1] : words[i];
            const Place place{words[i].place.file, words[i].place.begin, value.place.end};
            std::optional<std::string_view> given;
            if (equals != text.npos) {
                given = text.substr(equals + 1);
            } else if (next) {
                given = value.text;
            }
            add(text.substr(2, equals == text.npos ? equals : equals - 2), given, place,
                equals == text.npos ? value.place : value_in_word(reading_.sources, words[i]), {});
        }
    }

    const Input& input_;
    Reading& reading_;
    std::string branch_{}; ///< `-10.11`
    std::string suffix_{};
    Settings settings_{};
};

} // namespace

Settings read_mariadb_options(const Input& input, Reading& reading) {
    return MariadbReader{input, reading}.read();
}

} // namespace tlsdoctor::config
