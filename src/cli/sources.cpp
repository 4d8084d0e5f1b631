// SPDX-License-Identifier: Apache-2.0
// Reads lists and recordings.
#include "cli/sources.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/output.hpp"
#include "evidence/json.hpp"
#include "fleet/list_reader.hpp"
#include "fleet/target_source.hpp"
#include "net/address.hpp"
#include "net/proxy.hpp"

namespace tlsdoctor::cli {

namespace {

std::string complaint(const fleet::SourceProblem& problem) {
    const fleet::ListProblem& what = problem.problem;
    const std::string column =
        what.column > 1 ? fmt::format(" (column {})", what.column) : std::string{};
    const std::string line = what.line > 0 ? fmt::format(":{}", what.line) : std::string{};
    return fmt::format("{}{}: {}{}", problem.file, line, what.what, column);
}

/// A line that holds a whole document; `pretty` puts its opening brace on a line of its own.
bool is_document(std::string_view line) {
    return line.starts_with('{') && line.ends_with('}');
}

std::string expectations(const std::vector<diagnose::Expectation>& expect) {
    std::string words;
    for (const diagnose::Expectation& expectation : expect) {
        std::string version = lower(name_of(expectation.version));
        std::erase(version, ' ');
        words +=
            (words.empty() ? "" : ",") + std::string(expectation.accepted ? "" : "!") + version;
    }
    return words;
}

/// The options that change what is asked, spelled as they can be typed again: the command that
/// verifies a fix must ask the same question.
std::string options_again(const Options& options) {
    const doctor::Options& visit = options.visit;
    const std::string port = visit.connect_port ? fmt::format(":{}", *visit.connect_port) : "";
    const bool bracketed = !port.empty() && net::is_v6(visit.connect_address);
    const std::string there = bracketed ? "[" + visit.connect_address + "]" : visit.connect_address;
    const std::string& starttls = options.target_rules.starttls;
    const std::string proxy = visit.proxy ? shell_word(net::to_string(*visit.proxy)) : "";
    const std::string expected = expectations(visit.question.expect);
    const std::string policy = visit.question.policy ? visit.question.policy->typed : "";
    const std::pair<bool, std::string> words[] = {
        {visit.insecure, "-k"},
        {visit.versions_only && !visit.inventory.suites, "--versions-only"},
        {visit.versions_only && visit.inventory.suites, "--suites-only"},
        {visit.inventory.rest && !visit.question.policy, "--full"},
        {visit.question.policy.has_value(), "--policy " + shell_word(policy)},
        {!visit.ipv6, "-4"},
        {!visit.ipv4, "-6"},
        {options.target_rules.sni.has_value(),
         "--sni " + shell_word(options.target_rules.sni.value_or(""))},
        {options.target_rules.no_sni, "--no-sni"},
        {!visit.connect_address.empty(), "--connect " + shell_word(there + port)},
        {starttls != "auto", "-t " + starttls},
        {visit.proxy.has_value(), "-x " + proxy},
        {!visit.ca_file.empty(), "--ca " + shell_word(visit.ca_file)},
        {!visit.certificate_file.empty(), "--cert " + shell_word(visit.certificate_file)},
        {!visit.key_file.empty(), "--key " + shell_word(visit.key_file)},
        {!expected.empty(), "--expect " + shell_word(expected)},
        {visit.simulation.one != nullptr,
         "--client " + std::string(visit.simulation.one ? visit.simulation.one->id : "")},
        {!options.client_file.empty(), "--client " + shell_word(options.client_file)},
    };
    std::string again;
    for (const auto& [given, word] : words) {
        if (given) {
            again += (again.empty() ? "" : " ") + word;
        }
    }
    return again;
}

/// `-4` with an IPv6 address, or `-6` with an IPv4 one: there is nothing to look up.
bool is_of_the_wrong_family(const evidence::Target& target, const doctor::Options& visit) {
    return target.literal && visit.connect_address.empty() &&
           !(net::is_v6(target.host) ? visit.ipv6 : visit.ipv4);
}

std::string wrong_family(const evidence::Target& target, const doctor::Options& visit) {
    return fmt::format("{} is no IPv{} address", harmless(target.input), visit.ipv4 ? 4 : 6);
}

/// Reads the lists of `check`, which keeps every target, and the same one as often as it comes.
std::expected<void, UsageError> read_lists(const Options& options, Sources& sources) {
    fleet::TargetSource lists{{
        .files = options.target_files,
        .ports = options.target_rules.port ? std::vector{*options.target_rules.port}
                                           : std::vector<std::uint16_t>{},
        .read_word = word_reader(options),
        .folds = false,
    }};
    if (const auto opened = lists.open(); !opened) {
        return std::unexpected(UsageError{.what = opened.error()});
    }
    while (auto item = lists.next()) {
        if (const auto* const problem = std::get_if<fleet::SourceProblem>(&*item)) {
            if (problem->problem.line == 0) { // the file itself
                return std::unexpected(UsageError{.what = problem->problem.what});
            }
            sources.complaints.push_back(complaint(*problem));
        } else if (sources.targets.size() < k_most_targets_of_check) {
            sources.targets.push_back(std::get<evidence::Target>(std::move(*item)));
        } else {
            return std::unexpected(UsageError{
                .what = fmt::format("the lists hold more than {} targets", k_most_targets_of_check),
                .hint = "'tlsdoctor scan -iL FILE' is for fleets"
            });
        }
    }
    return {};
}

} // namespace

fleet::WordReader word_reader(const Options& options) {
    const std::string again = options_again(options);
    const std::string proxy = options.visit.proxy ? net::to_string(*options.visit.proxy) : "";
    return [rules = options.target_rules, visit = options.visit, again,
            proxy](const fleet::Word& word) -> std::expected<evidence::Target, fleet::WordError> {
        TargetRules here = rules;
        here.port = word.port ? word.port : rules.port;
        if (!word.name.empty() && !rules.sni) {
            auto sni = read_name(word.name);
            if (!sni) {
                return std::unexpected(fleet::WordError{.what = std::move(sni.error().what)});
            }
            here.sni = std::move(*sni);
        }
        auto target = read_target(word.text, here);
        if (!target) {
            return std::unexpected(fleet::WordError{
                .what = std::move(target.error().what), .column = target.error().column
            });
        }
        if (is_of_the_wrong_family(*target, visit)) {
            return std::unexpected(fleet::WordError{.what = wrong_family(*target, visit)});
        }
        if (!word.input.empty() && word.input != word.text) {
            target->input = std::string(word.input);
        }
        target->options = again;
        target->proxy = proxy;
        return std::move(*target);
    };
}

std::expected<std::vector<fleet::Entry>, UsageError> read_entries(const std::string& file) {
    const auto text = read_whole(file);
    if (!text) {
        return std::unexpected(UsageError{.what = text.error()});
    }
    fleet::ListReader reader;
    reader.feed(*text);
    reader.finish();
    std::vector<fleet::Entry> entries;
    while (auto item = reader.take()) {
        if (const auto* const problem = std::get_if<fleet::ListProblem>(&*item)) {
            return std::unexpected(UsageError{
                .what = fmt::format("{}:{}: {}", harmless(file), problem->line, problem->what)
            });
        }
        entries.push_back(std::get<fleet::Entry>(std::move(*item)));
    }
    return entries;
}

std::expected<Sources, UsageError> gather(const Options& options) {
    Sources sources{.targets = options.targets};
    const auto of_wrong_family = std::ranges::find_if(sources.targets, [&](const auto& target) {
        return is_of_the_wrong_family(target, options.visit);
    });
    if (of_wrong_family != sources.targets.end()) {
        return std::unexpected(UsageError{
            .what = wrong_family(*of_wrong_family, options.visit),
            .hint = "leave out -4 and -6 for addresses"
        });
    }
    for (evidence::Target& target : sources.targets) {
        target.options = options_again(options);
        target.proxy = options.visit.proxy ? net::to_string(*options.visit.proxy) : "";
    }
    if (const auto read = read_lists(options, sources); !read) {
        return std::unexpected(read.error());
    }
    if (sources.targets.empty() && sources.complaints.empty()) {
        return std::unexpected(UsageError{.what = "the list holds no target"});
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
