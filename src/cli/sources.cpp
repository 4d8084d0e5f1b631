// SPDX-License-Identifier: Apache-2.0
// Reads lists and recordings.
#include "cli/sources.hpp"

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/output.hpp"
#include "cli/target_list.hpp"
#include "evidence/json.hpp"

namespace tlsdoctor::cli {

namespace {

std::string complaint(std::string_view file, const ListProblem& problem) {
    const std::string column = problem.error.column > 1
                                   ? fmt::format(" (column {})", problem.error.column)
                                   : std::string{};
    return fmt::format(
        "{}:{}: {}{}", file == "-" ? "standard input" : harmless(file), problem.line,
        problem.error.what, column
    );
}

/// A line that holds a whole document; `pretty` puts its opening brace on a line of its own.
bool is_document(std::string_view line) {
    return line.starts_with('{') && line.ends_with('}');
}

} // namespace

std::expected<Sources, UsageError> gather(const Options& options) {
    Sources sources{.targets = options.targets};
    for (const std::string& file : options.target_files) {
        const auto text = read_whole(file);
        if (!text) {
            return std::unexpected{UsageError{.what = text.error()}};
        }
        const TargetList list = read_target_list(*text, options.target_rules);
        sources.targets.insert(sources.targets.end(), list.targets.begin(), list.targets.end());
        for (const ListProblem& problem : list.problems) {
            sources.complaints.push_back(complaint(file, problem));
        }
    }
    if (sources.targets.empty() && sources.complaints.empty()) {
        return std::unexpected{UsageError{.what = "the list holds no target"}};
    }
    return sources;
}

std::expected<std::vector<evidence::Visit>, UsageError>
read_recording(std::string_view text, std::string_view name) {
    const std::vector<std::string_view> lines = split(trimmed(text), '\n');
    const bool one_per_line = is_document(trimmed(lines.front()));
    std::vector<evidence::Visit> visits;
    for (std::size_t i = 0; i < (one_per_line ? lines.size() : 1); ++i) {
        const std::string_view document = one_per_line ? trimmed(lines[i]) : text;
        if (document.empty() && one_per_line) {
            continue;
        }
        auto visit = evidence::visit_from_json(document);
        if (!visit) {
            const std::string line = one_per_line ? fmt::format(":{}", i + 1) : std::string{};
            return std::unexpected{UsageError{
                .what = fmt::format(
                    "{}{}: not a recorded visit: {} ({})", harmless(name), line, visit.error().what,
                    visit.error().where
                ),
                .hint = "'tlsdoctor check HOST --record FILE' makes one"
            }};
        }
        visits.push_back(std::move(*visit));
    }
    return visits;
}

} // namespace tlsdoctor::cli
