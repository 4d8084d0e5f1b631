// SPDX-License-Identifier: Apache-2.0
// Looking for configurations; see the header.
#include "config/locate.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/recognise.hpp"

namespace tlsdoctor::config {

namespace {

using LocateResult = std::expected<std::vector<Located>, std::string>;

/// How a server is called and told its main file: an option, or (empty) its first argument.
struct CommandHabit {
    std::string_view server;
    std::string_view programs; ///< with blanks around each
    std::string_view option;
    std::string_view below; ///< the option names a folder, and this is the file in it
};

constexpr CommandHabit k_command_habits[] = {
    {"nginx", " nginx openresty ", "-c", ""},
    {"apache", " apache2 httpd apachectl apache2ctl ", "-f", ""},
    {"haproxy", " haproxy ", "-f", ""},
    {"postfix", " postfix master ", "-c", "main.cf"},
    {"dovecot", " dovecot ", "-c", ""},
    {"lighttpd", " lighttpd ", "-f", ""},
    {"stunnel", " stunnel stunnel4 stunnel5 ", "", ""},
    {"caddy", " caddy ", "--config", ""},
    {"postgresql", " postgres postmaster pg_ctl ", "-D", "postgresql.conf"},
    {"mariadb", " mariadbd mysqld mysqld_safe mariadbd-safe ", "--defaults-file", ""},
    {"redis", " redis-server valkey-server ", "", ""},
    {"openldap", " slapd ", "-f", ""},
    {"vsftpd", " vsftpd ", "", ""},
    {"proftpd", " proftpd ", "-c", ""},
    {"exim4", " exim4 exim ", "-C", ""},
    {"hitch", " hitch ", "--config", ""},
    {"tomcat", " java catalina.sh jsvc ", "-Dcatalina.base", "conf/server.xml"},
    {"prosody", " prosody prosodyctl ", "--config", ""},
    {"mosquitto", " mosquitto ", "-c", ""},
    {"squid", " squid ", "-f", ""},
};

const CommandHabit* habit_of(std::string_view server) {
    const auto row = std::ranges::find(k_command_habits, server, &CommandHabit::server);
    return row == std::end(k_command_habits) ? nullptr : &*row;
}

/// `config_file=` of PostgreSQL's `-c`, which stands above `-D`.
std::string postgresql_main(const StartCommand& command) {
    for (const std::string_view option : {"-c", "--config_file", "--config-file"}) {
        for (const CommandWord& word : command.options(option)) {
            const std::string_view text = word.text;
            if (option != "-c") {
                return std::string{text};
            }
            if (text.starts_with("config_file=")) {
                return std::string{text.substr(12)};
            }
        }
    }
    return {};
}

void add_once(std::vector<Located>& found, Located one) {
    const bool known = std::ranges::any_of(found, [&](const Located& other) {
        return other.server == one.server;
    });
    if (!known) {
        found.push_back(std::move(one));
    }
}

/// The folder as the server knows it, where the file was put elsewhere.
std::vector<Mount> mounts_for(const Server& server, const std::string& main, bool first) {
    std::vector<Mount> mounts;
    const std::string name = main.substr(main.rfind('/') + 1);
    for (const std::string_view place : server.places) {
        const std::string usual = folder_of(place);
        if (place.ends_with("/" + name) && usual != folder_of(main) && usual != "/etc") {
            mounts.push_back({usual, folder_of(main), first});
        }
    }
    return mounts;
}

/// Looks in a folder for one server: a copy of its own folder, of /etc, of the whole tree.
void look_in(
    const Files& files, const std::string& folder, const Server& server, std::vector<Located>& found
) {
    const auto is_file = [&](const std::string& path) {
        return files.kind_of(path) == FileKind::file;
    };
    for (const std::string_view name : server.main_files) {
        const std::string main = joined_path(folder, name);
        if (is_file(main)) {
            add_once(found, {&server, main, mounts_for(server, main, true)});
        }
    }
    for (const std::string_view place : server.places) {
        const std::string whole = joined_path(folder, place.substr(1));
        if (is_file(whole)) {
            add_once(found, {&server, whole, {{"", folder, true}}});
        }
        const std::string below_etc =
            place.starts_with("/etc/") ? joined_path(folder, place.substr(5)) : "";
        if (!below_etc.empty() && is_file(below_etc)) {
            add_once(found, {&server, below_etc, {{"/etc", folder, true}}});
        }
    }
}

/// The files of a folder and of those in it, as far as they may tell something.
std::vector<NamedText> texts_in(const Files& files, const std::string& folder, int depth) {
    constexpr std::size_t k_most_texts = 200;
    std::vector<NamedText> texts;
    const auto names = files.names_in(folder);
    for (const std::string& name : names ? *names : std::vector<std::string>{}) {
        const std::string path = joined_path(folder, name);
        const FileKind kind = files.kind_of(path);
        if (kind == FileKind::folder && depth > 0) {
            auto more = texts_in(files, path, depth - 1);
            std::ranges::move(more, std::back_inserter(texts));
        } else if (kind == FileKind::file) {
            auto bytes = files.read(path);
            texts.push_back({path, bytes ? std::move(*bytes) : std::string{}});
        }
        if (texts.size() > k_most_texts) {
            break;
        }
    }
    return texts;
}

/// No file has a usual name: the only one that can be recognised is it.
LocateResult only_recognisable(const Files& files, const Wanted& wanted) {
    std::vector<Located> found;
    std::string candidates;
    for (const NamedText& text : texts_in(files, wanted.path, 1)) {
        const auto server = recognise({&text, 1});
        if (server && (wanted.server == nullptr || wanted.server == *server)) {
            found.push_back({*server, text.path, {}});
            candidates += fmt::format(
                "{}{} ({})", candidates.empty() ? "" : ", ", text.path, (*server)->name
            );
        }
    }
    if (found.size() == 1) {
        return found;
    }
    if (found.empty()) {
        return std::unexpected{fmt::format(
            "no file in {} is the main file of {}; give that file itself", wanted.path,
            wanted.server == nullptr ? "a server that is known"
                                     : std::string{wanted.server->product}
        )};
    }
    return std::unexpected{fmt::format(
        "several files in {} may be the main one: {}; give one of them", wanted.path, candidates
    )};
}

LocateResult in_folder(const Files& files, const Wanted& wanted) {
    std::vector<Located> found;
    for (const Server& server : servers()) {
        if (wanted.server == nullptr || wanted.server == &server) {
            look_in(files, wanted.path, server, found);
        }
    }
    return found.empty() ? only_recognisable(files, wanted) : LocateResult{found};
}

LocateResult of_file(const Files& files, const Wanted& wanted) {
    const Server* server = wanted.server;
    if (server == nullptr) {
        auto bytes = files.read(wanted.path);
        if (!bytes) {
            return std::unexpected{
                fmt::format("cannot read {}: {}", wanted.path, bytes.error().what)
            };
        }
        const NamedText text{wanted.path, std::move(*bytes)};
        const auto recognised = recognise({&text, 1});
        if (!recognised) {
            return std::unexpected{recognised.error()};
        }
        server = *recognised;
    }
    return std::vector<Located>{{server, wanted.path, mounts_for(*server, wanted.path, false)}};
}

LocateResult on_machine(const Files& files, const Server* only) {
    std::vector<Located> found;
    std::string places;
    for (const Server& server : servers()) {
        for (const std::string_view place : server.places) {
            if (only != nullptr && only != &server) {
                break;
            }
            places += fmt::format("{}{}", places.empty() ? "" : ", ", place);
            if (files.kind_of(std::string{place}) == FileKind::file) {
                add_once(found, {&server, std::string{place}, {}});
            }
        }
    }
    if (!found.empty()) {
        return found;
    }
    return std::unexpected{
        only == nullptr ? "no configuration of a server stands where distributions put it; give "
                          "its file or folder"
                        : fmt::format(
                              "no configuration of {} stands at {}; give its file or folder",
                              only->product, places
                          )
    };
}

/// HAProxy's `-f DIR` reads the .cfg files of a folder in the order of their names, hidden ones
/// left out; the first is its main file.
std::string first_file_of(const Files& files, const std::string& main, const Server& server) {
    if (server.name != "haproxy" || main.empty() || files.kind_of(main) != FileKind::folder) {
        return main;
    }
    auto names = files.names_in(main).value_or(std::vector<std::string>{});
    std::erase_if(names, [&](const std::string& name) {
        return name.starts_with('.') || !name.ends_with(".cfg") ||
               files.kind_of(joined_path(main, name)) != FileKind::file;
    });
    const auto first = std::ranges::min_element(names);
    return first == names.end() ? main : joined_path(main, *first);
}

/// The server that is wanted or started, and the file that the command names.
std::optional<Located> by_command(const Files& files, const Wanted& wanted) {
    if (wanted.command == nullptr) {
        return std::nullopt;
    }
    const Server* const server =
        wanted.server != nullptr ? wanted.server : server_started_by(*wanted.command);
    if (server == nullptr) {
        return std::nullopt;
    }
    const std::string main = first_file_of(files, main_file_in(*wanted.command, *server), *server);
    const bool in_place = wanted.path.empty() || main.starts_with(wanted.path + "/");
    if (main.empty() || !in_place || files.kind_of(main) != FileKind::file) {
        return std::nullopt;
    }
    return Located{server, main, {}};
}

} // namespace

const Server* server_started_by(const StartCommand& command) {
    if (command.words.empty()) {
        return nullptr;
    }
    const std::string& program = command.words.front().text;
    const std::string name = " " + program.substr(program.rfind('/') + 1) + " ";
    for (const CommandHabit& habit : k_command_habits) {
        if (habit.programs.contains(name)) {
            return find_server(habit.server);
        }
    }
    return nullptr;
}

std::string main_file_in(const StartCommand& command, const Server& server) {
    const CommandHabit* const habit = habit_of(server.name);
    std::string text = server.name == "postgresql" ? postgresql_main(command) : "";
    if (habit == nullptr || !text.empty()) {
        return text.empty() ? text : joined_path(command.folder, text);
    }
    if (habit->option.empty()) {
        const auto argument = std::ranges::find_if(
            command.words.begin() + (command.words.empty() ? 0 : 1), command.words.end(),
            [](const CommandWord& word) { return !word.text.starts_with('-'); }
        );
        text = argument == command.words.end() ? "" : argument->text;
    } else if (const auto option = command.option(habit->option)) {
        text = option->text;
    }
    if (text.empty()) {
        return text;
    }
    text = joined_path(command.folder, text);
    return habit->below.empty() ? text : joined_path(text, habit->below);
}

std::expected<std::vector<Located>, std::string> locate(const Files& files, const Wanted& wanted) {
    const FileKind kind = wanted.path.empty() ? FileKind::none : files.kind_of(wanted.path);
    if (!wanted.path.empty() && kind == FileKind::none) {
        return std::unexpected{
            fmt::format("there is no {}, or it may not be looked at", wanted.path)
        };
    }
    if (kind == FileKind::file) {
        return of_file(files, wanted);
    }
    if (const auto located = by_command(files, wanted)) {
        return std::vector<Located>{*located};
    }
    if (kind == FileKind::folder) {
        return in_folder(files, wanted);
    }
    if (kind == FileKind::other) {
        return std::unexpected{fmt::format("{} is neither a file nor a folder", wanted.path)};
    }
    return on_machine(files, wanted.server);
}

} // namespace tlsdoctor::config
