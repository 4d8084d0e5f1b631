// SPDX-License-Identifier: Apache-2.0
// What excludes what is decided here, before a file is opened.
#include "cli/config_options.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/policy_option.hpp"
#include "cli/target.hpp"
#include "cli/values.hpp"
#include "config/server.hpp"

namespace tlsdoctor::cli {

namespace {

struct FormatName {
    std::string_view name{};
    ConfigFormat format{};
};
constexpr FormatName k_formats[] = {
    {"text", ConfigFormat::text},
    {"json", ConfigFormat::json},
    {"sarif", ConfigFormat::sarif},
    {"github", ConfigFormat::github},
};

constexpr std::string_view k_most_version_characters = "0123456789.+~-_abcdefghijklmnopqrstuvwxyz";

std::string text_of(const ParsedOptions& parsed, std::string_view name) {
    return parsed.has(name) ? parsed.all(name).front() : std::string{};
}

std::optional<UsageError> unknown_server(const std::string& typed) {
    std::vector<std::string_view> names;
    std::string list;
    for (const config::Server& server : config::servers()) {
        names.push_back(server.name);
        list += (list.empty() ? "" : " ") + std::string{server.name};
    }
    const auto similar = nearest(lower(typed), names);
    return UsageError{
        .what = fmt::format("--server: '{}' is not a known server", harmless(typed)),
        .hint = similar ? fmt::format("'{}'?", *similar) : "known are " + list
    };
}

/// A version is digits and dots, with what distributions add.
bool is_version_text(std::string_view text) {
    return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
           text.find_first_not_of(k_most_version_characters) == std::string_view::npos;
}

std::optional<UsageError>
read_version(const ParsedOptions& parsed, std::string_view name, std::string& into) {
    into = text_of(parsed, name);
    if (!parsed.has(name) || is_version_text(into)) {
        return std::nullopt;
    }
    return UsageError{
        .what = fmt::format("--{}: '{}' is not a version", name, harmless(into)),
        .hint = "versions look like 1.22.1"
    };
}

std::optional<UsageError> read_names(const ParsedOptions& parsed, ConfigSettings& config) {
    if (parsed.has("sni") && parsed.has("no-sni")) {
        return UsageError{.what = "--sni and --no-sni exclude each other"};
    }
    config.no_sni = parsed.has("no-sni");
    if (!parsed.has("sni")) {
        return std::nullopt;
    }
    const std::string typed = text_of(parsed, "sni");
    const auto name = read_name(typed);
    if (!name) {
        return UsageError{
            .what = fmt::format("--sni: {}", name.error().what),
            .hint = "server_name carries DNS names alone"
        };
    }
    config.sni = *name;
    return std::nullopt;
}

std::optional<UsageError> read_format(const ParsedOptions& parsed, Options& options) {
    ConfigSettings& config = options.config;
    const std::string typed = text_of(parsed, "format");
    if (parsed.has("format")) {
        const auto* const row = std::ranges::find(k_formats, typed, &FormatName::name);
        if (row == std::end(k_formats)) {
            return UsageError{
                .what = fmt::format("--format: '{}' is no format", harmless(typed)),
                .hint = "text, json, sarif or github"
            };
        }
        config.format = row->format;
    }
    if (options.output.json && parsed.has("format") && config.format != ConfigFormat::json) {
        return UsageError{
            .what = fmt::format("--json and --format {} exclude each other", typed),
            .hint = "one of them must go"
        };
    }
    options.output.json = options.output.json || config.format == ConfigFormat::json;
    return std::nullopt;
}

std::optional<UsageError> read_actions(const ParsedOptions& parsed, ConfigSettings& config) {
    config.lint = parsed.has("lint");
    config.apply = parsed.has("apply");
    config.reload = parsed.has("reload");
    config.verify = parsed.has("verify");
    if (config.reload && !config.apply) {
        return UsageError{
            .what = "--reload belongs to --apply",
            .hint = "--apply writes the fix, and --reload makes the server take it"
        };
    }
    if (config.lint && (config.apply || config.verify)) {
        return UsageError{
            .what = "--lint looks at files alone", .hint = "--apply and --verify run the server"
        };
    }
    if (config.apply && config.input == "-") {
        return UsageError{
            .what = "--apply changes files, and standard input is none", .hint = "name the files"
        };
    }
    return std::nullopt;
}

std::optional<UsageError> read_target_policy(const ParsedOptions& parsed, ConfigSettings& config) {
    if (!parsed.has("target")) {
        return std::nullopt;
    }
    auto policy = read_policy(text_of(parsed, "target"));
    if (!policy) {
        UsageError error = std::move(policy.error());
        constexpr std::string_view k_option = "--policy";
        if (error.what.starts_with(k_option)) {
            error.what.replace(0, k_option.size(), "--target");
        }
        return error;
    }
    config.target = *std::move(policy);
    return std::nullopt;
}

} // namespace

std::optional<UsageError> read_config_source(const ParsedOptions& parsed, Options& options) {
    ConfigSettings& config = options.config;
    if (parsed.has("config")) {
        config.input = text_of(parsed, "config");
    }
    config.server = text_of(parsed, "server");
    config.start_command = text_of(parsed, "start-command");
    if (parsed.has("server") && config::find_server(config.server) == nullptr) {
        return unknown_server(config.server);
    }
    auto error = read_version(parsed, "server-version", config.server_version);
    return error ? error : read_version(parsed, "library-version", config.library_version);
}

std::optional<UsageError>
read_config(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options) {
    ConfigSettings& config = options.config;
    if (operands.size() > 1) {
        return UsageError{
            .what = "one configuration at a time",
            .hint = "a folder, or the file that the server reads first"
        };
    }
    config.input = operands.empty() ? "" : operands.front();
    config.address = text_of(parsed, "address");
    auto error = read_config_source(parsed, options);
    error = error ? error : read_names(parsed, config);
    error = error ? error : read_target_policy(parsed, config);
    error = error ? error : read_format(parsed, options);
    error = error ? error : read_actions(parsed, config);
    if (error || !parsed.has("expect")) {
        return error;
    }
    auto expect = read_expectations(joined(parsed.all("expect"), ","));
    if (!expect) {
        return UsageError{.what = "--expect: " + expect.error()};
    }
    options.visit.question.expect = *std::move(expect);
    return std::nullopt;
}

} // namespace tlsdoctor::cli
