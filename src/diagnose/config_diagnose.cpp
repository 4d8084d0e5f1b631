// SPDX-License-Identifier: Apache-2.0
// Holds the table against every endpoint, and puts together what is the same.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/case.hpp"
#include "diagnose/config_case.hpp"
#include "diagnose/diagnose.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ConfigLine;
using evidence::Configuration;
using evidence::ConfiguredEndpoint;
using evidence::LineRole;

/// Bounds for what is cited; a configuration may have thousands of names.
constexpr std::size_t k_most_lines = 40;

/// What an expectation that is met forgives: that the server is not for everybody.
constexpr std::string_view k_forgiven[] = {
    "server_only_tls13", "server_only_legacy", "legacy_versions_enabled", "no_tls13"
};

const evidence::ConfiguredVersion* find_version(const ConfigCase& open, ProtocolVersion version) {
    const auto at =
        std::ranges::find(open.endpoint.versions, version, &evidence::ConfiguredVersion::version);
    return at == open.endpoint.versions.end() ? nullptr : &*at;
}

bool same_place(const ConfigLine& a, const ConfigLine& b) {
    return a.file == b.file && a.line == b.line && a.text == b.text;
}

/// Adds a line, or the worse of its roles where it is there already.
void add_line(std::vector<ConfigLine>& lines, const ConfigLine& line) {
    const auto known =
        std::ranges::find_if(lines, [&](const ConfigLine& one) { return same_place(one, line); });
    if (known != lines.end()) {
        if (line.role == LineRole::guilty) {
            known->role = LineRole::guilty;
        }
    } else if (lines.size() < k_most_lines) {
        lines.push_back(line);
    }
}

/// Guilty, effective, inert: the order in which people want to see them.
int order_of(const ConfigLine& line) {
    constexpr int k_order[] = {1, 0, 2}; // effective, guilty, inert
    return k_order[static_cast<std::size_t>(line.role)];
}

void sort_lines(std::vector<ConfigLine>& lines) {
    std::ranges::stable_sort(lines, {}, order_of);
}

/// What a person calls an endpoint: `127.0.0.1:443 a.test`.
std::string endpoint_name(const ConfiguredEndpoint& endpoint) {
    return endpoint.address + (endpoint.sni ? " " + *endpoint.sni : "");
}

Finding finding_of(const ConfigRule& rule, const ConfigCase& open) {
    const CauseInfo* const cause = find_cause(rule.cause);
    return {
        .cause = cause,
        .status = rule.status.value_or(cause->status),
        .side = rule.side.value_or(cause->side),
        .confidence = Confidence::likely,
        .summary = rule.summary(open),
        .refuted_by = std::string{rule.refuted_by},
        .address = endpoint_name(open.endpoint),
    };
}

/// An expectation that is met is the answer to the question asked.
void forgive(Finding& finding, const ConfigCase& open) {
    const bool expected = !open.question.expect.empty() || open.question.target.has_value();
    const bool forgivable =
        std::ranges::find(k_forgiven, finding.cause->name) != std::end(k_forgiven);
    if (expected && forgivable && unexpected_in(open).empty()) {
        finding.status = Status::ok;
    }
}

void add_finding(
    ConfigDiagnosis& diagnosis, Finding finding, const ConfigCase& open, std::size_t number
) {
    auto same = std::ranges::find_if(diagnosis.findings, [&](const ConfigFinding& one) {
        return one.finding.cause == finding.cause && one.finding.status == finding.status &&
               one.finding.summary == finding.summary;
    });
    if (same == diagnosis.findings.end()) {
        same = diagnosis.findings.insert(
            diagnosis.findings.end(), ConfigFinding{.finding = std::move(finding)}
        );
    }
    same->endpoints.push_back(number);
    for (const ConfigLine& line : open.endpoint.decided_by) {
        add_line(same->lines, line);
    }
}

/// The file alone shows that a server does not start, so this is proven.
ConfigFinding not_starting(const Configuration& configuration) {
    const CauseInfo* const cause = find_cause("server_protocol_config");
    const evidence::ConfigRemark& first = configuration.fatal.front();
    ConfigFinding found{
        .finding =
            {.cause = cause,
             .status = cause->status,
             .side = cause->side,
             .confidence = Confidence::proven,
             .summary = fmt::format("{} does not start: {}", configuration.product, first.what),
             .refuted_by = "a start of this version with these files"}
    };
    if (!found.finding.summary.ends_with('.')) {
        found.finding.summary += '.';
    }
    for (const evidence::ConfigRemark& remark : configuration.fatal) {
        if (!remark.line.file.empty()) {
            add_line(found.lines, remark.line);
        }
    }
    return found;
}

ConfigFinding nothing_found(const Configuration& configuration, const ConfigQuestion& question) {
    const CauseInfo* const cause = find_cause("unknown");
    std::string what = fmt::format("These files of {} open no address.", configuration.product);
    if (!configuration.endpoints.empty()) {
        what = question.endpoints ? "No TLS endpoint of this configuration is the one asked for."
                                  : "No address of these files is meant for TLS.";
    }
    return {
        .finding =
            {
                .cause = cause,
                .status = cause->status,
                .side = cause->side,
                .confidence = Confidence::possible,
                .summary = std::move(what),
            }
    };
}

bool is_asked(const ConfigQuestion& question, std::size_t number) {
    return !question.endpoints ||
           std::ranges::find(*question.endpoints, number) != question.endpoints->end();
}

void say(std::string& text, ProtocolVersion version, std::string_view what) {
    text += fmt::format("{}{} is {}", text.empty() ? "" : ", ", name_of(version), what);
}

} // namespace

bool accepts(const ConfigCase& open, ProtocolVersion version) {
    return std::ranges::find(open.accepted, version) != open.accepted.end();
}

evidence::ConfigObstacle obstacle_to(const ConfigCase& open, ProtocolVersion version) {
    const auto* const found = find_version(open, version);
    return found == nullptr ? evidence::ConfigObstacle::not_enabled : found->obstacle;
}

std::string unexpected_in(const ConfigCase& open) {
    std::string text;
    if (open.endpoint.door != evidence::ConfigDoor::tls) {
        return text; // another finding says so
    }
    for (const Expectation& expected : open.question.expect) {
        if (accepts(open, expected.version) != expected.accepted) {
            say(text, expected.version, expected.accepted ? "not accepted" : "accepted");
        }
    }
    const auto& target = open.question.target;
    if (!target || !target->versions) {
        return text;
    }
    for (const ProtocolVersion version : k_versions) {
        const bool wanted =
            std::ranges::find(*target->versions, version) != target->versions->end();
        if (wanted != accepts(open, version)) {
            say(text, version, wanted ? "not accepted" : "accepted");
        }
    }
    return text;
}

ConfigDiagnosis diagnose(const Configuration& configuration, const ConfigQuestion& question) {
    ConfigDiagnosis diagnosis;
    if (!configuration.fatal.empty()) {
        diagnosis.findings.push_back(not_starting(configuration));
        sort_lines(diagnosis.findings.front().lines);
        return diagnosis;
    }
    for (std::size_t i = 0; i < configuration.endpoints.size(); ++i) {
        const ConfiguredEndpoint& endpoint = configuration.endpoints[i];
        if (!is_asked(question, i)) {
            continue;
        }
        const ConfigCase open{configuration, endpoint, question, accepted_versions(endpoint)};
        for (const ConfigRule& rule : config_rules()) {
            if (rule.holds(open)) {
                Finding finding = finding_of(rule, open);
                forgive(finding, open);
                add_finding(diagnosis, std::move(finding), open, i);
            }
        }
    }
    if (diagnosis.findings.empty()) {
        diagnosis.findings.push_back(nothing_found(configuration, question));
    }
    for (ConfigFinding& found : diagnosis.findings) {
        sort_lines(found.lines);
    }
    std::ranges::stable_sort(diagnosis.findings, [](const auto& a, const auto& b) {
        return worse(a.finding, b.finding);
    });
    return diagnosis;
}

} // namespace tlsdoctor::diagnose
