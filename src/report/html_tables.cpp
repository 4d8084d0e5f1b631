// SPDX-License-Identifier: Apache-2.0
// The sections of the HTML report: tables first, as they say the most to everybody.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/help.hpp"
#include "report/html_parts.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

constexpr std::size_t k_most_tallies = 40;
constexpr std::size_t k_most_listed_runs = 60;

std::string section_begin(std::string_view id, std::string_view title, std::string_view lead) {
    std::string text = fmt::format(
        "<section aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n", id, escaped(title)
    );
    return lead.empty() ? text : text + fmt::format("<p class=\"lead\">{}</p>\n", escaped(lead));
}

std::string
table_begin(std::string_view css_class, std::string_view caption, std::string_view head) {
    return fmt::format(
        "<div class=\"wide\"><table "
        "class=\"{}\">\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n"
        "<tbody>\n",
        css_class, escaped(caption), head
    );
}

constexpr std::string_view k_table_end = "</tbody>\n</table></div>\n";
constexpr std::string_view k_section_end = "</section>\n";

/// The CSS class of a version's lines and bars.
std::string_view class_of(ProtocolVersion version) {
    switch (version) {
    case ProtocolVersion::tls_1_3:
        return "ok";
    case ProtocolVersion::tls_1_2:
        return "plain";
    case ProtocolVersion::tls_1_1:
    case ProtocolVersion::tls_1_0:
        return "warn";
    default:
        return "fail";
    }
}

std::string day_of(const RunFigures& run) {
    return run.started.empty() ? run.name : run.started.substr(0, 10);
}

/// Names for the axis: the day, with the time where days repeat.
std::vector<std::string> axis_names(const std::vector<RunFigures>& runs) {
    std::vector<std::string> names;
    bool repeated = false;
    for (const RunFigures& run : runs) {
        repeated = repeated || (!names.empty() && names.back() == day_of(run));
        names.push_back(day_of(run));
    }
    for (std::size_t i = 0; repeated && i < runs.size(); ++i) {
        if (runs[i].started.size() >= 16) {
            names[i] = runs[i].started.substr(5, 5) + " " + runs[i].started.substr(11, 5);
        }
    }
    return names;
}

double share_of(std::size_t count, std::size_t whole) {
    return whole == 0 ? -1 : static_cast<double>(count) / static_cast<double>(whole);
}

std::string over_time(const Overview& overview) {
    std::vector<Series> versions;
    for (std::size_t i = k_versions.size(); i-- > 0;) {
        Series& series = versions.emplace_back();
        series.name = name_of(k_versions[i]);
        series.css_class = class_of(k_versions[i]);
        for (const RunFigures& run : overview.runs) {
            series.shares.push_back(share_of(run.accepted_by[i], run.tls));
        }
    }
    std::erase_if(versions, [](const Series& series) { // lines along the axis say nothing
        return std::ranges::all_of(series.shares, [](double share) { return share <= 0; });
    });
    return line_chart(
        "chart-versions", "Share of the TLS servers that accept each version, run by run", versions,
        axis_names(overview.runs)
    );
}

std::string runs_table(const Overview& overview) {
    std::string head = R"(<th scope="col">Run</th><th scope="col" class="n">Targets</th>)";
    for (const ProtocolVersion version : k_versions) {
        head += fmt::format(R"(<th scope="col" class="n">{}</th>)", name_of(version));
    }
    for (const std::string_view word : {"FAIL", "UNSURE", "WARN", "OK"}) {
        head += fmt::format(R"(<th scope="col" class="n">{}</th>)", word);
    }
    std::string text = table_begin("runs", "Every run in figures", head);
    const std::size_t first =
        overview.runs.size() - std::min(overview.runs.size(), k_most_listed_runs);
    for (std::size_t i = first; i < overview.runs.size(); ++i) {
        const RunFigures& run = overview.runs[i];
        text += fmt::format(
            R"(<tr><th scope="row">{} <small>{}{}</small></th><td class="n">{}</td>)",
            escaped(run.started.empty() ? "" : run.started), escaped(run.name),
            run.complete ? "" : " (cut)", grouped(run.targets)
        );
        for (const std::size_t count : run.accepted_by) {
            text += fmt::format(R"(<td class="n">{}</td>)", grouped(count));
        }
        for (const std::size_t count : run.by_status) {
            text += fmt::format(R"(<td class="n">{}</td>)", grouped(count));
        }
        text += "</tr>\n";
    }
    return "<details><summary>The figures of every run</summary>\n" + text +
           std::string{k_table_end} + "</details>\n";
}

std::string days_words(long days) {
    return days < 0    ? fmt::format("{} days ago", -days)
           : days == 0 ? std::string{"on the day of the run"}
                       : fmt::format("in {} days", days);
}

} // namespace

std::string causes_section(const Overview& overview) {
    const std::size_t targets = overview.runs.back().targets;
    std::string text = section_begin("causes", "Verdicts", "");
    text += table_begin(
        "tally", "The cause of each target's verdict",
        R"(<th scope="col">Cause</th><th scope="col">Status</th><th scope="col" class="n">Targets</th><th scope="col" class="n">Share</th><th scope="col" class="b"><span class="hide">Bar</span></th>)"
    );
    std::size_t listed = 0;
    for (const Tally& cause : overview.causes) {
        if (++listed > k_most_tallies) {
            break;
        }
        text += fmt::format(
            R"(<tr><th scope="row">{}</th><td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="b">{}</td></tr>)"
            "\n",
            cause_link(cause.name), status_badge(cause.status), grouped(cause.count),
            percent_of(cause.count, targets),
            bar_svg(cause.count, targets, find_cause(cause.name) ? cause.status : "plain")
        );
    }
    text += k_table_end;
    if (overview.causes.size() > k_most_tallies) {
        text += fmt::format("<p>and {} more</p>\n", overview.causes.size() - k_most_tallies);
    }
    return text + std::string{k_section_end};
}

std::string versions_section(const Overview& overview) {
    const RunFigures& run = overview.runs.back();
    std::string text = section_begin(
        "versions", "Versions accepted",
        fmt::format("Of {} targets that accept some version of TLS or SSL.", grouped(run.tls))
    );
    text += table_begin(
        "tally", "How many targets accept each version",
        R"(<th scope="col">Version</th><th scope="col" class="n">Accepted by</th><th scope="col" class="n">Share</th><th scope="col" class="b"><span class="hide">Bar</span></th>)"
    );
    for (std::size_t i = k_versions.size(); i-- > 0;) {
        const bool tested = run.tested_by[i] != 0;
        text += fmt::format(
            R"(<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td><td class="b">{}</td></tr>)"
            "\n",
            name_of(k_versions[i]), tested ? grouped(run.accepted_by[i]) : "not tested",
            tested ? percent_of(run.accepted_by[i], run.tls) : "–",
            bar_svg(run.accepted_by[i], run.tls, class_of(k_versions[i]))
        );
    }
    text += k_table_end;
    if (overview.runs.size() > 1) {
        text += "<h3>Over time</h3>\n" + over_time(overview) + runs_table(overview);
    }
    return text + std::string{k_section_end};
}

std::string stacks_section(const Overview& overview) {
    if (overview.stacks.empty()) {
        return "";
    }
    const std::size_t whole = overview.runs.back().tls;
    std::string text = section_begin(
        "stacks", "TLS libraries",
        fmt::format(
            "As their way of refusing shows them; of {} targets it does not.",
            grouped(overview.without_stack)
        )
    );
    text += table_begin(
        "tally", "How many targets show each library",
        R"(<th scope="col">Library</th><th scope="col" class="n">Targets</th><th scope="col" class="n">Share</th><th scope="col" class="b"><span class="hide">Bar</span></th>)"
    );
    for (std::size_t i = 0; i < std::min(overview.stacks.size(), k_most_tallies); ++i) {
        const Tally& stack = overview.stacks[i];
        text += fmt::format(
            R"(<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td><td class="b">{}</td></tr>)"
            "\n",
            escaped(stack.name), grouped(stack.count), percent_of(stack.count, whole),
            bar_svg(stack.count, whole, "plain")
        );
    }
    return text + std::string{k_table_end} + std::string{k_section_end};
}

std::string certificates_section(const Overview& overview) {
    if (overview.certificates == 0) {
        return "";
    }
    const auto& [expired, week, month, quarter] = overview.expiring;
    std::string text = section_begin(
        "certificates", "Certificates",
        fmt::format(
            "{} seen on the day of the run: {} expired, {} expire within a week, {} more within 30 "
            "days, {} more within 90.",
            grouped(overview.certificates), grouped(expired), grouped(week), grouped(month),
            grouped(quarter)
        )
    );
    if (!overview.expiries.empty()) {
        text += table_begin(
            "plain", "The next to expire",
            R"(<th scope="col">Target</th><th scope="col">Expires</th><th scope="col">When</th><th scope="col">Key</th>)"
        );
        for (const Expiry& expiry : overview.expiries) {
            text += fmt::format(
                R"(<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>)"
                "\n",
                escaped(expiry.target), escaped(expiry.expires), days_words(expiry.days),
                escaped(expiry.key)
            );
        }
        text += k_table_end;
    }
    return text + std::string{k_section_end};
}

std::string targets_section(const Overview& overview) {
    const std::size_t all = overview.runs.back().targets;
    const bool cut = all > overview.targets.size();
    std::string text = section_begin(
        "targets", "Targets",
        cut ? fmt::format(
                  "The {} worst of {}; the results themselves have all of them.",
                  grouped(overview.targets.size()), grouped(all)
              )
            : "The worst first."
    );
    text += table_begin(
        "targets", "Targets and their verdicts",
        R"(<th scope="col">Target</th><th scope="col">Status</th><th scope="col">Cause</th><th scope="col">What it is</th><th scope="col">Versions accepted</th><th scope="col">Library</th><th scope="col">Certificate until</th>)"
    );
    for (const TargetRow& row : overview.targets) {
        text += fmt::format(
            R"(<tr data-status="{}"><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>)"
            "\n",
            escaped(row.status), escaped(row.target), status_badge(row.status),
            cause_link(row.cause), escaped(row.summary), escaped(row.versions), escaped(row.stack),
            escaped(row.expires)
        );
    }
    return text + std::string{k_table_end} + std::string{k_section_end};
}

std::string meanings_section(const Overview& overview) {
    std::string text =
        section_begin("meanings", "What the causes mean", "As 'tlsdoctor help CAUSE' says it.");
    for (const Tally& tally : overview.causes) {
        const CauseInfo* const cause = find_cause(tally.name);
        if (cause == nullptr) {
            continue; // of a later version
        }
        const std::string page =
            help_page(cause->name, {.color = false, .utf8 = true, .columns = 92}).value_or("");
        std::string body;
        for (const std::string_view line : split(page, '\n')) {
            body += escaped(line) + "\n";
        }
        text += fmt::format(
            "<details id=\"cause-{}\"><summary><code>{}</code> "
            "{}</summary>\n<pre>{}</pre>\n</details>\n",
            cause->name, cause->name, escaped(cause->title), body
        );
    }
    return text + std::string{k_section_end};
}

} // namespace tlsdoctor::report
