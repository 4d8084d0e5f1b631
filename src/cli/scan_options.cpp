// SPDX-License-Identifier: Apache-2.0
// What excludes what is decided here, before a file is opened.
#include "cli/scan_options.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "fleet/entry.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::uint32_t k_most_a_second = 1'000'000;
constexpr std::uint32_t k_most_at_a_host = 1'000;
constexpr std::uint32_t k_most_at_once = 1'000'000;
constexpr std::uint32_t k_most_threads = 64;
constexpr std::uint32_t k_greatest_seed = 0xffff'ffff;

/// A number with its bounds, and where it goes.
struct NumberOption {
    std::string_view name{};
    std::uint32_t least{};
    std::uint32_t most{};
};

constexpr NumberOption k_rate{"rate", 1, k_most_a_second};
constexpr NumberOption k_per_host{"per-host", 1, k_most_at_a_host};
constexpr NumberOption k_concurrency{"concurrency", 1, k_most_at_once};
constexpr NumberOption k_threads{"threads", 1, k_most_threads};
constexpr NumberOption k_seed{"seed", 0, k_greatest_seed};

/// Reads the numbers, the first error wins.
class Numbers {
public:
    explicit Numbers(const ParsedOptions& parsed) : parsed_{parsed} {}

    template <typename T>
    void read(const NumberOption& option, T& into) {
        if (!parsed_.has(option.name) || error) {
            return;
        }
        const std::string text = parsed_.all(option.name).front();
        const auto number = number_in(text, option.most);
        if (!number || *number < option.least) {
            error = UsageError{
                .what = fmt::format(
                    "--{}: '{}' is not a number of {} to {}", option.name, harmless(text),
                    option.least, option.most
                )
            };
            return;
        }
        into = *number;
    }

    std::optional<UsageError> error{};

private:
    const ParsedOptions& parsed_;
};

std::optional<UsageError> misuse_of_resume(const Options& options) {
    const bool from_stdin =
        std::ranges::find(options.target_files, "-") != options.target_files.end();
    if (!options.scan.resume) {
        return std::nullopt;
    }
    if (options.output.json_file.empty() || options.output.json_file == "-") {
        return UsageError{
            .what =
                "--resume reads back what an earlier run wrote, and standard output cannot be read",
            .hint = "-oJ FILE names the file of that run"
        };
    }
    if (from_stdin) {
        return UsageError{
            .what = "--resume reads the list again, and standard input is read once",
            .hint = "-iL FILE names a list in a file"
        };
    }
    if (options.output.overwrite) {
        return UsageError{
            .what = "--resume and --overwrite exclude each other", .hint = "one of them must go"
        };
    }
    return std::nullopt;
}

} // namespace

std::optional<UsageError>
read_scan(const ParsedOptions& parsed, std::span<const std::string> operands, Options& options) {
    ScanSettings& scan = options.scan;
    options.target_files = parsed.all("targets");
    scan.words.assign(operands.begin(), operands.end());
    scan.exclude = parsed.has("exclude") ? parsed.all("exclude").front() : "";
    scan.resume = parsed.has("resume");
    Numbers numbers{parsed};
    numbers.read(k_rate, scan.rate);
    numbers.read(k_per_host, scan.per_host);
    numbers.read(k_concurrency, scan.concurrency);
    numbers.read(k_threads, scan.threads);
    numbers.read(k_seed, scan.seed);
    if (numbers.error) {
        return std::move(numbers.error);
    }
    if (parsed.has("port")) {
        auto ports = fleet::read_ports(parsed.all("port").front());
        if (!ports) {
            return UsageError{
                .what = fmt::format("--port: {}", ports.error()),
                .hint = "443, 443,8443 and 8000-8010 are lists of ports"
            };
        }
        scan.ports = std::move(*ports);
    }
    if (std::ranges::count(options.target_files, "-") + (scan.exclude == "-" ? 1 : 0) > 1) {
        return UsageError{.what = "standard input can be read once"};
    }
    if (options.target_files.empty() && scan.words.empty()) {
        return UsageError{
            .what = "no target", .hint = "tlsdoctor scan -iL FILE, or 'tlsdoctor scan --help'"
        };
    }
    return misuse_of_resume(options);
}

} // namespace tlsdoctor::cli
