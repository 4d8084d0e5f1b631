// SPDX-License-Identifier: Apache-2.0
// What a server's answer says, and whether it is what we read; see opinion.hpp.
#include <algorithm>
#include <map>
#include <set>
#include <span>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/opinion.hpp"
#include "config/opinion_parts.hpp"

namespace tlsdoctor::config {

namespace {

/// What doveconf prints in the place of keys and primes.
constexpr std::string_view k_hidden = "# hidden";

constexpr std::size_t k_most_words = 300;
constexpr std::size_t k_most_opinions = 50;

/// A line of these is a fault, in any case.
constexpr std::string_view k_fault_words[] = {"[emerg]", "[alert]", "[crit]",  "error", "fatal",
                                              "fault",   "invalid", "unknown", "failed"};
constexpr std::string_view k_warning_words[] = {"[warn]",   "[warning]",  "warning",
                                                "obsolete", "deprecated", "overriding earlier"};
/// The machine does not let us ask.
constexpr std::string_view k_not_allowed[] = {
    "permission denied", "must be root", "not permitted", "no answer within",
    "operation not permitted"
};

bool says_one_of(std::string_view line, std::span<const std::string_view> words) {
    const std::string text = lower(line);
    return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

std::string safe_words(std::string_view line) {
    return harmless(trimmed(line).substr(0, k_most_words));
}

Opinion opinion_of(const Answer& answer, std::string_view line, bool agrees) {
    const PointedAt place = pointed_at(line);
    return {
        .command = answer.command,
        .words = safe_words(line),
        .agrees = agrees,
        .file = place.file,
        .line = place.line
    };
}

/// The line that says best why: the first fault, else the last line.
std::string_view best_line(std::string_view output) {
    std::string_view last;
    for (const std::string_view line : split(output, '\n')) {
        if (trimmed(line).empty()) {
            continue;
        }
        if (says_one_of(line, k_fault_words)) {
            return line;
        }
        last = line;
    }
    return last;
}

/// Blanks, commas and quotes do not count when values are compared.
std::string plain_value(std::string_view value) {
    std::string result;
    for (const char c : value) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (blank && (result.empty() || result.back() == ' ')) {
            continue;
        }
        if (c != '"' && c != '\'' && c != ';') {
            result += blank ? ' ' : c;
        }
    }
    return std::string{trimmed(result)};
}

std::string plain_name(std::string_view name) {
    std::string result = lower(name);
    std::ranges::replace(result, '-', '_');
    return result;
}

/// `name = value`, `Name value`, `--name=value`: every value that each name has in the output.
std::map<std::string, std::set<std::string>> printed_values(std::string_view output) {
    std::map<std::string, std::set<std::string>> values;
    for (const std::string_view whole : split(output, '\n')) {
        std::string_view line = trimmed(whole);
        line.remove_prefix(line.starts_with("--") ? 2 : 0);
        const std::size_t end = std::min(line.find_first_of(" \t="), line.size());
        std::string_view value = trimmed(line.substr(end));
        value.remove_prefix(value.starts_with('=') ? 1 : 0);
        if (end != 0 && line.front() != '#') {
            values[plain_name(line.substr(0, end))].insert(plain_value(value));
        }
    }
    return values;
}

/// A directive that decides by our reading.
struct OwnDirective {
    std::string name;
    std::string value;
    std::string where;
    std::string file;
    std::size_t line;

    auto operator<=>(const OwnDirective&) const = default;
};

std::set<OwnDirective> own_directives(const Reading& reading) {
    std::set<OwnDirective> own;
    const Sources& sources = reading.sources;
    for (const Service& service : reading.services) {
        for (const Line& line : service.lines) {
            const std::string_view text = sources.text(line.statement);
            const std::size_t end = text.find_first_of(" \t=\n");
            const bool comparable = line.role == Role::effective && line.aspect != Aspect::listen &&
                                    end != text.npos && !text.starts_with('<') &&
                                    !text.starts_with('#');
            if (comparable) {
                own.insert(
                    {plain_name(text.substr(0, end)), plain_value(sources.text(line.value)),
                     sources.where(line.statement), sources.at(line.statement.file).path,
                     sources.line_of(line.statement)}
                );
            }
        }
    }
    return own;
}

void compare(
    const OpinionQuestion* question, const Reading& reading, const Answer& answer,
    std::vector<Opinion>& result
) {
    const auto printed = printed_values(answer.output);
    const Printed kind = question == nullptr ? Printed::what_differs : question->printed;
    std::size_t same = 0;
    for (const OwnDirective& own : own_directives(reading)) {
        const auto values = printed.find(own.name);
        const bool other_file = kind == Printed::main_file && !own.file.ends_with("/main.cf");
        const bool hidden =
            values != printed.end() && values->second.begin()->starts_with(k_hidden);
        if (other_file || hidden || (values == printed.end() && kind == Printed::what_differs)) {
            continue;
        }
        if (values != printed.end() && values->second.contains(own.value)) {
            ++same;
            continue;
        }
        const std::string words =
            values == printed.end()
                ? fmt::format("it does not print `{}` of {}", own.name, own.where)
                : fmt::format(
                      "it prints `{} = {}`, and {} has `{}`", own.name, *values->second.begin(),
                      own.where, own.value
                  );
        result.push_back(
            {.command = answer.command,
             .words = harmless(words.substr(0, k_most_words)),
             .file = own.file,
             .line = own.line}
        );
    }
    if (same != 0) {
        result.push_back(
            {.command = answer.command,
             .words = fmt::format("it prints {} directives as they were read here", same),
             .agrees = true}
        );
    }
}

std::size_t number_behind(std::string_view text) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    return number_in(text.substr(0, end), 10'000'000).value_or(0);
}

/// The path that ends at `end`: back to a blank, quote or bracket.
std::string path_before(std::string_view text, std::size_t end) {
    const std::size_t begin = text.substr(0, end).find_last_of(" \"'[(`,");
    const std::size_t first = begin == text.npos ? 0 : begin + 1;
    const std::string_view path = text.substr(first, end - first);
    return path.starts_with('/') ? std::string{path} : std::string{};
}

} // namespace

PointedAt pointed_at(std::string_view message) {
    for (std::size_t at = message.find(':'); at != message.npos; at = message.find(':', at + 1)) {
        const std::size_t line = number_behind(message.substr(at + 1));
        std::string path = line == 0 ? "" : path_before(message, at);
        if (!path.empty()) {
            return {std::move(path), line};
        }
    }
    const std::size_t at = message.find("line ");
    const std::size_t line = at == message.npos ? 0 : number_behind(message.substr(at + 5));
    if (line == 0) {
        return {};
    }
    const std::size_t before = message.substr(0, at).find_last_not_of(" \"':,");
    std::string path = before == message.npos ? "" : path_before(message, before + 1);
    if (const std::size_t of = message.find(" of /", at); path.empty() && of != message.npos) {
        const std::string_view rest = message.substr(of + 4);
        path = rest.substr(0, rest.find_first_of(" :,\n"));
    }
    return path.empty() ? PointedAt{} : PointedAt{std::move(path), line};
}

std::vector<Opinion>
opinions_in(const Server& server, const Reading& reading, const Answer& answer) {
    std::vector<Opinion> result;
    const OpinionQuestion* const question = opinion_question(server.name);
    if (answer.exit_code != 0) {
        Opinion refusal = opinion_of(answer, best_line(answer.output), !reading.fatal.empty());
        refusal.asked = !says_one_of(answer.output, k_not_allowed);
        result.push_back(std::move(refusal));
        return result;
    }
    if (question != nullptr && question->catches_tls) {
        const bool agrees = reading.fatal.empty();
        result.push_back(
            {.command = answer.command,
             .words = agrees ? "it takes this configuration"
                             : "it takes this configuration, and by our reading it would not",
             .agrees = agrees}
        );
    }
    // nginx -T goes on with the files themselves, which may speak of warnings.
    std::string_view said = answer.output;
    said = said.substr(0, said.find("# configuration file "));
    for (const std::string_view line : split(said, '\n')) {
        if (says_one_of(line, k_warning_words) && result.size() < k_most_opinions &&
            !pointed_at(line).file.empty()) {
            result.push_back(opinion_of(answer, line, true));
        }
    }
    if (question == nullptr || question->printed != Printed::nothing) {
        compare(question, reading, answer, result);
    }
    return result;
}

} // namespace tlsdoctor::config
