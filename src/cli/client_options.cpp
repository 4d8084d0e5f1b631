// SPDX-License-Identifier: Apache-2.0
// What excludes what is decided here, before a port is opened or a program is started.
#include "cli/client_options.hpp"

#include <chrono>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/client_walk.hpp"
#include "cli/values.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::uint32_t k_most_connections = 1'000'000;
constexpr Bounds k_client_deadline{.least = milliseconds{100}, .most = std::chrono::hours{24}};

std::string first_text(const ParsedOptions& parsed, std::string_view name) {
    return parsed.has(name) ? parsed.all(name).front() : std::string{};
}

std::optional<UsageError> read_listen(const std::string& text, ClientOptions& client) {
    if (const auto port = number_in(text, 65535)) {
        client.listen_port = static_cast<std::uint16_t>(*port);
        return std::nullopt;
    }
    const auto address = read_address(text.starts_with(':') ? "0.0.0.0" + text : text);
    if (!address || !address->port) {
        return UsageError{
            .what = fmt::format("--listen: '{}' is not [ADDR:]PORT", harmless(text)),
            .hint = "8443 listens on this machine alone, 0.0.0.0:8443 for every machine"
        };
    }
    client.listen_address = address->address;
    client.listen_port = *address->port;
    return std::nullopt;
}

std::optional<UsageError> read_numbers(const ParsedOptions& parsed, Options& options) {
    if (parsed.has("count")) {
        const std::string text = first_text(parsed, "count");
        const auto number = number_in(text, k_most_connections);
        if (!number || *number == 0) {
            return UsageError{
                .what = fmt::format(
                    "--count: '{}' is not a number of 1 to {}", harmless(text), k_most_connections
                )
            };
        }
        options.client.count = number;
    }
    if (parsed.has("deadline")) {
        auto read = read_duration(first_text(parsed, "deadline"), k_client_deadline);
        if (!read) {
            return UsageError{.what = fmt::format("--deadline: {}", read.error())};
        }
        options.client.deadline = *read;
    }
    if (parsed.has("fail-on")) {
        auto read = read_fail_on(first_text(parsed, "fail-on"));
        if (!read) {
            return UsageError{.what = fmt::format("--fail-on: {}", read.error())};
        }
        options.fail_on = *read;
    }
    return std::nullopt;
}

std::optional<UsageError> read_walk(const ParsedOptions& parsed, ClientOptions& client) {
    client.serial = parsed.has("serial");
    client.walks = !parsed.has("no-walk");
    if (!parsed.has("walk")) {
        return std::nullopt;
    }
    if (!client.walks) {
        return UsageError{.what = "--walk and --no-walk exclude each other"};
    }
    auto groups = read_walk_groups(first_text(parsed, "walk"));
    if (!groups) {
        return UsageError{.what = fmt::format("--walk: {}", groups.error())};
    }
    client.walk_groups = std::move(*groups);
    return client.command.empty() ? std::optional(UsageError{
                                        .what = "--walk needs a command to run",
                                        .hint = "tlsdoctor client -- curl https://{}/"
                                    })
                                  : std::nullopt;
}

std::optional<UsageError> contradiction(const ParsedOptions& parsed, bool has_command) {
    for (const std::string_view name : {"listen", "count", "local", "replay"}) {
        if (has_command && parsed.has(name)) {
            return UsageError{.what = fmt::format("--{} takes no command to run", name)};
        }
    }
    for (const std::string_view name : {"listen", "count", "replay", "record"}) {
        if (parsed.has("local") && parsed.has(name)) {
            return UsageError{.what = fmt::format("--local and --{} exclude each other", name)};
        }
    }
    if (parsed.has("replay") && parsed.has("listen")) {
        return UsageError{.what = "--replay and --listen exclude each other"};
    }
    return std::nullopt;
}

} // namespace

std::optional<UsageError> read_client_options(
    const ParsedOptions& parsed, std::span<const std::string> operands, Options& options
) {
    options.client.command.assign(operands.begin(), operands.end());
    options.client.local = parsed.has("local");
    options.replay = first_text(parsed, "replay");
    if (auto error = contradiction(parsed, !operands.empty())) {
        return error;
    }
    if (!operands.empty() && operands.front().empty()) {
        return UsageError{.what = "the command to run is empty"};
    }
    if (auto error = read_numbers(parsed, options)) {
        return error;
    }
    if (auto error = read_walk(parsed, options.client)) {
        return error;
    }
    if (parsed.has("listen")) {
        return read_listen(first_text(parsed, "listen"), options.client);
    }
    return std::nullopt;
}

std::optional<UsageError> refused_operands(const Normalised& line) {
    if (line.operands.empty()) {
        return std::nullopt;
    }
    return UsageError{
        .what = fmt::format(
            "'{}' takes no operand, and got '{}'", name_of(line.command),
            harmless(line.operands.front())
        ),
        .hint = fmt::format("a host of that name is written 'check {}'", name_of(line.command))
    };
}

} // namespace tlsdoctor::cli
