// SPDX-License-Identifier: Apache-2.0
// From words of the command line to the first file that the server reads.
#include "cli/config_source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/config_knowledge.hpp"
#include "cli/output.hpp"

namespace tlsdoctor::cli {

namespace {

namespace fs = std::filesystem;
using config::FileKind;

/// Debian 12's versions, by config::Library.
constexpr std::string_view k_library_versions[] = {"3.0.15", "3.7.9", "17.0.15", "1.19.8"};

std::string absolute(const std::string& path) {
    std::error_code ignored;
    return config::joined_path(fs::current_path(ignored).string(), path);
}

std::string file_name(std::string_view path) {
    return std::string{path.substr(path.rfind('/') + 1)};
}

/// The main file of a server below a folder.
std::optional<std::string>
main_below(const config::Files& files, const config::Server& server, const std::string& folder) {
    for (const std::string_view name : server.main_files) {
        const std::string path = config::joined_path(folder, name);
        if (files.kind_of(path) == FileKind::file) {
            return path;
        }
    }
    return std::nullopt;
}

/// A file below the folder that the start command names.
std::optional<std::string>
main_started(const config::Files& files, const ConfigSource& source, const std::string& folder) {
    config::Sources scratch;
    const auto start =
        config::read_start_command(scratch, source.command_path, source.command, folder);
    for (std::size_t i = 1; i < start.words.size(); ++i) {
        const std::string path = config::joined_path(start.folder, start.words[i].text);
        if (files.kind_of(path) == FileKind::file && path.starts_with(folder + "/")) {
            return path;
        }
    }
    return std::nullopt;
}

/// The server whose main file has this name.
const config::Server* server_by_file(std::string_view path) {
    for (const config::Server& server : config::servers()) {
        for (const std::string_view name : server.main_files) {
            if (file_name(name) == file_name(path)) {
                return &server;
            }
        }
    }
    return nullptr;
}

UsageError unknown_owner(const std::string& what) {
    return {
        .what = fmt::format("{}: cannot tell which server's files these are", harmless(what)),
        .hint = "--server NAME says it: nginx, apache, haproxy, postfix ..."
    };
}

/// Reads the start command: a file where there is one of that name, else the text itself.
std::optional<UsageError> read_command(const std::string& typed, ConfigSource& source) {
    if (typed.empty()) {
        return std::nullopt;
    }
    std::error_code ignored;
    if (!fs::is_regular_file(typed, ignored)) {
        source.command = typed;
        source.command_path = "start command";
        return std::nullopt;
    }
    auto text = read_whole(typed);
    if (!text) {
        return UsageError{.what = "--start-command: " + text.error()};
    }
    source.command = *std::move(text);
    source.command_path = absolute(typed);
    return std::nullopt;
}

/// Where the distribution puts it: the first server of the table, or the one that was named.
std::optional<UsageError> find_installed(ConfigSource& source) {
    for (const config::Server& server : config::servers()) {
        for (const std::string_view place : server.places) {
            const std::string path{place};
            const bool wanted = source.server == nullptr || source.server == &server;
            if (wanted && source.files->kind_of(path) == FileKind::file) {
                source.server = &server;
                source.main = path;
                return std::nullopt;
            }
        }
    }
    return UsageError{
        .what = "no configuration of a known server was found on this machine",
        .hint = "name its file or folder: tlsdoctor config /etc/nginx"
    };
}

std::optional<UsageError> find_below(ConfigSource& source, const std::string& folder) {
    for (const config::Server& server : config::servers()) {
        if (source.server != nullptr && source.server != &server) {
            continue;
        }
        auto main = main_below(*source.files, server, folder);
        if (!main && source.server != nullptr) {
            main = main_started(*source.files, source, folder);
        }
        if (main) {
            source.server = &server;
            source.main = *std::move(main);
            return std::nullopt;
        }
    }
    if (source.server == nullptr) {
        return unknown_owner(folder);
    }
    return UsageError{
        .what = fmt::format(
            "{}: no file there that {} reads first", harmless(folder), source.server->product
        ),
        .hint = "name that file instead of the folder"
    };
}

std::optional<UsageError> find_named(ConfigSource& source, const std::string& typed) {
    const std::string path = absolute(typed);
    const FileKind kind = source.files->kind_of(path);
    if (kind == FileKind::folder) {
        return find_below(source, path);
    }
    if (kind != FileKind::file) {
        const auto bytes = source.files->read(path);
        return UsageError{
            .what =
                fmt::format("{}: {}", harmless(typed), bytes ? "is no file" : bytes.error().what)
        };
    }
    source.main = path;
    source.server = source.server == nullptr ? server_by_file(path) : source.server;
    return source.server == nullptr ? std::optional{unknown_owner(typed)} : std::nullopt;
}

} // namespace

config::Input ConfigSource::input() const {
    return {
        .files = *files,
        .knowledge = config_knowledge(),
        .main = main,
        .server_version = server_version,
        .library_version = library_version
    };
}

std::expected<ConfigSource, UsageError> find_config(const ConfigSettings& settings) {
    ConfigSource source{
        .files = std::make_unique<config::DiskFiles>(
            settings.input.empty() ? std::string{} : absolute(settings.input)
        ),
        .server = settings.server.empty() ? nullptr : config::find_server(settings.server)
    };
    auto error = read_command(settings.start_command, source);
    if (!error) {
        error =
            settings.input.empty() ? find_installed(source) : find_named(source, settings.input);
    }
    if (error) {
        return std::unexpected{*std::move(error)};
    }
    const bool given = !settings.server_version.empty();
    source.server_version = given ? settings.server_version : std::string{source.server->version};
    source.version_source = given ? "given" : "assumed";
    source.library_version =
        settings.library_version.empty()
            ? std::string{k_library_versions[std::to_underlying(source.server->library)]}
            : settings.library_version;
    return source;
}

} // namespace tlsdoctor::cli
