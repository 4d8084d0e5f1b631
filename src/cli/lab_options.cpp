// SPDX-License-Identifier: Apache-2.0
// Reads them; what is wrong with a value is said as for `check`.
#include "cli/lab_options.hpp"

#include <chrono>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/values.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr Bounds k_lab_bounds{
    .least = milliseconds{100}, .most = std::chrono::hours{std::int64_t{24} * 7}
};
constexpr std::uint32_t k_last_port = 65535;

} // namespace

std::optional<UsageError>
read_lab(const ParsedOptions& parsed, std::span<const std::string> operands, LabOptions& options) {
    options.cases.assign(operands.begin(), operands.end());
    options.list = parsed.has("list");
    for (const std::string& file : parsed.all("ca")) {
        options.ca_file = file;
    }
    for (const std::string& text : parsed.all("port")) {
        const auto port = number_in(text, k_last_port);
        if (!port || *port == 0) {
            return UsageError{
                .what = fmt::format("--port: '{}' is not one port of 1 to 65535", harmless(text)),
                .hint = {}
            };
        }
        options.port = static_cast<std::uint16_t>(*port);
    }
    for (const std::string& text : parsed.all("deadline")) {
        const auto deadline = read_duration(text, k_lab_bounds);
        if (!deadline) {
            return UsageError{.what = fmt::format("--deadline: {}", deadline.error()), .hint = {}};
        }
        options.deadline = *deadline;
    }
    return std::nullopt;
}

} // namespace tlsdoctor::cli
