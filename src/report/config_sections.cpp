// SPDX-License-Identifier: Apache-2.0
// The upper half: why, who is out, the fix, and what else there is to say.
#include "report/config_sections.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ConfigFile;
using advise::ConfigFix;
using diagnose::ConfigFinding;
using evidence::ConfigLine;
using evidence::LineRole;

constexpr std::size_t k_most_columns_of_line = 200;

/// What part a line has, in words.
std::string role_text(const ConfigLine& line) {
    const std::string_view role = line.role == LineRole::guilty  ? "guilty"
                                  : line.role == LineRole::inert ? "ignored"
                                                                 : "decides";
    return line.why.empty() ? std::string{role} : fmt::format("{}: {}", role, line.why);
}

std::string config_line_text(const ConfigLine& line) {
    return fmt::format(
        "{}:{}  {}  ({})", line.file, line.line,
        clipped(safe_text(without_tabs(line.text)), k_most_columns_of_line), role_text(line)
    );
}

/// Where all is well the lines that look as if they decided are of no interest.
void write_lines(Page& page, const ConfigFinding& found, const ConfigAmount& amount) {
    std::vector<std::string> lines;
    const bool has_guilty = std::ranges::any_of(found.lines, [](const ConfigLine& line) {
        return line.role == LineRole::guilty;
    });
    for (const ConfigLine& line : found.lines) {
        const bool beside_the_point = has_guilty && line.role == LineRole::effective;
        if (amount.all_facts || !beside_the_point) {
            lines.push_back(config_line_text(line));
        }
    }
    const std::size_t shown = std::min(lines.size(), amount.lines);
    for (std::size_t i = 0; i < shown; ++i) {
        page.put(heading(i == 0 ? "Why" : ""), lines[i]);
    }
    if (shown < lines.size()) {
        page.put(heading(""), fmt::format("… {} more lines: -v", lines.size() - shown));
    }
}

/// The names that say most first.
std::string clients_text(const std::vector<evidence::ClientOutcome>& clients, std::size_t columns) {
    std::string names;
    for (const bool telling : {true, false}) {
        for (const evidence::ClientOutcome& client : clients) {
            const std::string name = clipped(safe_text(client.name), 40);
            const bool fits = width(names) + width(name) + 2 <= columns;
            if (client.telling == telling && fits) {
                names += (names.empty() ? "" : ", ") + name;
            }
        }
    }
    return names;
}

void write_config_clients(Page& page, const ConfigFinding& found) {
    const auto& out = found.locked_out;
    if (out.empty()) {
        return;
    }
    const std::string count =
        fmt::format("{} known client{}: ", out.size(), out.size() == 1 ? "" : "s");
    const std::size_t room = page.room(k_hang);
    const std::string names = clients_text(out, room > 30 ? room - count.size() - 4 : room);
    page.put(heading("Out"), count + names + (out.size() > 1 ? ", …" : ""));
}

/// A diff without what did not change, and without the names that stand above it.
std::string changes_of(std::string_view diff) {
    std::string lines;
    for (const std::string_view line : split(diff, '\n')) {
        const bool changed = (line.starts_with('-') && !line.starts_with("--- ")) ||
                             (line.starts_with('+') && !line.starts_with("+++ "));
        if (changed) {
            lines += (lines.empty() ? "" : "\n") + std::string{line};
        }
    }
    return lines;
}

void write_config_fix(Page& page, const ConfigFix& fix, bool first, const ConfigAmount& amount) {
    const bool free = fix.fix.cost == "None.";
    page.put(
        heading(first ? "Fix" : ""),
        fmt::format(
            "{}{}  ({}{})", first ? "" : "and ", fix.fix.where,
            fix.fix.verified ? "verified" : "not verified", free ? ", no security cost" : ""
        )
    );
    const std::string diff = without_tabs(amount.context ? fix.diff : changes_of(fix.diff));
    page.exact(
        {.hang = k_hang + 2}, std::string_view{diff}.substr(0, diff.find_last_not_of('\n') + 1)
    );
    if (amount.costs && !free && !fix.fix.cost.empty()) {
        page.put({.indent = k_hang, .word = "Cost:", .hang = k_hang + 6}, fix.fix.cost);
    }
    if (fix.others_changed > 0) {
        page.put(
            {.indent = k_hang, .word = "Note:", .hang = k_hang + 6},
            fmt::format("{} more addresses or names change with it.", fix.others_changed)
        );
    }
}

std::string other_text(const evidence::Configuration& configuration, const ConfigFinding& found) {
    const std::string where = endpoints_text(configuration, found.endpoints, 50);
    return fmt::format(
        "{}  {}{}{} ({})", word_of(found.finding.status), where, where.empty() ? "" : ": ",
        found.finding.summary, found.finding.cause->name
    );
}

std::string remark_text(const evidence::ConfigRemark& remark) {
    const ConfigLine& line = remark.line;
    std::string place = line.file;
    if (!place.empty() && line.line > 0) {
        place += fmt::format(":{}", line.line);
    }
    return place.empty() ? remark.what : fmt::format("{}: {}", place, remark.what);
}

void write_texts(
    Page& page, std::string_view word, std::vector<std::string> texts, std::size_t most
) {
    if (texts.size() > most) {
        const std::size_t hidden = texts.size() - most;
        texts.resize(most);
        texts.push_back(fmt::format("… {} more: -v", hidden));
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        page.put(heading(i == 0 ? word : ""), texts[i]);
    }
}

std::vector<std::string> remark_texts(const std::vector<evidence::ConfigRemark>& remarks) {
    std::vector<std::string> texts;
    for (const evidence::ConfigRemark& remark : remarks) {
        texts.push_back(remark_text(remark));
    }
    return texts;
}

/// Says in what state the machine is left: who was woken by it reads this line first.
std::string state_left(const advise::ConfigAction& action) {
    const auto has = [&](std::string_view state, std::string_view begin) {
        return std::ranges::any_of(action.steps, [&](const advise::ConfigStep& step) {
            return step.state == state && step.what.starts_with(begin);
        });
    };
    if (action.asked == "verify") {
        return action.verified ? "nothing was changed; --apply writes this fix"
                               : "nothing was changed";
    }
    if (action.applied) {
        const std::string_view rest = has("skipped", "") ? "; what was skipped is left to you"
                                      : action.verified  ? ", and the server does what they say"
                                                         : "";
        return fmt::format("the new files are in place{}; this report is of the old ones", rest);
    }
    if (has("failed", "put back")) {
        return "NOT all old files are back: put them back by hand before the server is reloaded";
    }
    if (!action.rolled_back) {
        return "nothing was changed";
    }
    return action.steps.back().state == "failed"
               ? "the old files are back, but the server could not be told: look whether it runs"
               : "the old files are back";
}

} // namespace

std::string without_tabs(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        shown += c == '\t' ? std::string(4, ' ') : c == '\r' ? std::string{} : std::string(1, c);
    }
    return shown;
}

void write_config_fault(Page& page, const ConfigFile& file, const ConfigAmount& amount) {
    const ConfigFinding& verdict = file.diagnosis.findings.front();
    if (verdict.finding.side != Side::none) {
        page.put(
            heading("Fault"), fmt::format(
                                  "{}  ({})", words_of(verdict.finding.side),
                                  tlsdoctor::name_of(verdict.finding.confidence)
                              )
        );
    }
    if (verdict.finding.status != Status::ok || amount.all_facts) {
        write_lines(page, verdict, amount);
    }
    if (amount.all_facts && !verdict.finding.refuted_by.empty()) {
        page.put(heading("Unless"), verdict.finding.refuted_by);
    }
    write_config_clients(page, verdict);
}

void write_config_fixes(Page& page, const ConfigFile& file, const ConfigAmount& amount) {
    const std::size_t shown = std::min(file.fixes.size(), amount.fixes);
    for (std::size_t i = 0; i < shown; ++i) {
        write_config_fix(page, file.fixes[i], i == 0, amount);
    }
    if (shown < file.fixes.size()) {
        page.put(heading(""), fmt::format("{} more: -v", file.fixes.size() - shown));
    }
    if (shown > 0 && !file.fixes.front().fix.verify.empty()) {
        page.exact(heading("Check"), file.fixes.front().fix.verify);
    }
}

void write_config_action(Page& page, const ConfigFile& file, const ConfigAmount& amount) {
    if (!file.action) {
        return;
    }
    bool first = true;
    for (const advise::ConfigStep& step : file.action->steps) {
        const std::string detail = step.detail.empty() ? "" : ": " + step.detail;
        page.put(
            heading(first ? "Did" : ""), fmt::format("{}  {}{}", step.state, step.what, detail)
        );
        first = false;
        if (!step.output.empty() && (step.state == "failed" || amount.all_facts)) {
            page.exact({.hang = k_hang + 2}, without_tabs(step.output));
        }
    }
    if (!first) {
        page.put(heading("Now"), state_left(*file.action));
    }
}

void write_config_notes(Page& page, const ConfigFile& file, const ConfigAmount& amount) {
    std::vector<std::string> also;
    const auto& findings = file.diagnosis.findings;
    for (std::size_t i = 1; i < findings.size(); ++i) {
        if (findings[i].finding.status != Status::ok || amount.all_facts) {
            also.push_back(other_text(file.configuration, findings[i]));
        }
    }
    write_texts(page, "Also", std::move(also), amount.notes);
    write_texts(page, "Warning", remark_texts(file.configuration.warnings), amount.notes);
    write_texts(page, "Unread", remark_texts(file.configuration.not_understood), amount.notes);
}

} // namespace tlsdoctor::report
