// SPDX-License-Identifier: Apache-2.0
// One list of remarks with places, written in three forms.
#include "report/config_lint.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <fmt/core.h>

#include "report/json_parts.hpp"
#include "report/layout.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ConfigFile;
using evidence::ConfigLine;

/// One remark of a linter.
struct LintRemark {
    Status status{};
    std::string rule{}; ///< a cause, or `not_understood`
    std::string text{};
    std::vector<ConfigLine> places{}; ///< the first is the one to show; may be empty
    std::optional<std::size_t> finding{};
};

constexpr std::string_view k_not_understood = "not_understood";

std::vector<LintRemark> lint_remarks(const ConfigFile& file) {
    std::vector<LintRemark> remarks;
    const auto& findings = file.diagnosis.findings;
    for (std::size_t i = 0; i < findings.size(); ++i) {
        const diagnose::ConfigFinding& found = findings[i];
        if (found.finding.status == Status::ok) {
            continue;
        }
        LintRemark remark{
            .status = found.finding.status,
            .rule = std::string{found.finding.cause->name},
            .text = found.finding.summary,
            .finding = i
        };
        for (const ConfigLine& line : found.lines) {
            if (line.role != evidence::LineRole::inert) {
                remark.places.push_back(line);
            }
        }
        remarks.push_back(std::move(remark));
    }
    for (const auto* list : {&file.configuration.warnings, &file.configuration.not_understood}) {
        for (const evidence::ConfigRemark& remark : *list) {
            std::vector<ConfigLine> places;
            if (!remark.line.file.empty()) {
                places.push_back(remark.line);
            }
            remarks.push_back(
                {.status = Status::warn,
                 .rule = list == &file.configuration.warnings ? "config_warning"
                                                              : std::string{k_not_understood},
                 .text = remark.what,
                 .places = std::move(places)}
            );
        }
    }
    return remarks;
}

/// The path below the folder, where it is.
std::string short_path(std::string_view path, std::string_view folder) {
    const bool below = !folder.empty() && path.size() > folder.size() && path.starts_with(folder) &&
                       path[folder.size()] == '/';
    return std::string{below ? path.substr(folder.size() + 1) : path};
}

void replace_each(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

/// GitHub's own escapes of workflow commands.
std::string command_text(std::string_view text) {
    std::string escaped = safe_lines(text);
    replace_each(escaped, "%", "%25");
    replace_each(escaped, "\r", "%0D");
    replace_each(escaped, "\n", "%0A");
    return escaped;
}
std::string command_value(std::string_view text) {
    std::string escaped = command_text(text);
    replace_each(escaped, ":", "%3A");
    replace_each(escaped, ",", "%2C");
    return escaped;
}

/// Percent-encodes what a path may have and a URI not [RFC 3986 2].
std::string uri_path(std::string_view path) {
    constexpr std::string_view k_plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/@+=";
    std::string uri;
    for (const char c : path) {
        uri += k_plain.contains(c)
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return uri;
}

std::string uri_of(std::string_view path, std::string_view folder) {
    const std::string shown = short_path(path, folder);
    return (shown.starts_with('/') ? "file://" : "") + uri_path(shown);
}

std::string_view sarif_level(Status status) {
    return status == Status::fail ? "error" : status == Status::ok ? "note" : "warning";
}

json::object artifact_json(std::string_view path, const LintOptions& options) {
    return {{"uri", uri_of(path, options.folder)}};
}

json::object location_json(const ConfigLine& line, const LintOptions& options) {
    json::object physical{{"artifactLocation", artifact_json(line.file, options)}};
    if (line.line > 0) {
        physical["region"] = json::object{
            {"startLine", line.line},
            {"snippet", json::object{{"text", text_json(line.text)}}},
        };
    }
    return {{"physicalLocation", std::move(physical)}};
}

/// A region without columns is the whole line without its end.
json::object replacement_json(const advise::ConfigEdit& edit) {
    if (edit.after) {
        return {
            {"deletedRegion", json::object{{"startLine", edit.line}}},
            {"insertedContent", json::object{{"text", text_json(*edit.after)}}},
        };
    }
    return {
        {"deletedRegion",
         json::object{
             {"startLine", edit.line},
             {"startColumn", 1},
             {"endLine", edit.line + 1},
             {"endColumn", 1},
         }},
    };
}

json::array sarif_fixes(const ConfigFile& file, std::size_t finding, const LintOptions& options) {
    json::array fixes;
    for (const advise::ConfigFix& fix : file.fixes) {
        if (fix.finding != finding) {
            continue;
        }
        json::array changes;
        for (const advise::ConfigEdit& edit : fix.edits) {
            changes.emplace_back(json::object{
                {"artifactLocation", artifact_json(edit.file, options)},
                {"replacements", json::array{replacement_json(edit)}},
            });
        }
        fixes.emplace_back(json::object{
            {"description", json::object{{"text", text_json(fix.goal)}}},
            {"artifactChanges", std::move(changes)},
        });
    }
    return fixes;
}

json::object
result_json(const ConfigFile& file, const LintRemark& remark, const LintOptions& options) {
    json::object result{
        {"ruleId", remark.rule},
        {"level", sarif_level(remark.status)},
        {"message", json::object{{"text", text_json(remark.text)}}},
    };
    json::array related;
    for (std::size_t i = 1; i < remark.places.size(); ++i) {
        related.emplace_back(location_json(remark.places[i], options));
    }
    if (!remark.places.empty()) {
        result["locations"] = json::array{location_json(remark.places.front(), options)};
    }
    if (!related.empty()) {
        result["relatedLocations"] = std::move(related);
    }
    if (remark.finding) {
        json::array fixes = sarif_fixes(file, *remark.finding, options);
        if (!fixes.empty()) {
            result["fixes"] = std::move(fixes);
        }
    }
    return result;
}

json::object rule_json(std::string_view rule) {
    const CauseInfo* const cause = find_cause(rule);
    json::object object{{"id", rule}};
    if (cause != nullptr) {
        object["shortDescription"] = json::object{{"text", cause->title}};
        object["help"] =
            json::object{{"text", fmt::format("tlsdoctor help {}; docs/causes/{}.md", rule, rule)}};
        object["defaultConfiguration"] = json::object{{"level", sarif_level(cause->status)}};
    }
    return object;
}

} // namespace

std::string lint_lines(const ConfigFile& file, const LintOptions& options) {
    std::string lines;
    for (const LintRemark& remark : lint_remarks(file)) {
        std::string place = file.configuration.server;
        if (!remark.places.empty()) {
            const ConfigLine& first = remark.places.front();
            place = safe_text(short_path(first.file, options.folder));
            place += first.line > 0 ? fmt::format(":{}", first.line) : "";
        }
        lines += fmt::format(
            "{}: {} {}: {}\n", place, word_of(remark.status), remark.rule, safe_text(remark.text)
        );
    }
    if (lines.empty()) {
        const diagnose::Finding& verdict = file.diagnosis.findings.front().finding;
        lines = fmt::format(
            "{}: {} {}: {}\n", file.configuration.server, word_of(verdict.status),
            verdict.cause->name, safe_text(verdict.summary)
        );
    }
    return lines;
}

std::string github_annotations(const ConfigFile& file, const LintOptions& options) {
    std::string lines;
    for (const LintRemark& remark : lint_remarks(file)) {
        std::string values;
        if (!remark.places.empty()) {
            const ConfigLine& first = remark.places.front();
            values = "file=" + command_value(short_path(first.file, options.folder)) + ",";
            values += first.line > 0 ? fmt::format("line={},", first.line) : "";
        }
        lines += fmt::format(
            "::{} {}title={}::{}\n", sarif_level(remark.status), values,
            command_value("tlsdoctor " + remark.rule), command_text(remark.text)
        );
    }
    return lines;
}

json::object sarif(const ConfigFile& file, const LintOptions& options) {
    std::vector<std::string> known;
    json::array rules;
    json::array results;
    for (const LintRemark& remark : lint_remarks(file)) {
        if (std::ranges::find(known, remark.rule) == known.end()) {
            known.push_back(remark.rule);
            rules.emplace_back(rule_json(remark.rule));
        }
        results.emplace_back(result_json(file, remark, options));
    }
    const json::object driver{
        {"name", "tlsdoctor"}, {"semanticVersion", options.version}, {"rules", std::move(rules)}
    };
    const json::object run{
        {"tool", json::object{{"driver", driver}}},
        {"columnKind", "utf16CodeUnits"},
        {"results", std::move(results)},
    };
    return {
        {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", json::array{run}},
    };
}

} // namespace tlsdoctor::report
