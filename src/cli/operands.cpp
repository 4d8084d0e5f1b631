// SPDX-License-Identifier: Apache-2.0
// Operands that are texts, or mistakes.
#include "cli/operands.hpp"

#include <string_view>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

/// Options of `explain` that are about asking a server.
constexpr std::string_view k_of_run[] = {
    "ipv4", "ipv6",     "starttls", "proxy",           "ca",      "cert",
    "key",  "insecure", "timeout",  "connect-timeout", "deadline"
};

} // namespace

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

UsageError refused_target(std::string_view typed, const TargetError& error) {
    const std::string place =
        error.column > 1 ? fmt::format(" (column {})", error.column) : std::string{};
    return {
        .what = fmt::format("'{}' is not a target: {}{}", harmless(typed), error.what, place),
        .hint = typed == "-" ? "'-iL -' reads a list of targets from standard input"
                             : "targets look like host, host:port, [::1]:443 or https://host/path"
    };
}

std::optional<UsageError>
read_text(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options) {
    options.run = parsed.has("run");
    options.text = joined(operands, " ");
    options.target_files = parsed.all("targets");
    if (!options.text.empty() && !options.target_files.empty()) {
        return UsageError{
            .what = "a text and a file are two questions", .hint = "one of them must go"
        };
    }
    for (const std::string_view name : k_of_run) {
        if (!options.run && parsed.has(name)) {
            return UsageError{
                .what = fmt::format("--{} belongs to --run", name),
                .hint = "without --run nothing is asked: the text alone is explained"
            };
        }
    }
    return std::nullopt;
}

} // namespace tlsdoctor::cli
