// SPDX-License-Identifier: Apache-2.0
// From words of the command line to the first file that the server reads.
#include "cli/config_source.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/config_knowledge.hpp"
#include "cli/output.hpp"
#include "config/archive.hpp"
#include "config/dump.hpp"
#include "config/installed.hpp"
#include "config/locate.hpp"
#include "config/mounted_files.hpp"

namespace tlsdoctor::cli {

namespace {

namespace fs = std::filesystem;
using config::Files;
using config::MemoryFiles;
using config::Server;

/// Debian 12's versions, by config::Library.
constexpr std::string_view k_library_versions[] = {"3.0.15", "3.7.9", "17.0.15", "1.19.8"};

std::string absolute(const std::string& path) {
    std::error_code ignored;
    return config::joined_path(fs::current_path(ignored).string(), path);
}

/// What is read, before it is known whose it is.
struct Origin {
    std::shared_ptr<const Files> files{};
    std::string path{}; ///< what to look for in them; empty: the distribution's places
    bool on_disk{};
    bool machine{}; ///< nothing was named: the machine's own
};

/// The start command as it was given, or none.
struct GivenCommand {
    std::string text{};
    std::string path{};
    config::StartCommand read{};
};

std::unexpected<UsageError> refused(std::string what, std::string hint = {}) {
    return std::unexpected{UsageError{.what = std::move(what), .hint = std::move(hint)}};
}

/// Reads the start command: a file where there is one of that name, else the text itself.
std::expected<GivenCommand, UsageError>
read_command(const ConfigSettings& settings, const std::string& folder) {
    GivenCommand command{.text = settings.start_command, .path = "start command"};
    std::error_code ignored;
    if (command.text.empty()) {
        return command;
    }
    if (fs::is_regular_file(settings.start_command, ignored)) {
        auto text = read_whole(settings.start_command);
        if (!text) {
            return refused("--start-command: " + text.error());
        }
        command.text = *std::move(text);
        command.path = absolute(settings.start_command);
    }
    config::Sources scratch;
    command.read = config::read_start_command(scratch, command.path, command.text, folder);
    return command;
}

/// An archive's files stand below `/`.
std::expected<std::optional<Origin>, UsageError> open_archive(const std::string& typed) {
    const std::string path = absolute(typed);
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
        return std::nullopt;
    }
    auto bytes = config::DiskFiles{}.read(path);
    if (!bytes || !config::is_archive(*bytes)) {
        return std::nullopt; // what cannot be read is said where it is looked for
    }
    auto files = std::make_shared<MemoryFiles>();
    if (const auto read = config::read_archive(*bytes, *files); !read) {
        return refused(fmt::format("{}: {}", harmless(typed), read.error()));
    }
    return Origin{.files = std::move(files), .path = "/"};
}

std::expected<Origin, UsageError> open_origin(const ConfigSettings& settings) {
    auto disk = std::make_shared<config::DiskFiles>();
    if (settings.input.empty()) {
        return Origin{.files = std::move(disk), .on_disk = true, .machine = true};
    }
    auto archive = open_archive(settings.input);
    if (!archive) {
        return std::unexpected{std::move(archive.error())};
    }
    if (*archive) {
        return **std::move(archive);
    }
    return Origin{.files = std::move(disk), .path = absolute(settings.input), .on_disk = true};
}

bool is_distributions_place(const Server& server, const std::string& main) {
    return std::ranges::find(server.places, main) != server.places.end();
}

/// The first text that is not empty.
std::string first_of(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) {
        if (!text.empty()) {
            return std::string{text};
        }
    }
    return {};
}

/// Given, asked of the installed programs, or what Debian 12 has.
void find_versions(const ConfigSettings& settings, ConfigSource& source) {
    const bool all_given = !settings.server_version.empty() && !settings.library_version.empty();
    config::Installed found;
    if (source.on_disk && !all_given) {
        found = config::detect(*source.server);
    }
    source.version_source = !settings.server_version.empty() ? "given"
                            : !source.server_version.empty() || !found.server_version.empty()
                                ? "detected"
                                : "assumed";
    source.server_version = first_of(
        {settings.server_version, source.server_version, found.server_version,
         source.server->version}
    );
    const std::string_view usual = k_library_versions[std::to_underlying(source.server->library)];
    source.library_version = first_of({settings.library_version, found.library_version, usual});
}

ConfigSource
source_of(const Origin& origin, config::Located&& located, const GivenCommand& command) {
    ConfigSource source{
        .beneath = origin.files,
        .files = std::make_unique<config::MountedFiles>(*origin.files, std::move(located.mounts)),
        .server = located.server,
        .main = std::move(located.main),
        .command = command.text,
        .command_path = command.path,
        .on_disk = origin.on_disk
    };
    source.installed = origin.machine || is_distributions_place(*source.server, source.main);
    if (source.command.empty() && source.installed && source.on_disk) {
        const config::FoundCommand found = config::find_command(*source.server);
        source.command = found.text;
        source.command_path = found.from;
    }
    return source;
}

/// The output of `nginx -T` and the like.
std::expected<std::vector<ConfigSource>, UsageError>
read_standard_input(const ConfigSettings& settings, const Server* said) {
    auto text = read_whole("-");
    if (!text) {
        return refused(text.error());
    }
    auto files = std::make_shared<MemoryFiles>();
    auto dump = config::read_dump(*std::move(text), said, *files);
    if (!dump) {
        return refused(dump.error());
    }
    const auto command = read_command(settings, config::folder_of(dump->main));
    if (!command) {
        return std::unexpected{command.error()};
    }
    const Origin origin{.files = std::move(files)};
    std::vector<ConfigSource> all;
    all.push_back(source_of(origin, {.server = dump->server, .main = dump->main}, *command));
    all.front().server_version = dump->server_version;
    find_versions(settings, all.front());
    return all;
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

std::expected<std::vector<ConfigSource>, UsageError> find_configs(const ConfigSettings& settings) {
    const Server* const said =
        settings.server.empty() ? nullptr : config::find_server(settings.server);
    if (settings.input == "-") {
        return read_standard_input(settings, said);
    }
    const auto origin = open_origin(settings);
    if (!origin) {
        return std::unexpected{origin.error()};
    }
    const bool is_folder = origin->files->kind_of(origin->path) == config::FileKind::folder;
    const auto command =
        read_command(settings, is_folder ? origin->path : config::folder_of(origin->path));
    if (!command) {
        return std::unexpected{command.error()};
    }
    const config::Wanted wanted{
        .path = origin->path,
        .server = said,
        .command = command->text.empty() ? nullptr : &command->read
    };
    auto located = config::locate(*origin->files, wanted);
    if (!located) {
        return refused(located.error(), "'tlsdoctor config --help' lists the servers");
    }
    std::vector<ConfigSource> all;
    for (config::Located& one : *located) {
        all.push_back(source_of(*origin, std::move(one), *command));
        find_versions(settings, all.back());
    }
    return all;
}

} // namespace tlsdoctor::cli
