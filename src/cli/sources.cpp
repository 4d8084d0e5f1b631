// SPDX-License-Identifier: Apache-2.0
// Reads lists and recordings.
#include "cli/sources.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/output.hpp"
#include "cli/target_list.hpp"
#include "evidence/json.hpp"
#include "net/address.hpp"
#include "net/proxy.hpp"

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
const evidence::Target* of_the_wrong_family(const Sources& sources, const doctor::Options& visit) {
    const auto wrong = [&](const evidence::Target& target) {
        return target.literal && visit.connect_address.empty() &&
               !(net::is_v6(target.host) ? visit.ipv6 : visit.ipv4);
    };
    const auto at = std::find_if(sources.targets.begin(), sources.targets.end(), wrong);
    return at == sources.targets.end() ? nullptr : &*at;
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
    if (const auto* const target = of_the_wrong_family(sources, options.visit)) {
        return std::unexpected{UsageError{
            .what = fmt::format(
                "{} is no IPv{} address", harmless(target->input), options.visit.ipv4 ? 4 : 6
            ),
            .hint = "leave out -4 and -6 for addresses"
        }};
    }
    for (evidence::Target& target : sources.targets) {
        target.options = options_again(options);
        target.proxy = options.visit.proxy ? net::to_string(*options.visit.proxy) : "";
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
