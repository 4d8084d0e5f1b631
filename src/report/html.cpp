// SPDX-License-Identifier: Apache-2.0
// The page around its sections: the answer in the heading, the figures below it.
#include "report/html.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "registry/cause.hpp"
#include "report/html_parts.hpp"

namespace tlsdoctor::report {

namespace {

std::size_t count_of(const RunFigures& run, Status status) {
    return run.by_status[std::to_underlying(status)];
}

/// `120 targets: 3 fail, 5 warn`.
std::string answer_of(const RunFigures& run) {
    std::vector<std::string> parts;
    const auto say = [&](Status status, std::string_view words) {
        if (const std::size_t count = count_of(run, status); count != 0) {
            parts.push_back(fmt::format("{} {}", grouped(count), words));
        }
    };
    say(Status::fail, "fail");
    say(Status::unsure, "unsure");
    say(Status::warn, "with warnings");
    const std::string targets =
        fmt::format("{} target{}", grouped(run.targets), run.targets == 1 ? "" : "s");
    return fmt::format("{}: {}", targets, parts.empty() ? "no problem found" : joined(parts, ", "));
}

std::string head_of(const Overview& overview) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<title>tlsdoctor: {}</title>\n<style>{}</style>\n</head>\n",
        html_policy(), answer_of(overview.runs.back()), html_style()
    );
}

std::string subtitle_of(const Overview& overview) {
    const RunFigures& run = overview.runs.back();
    std::string text = escaped(run.name);
    if (!run.started.empty()) {
        text += fmt::format("{}begun {}", text.empty() ? "" : ", ", escaped(run.started));
    }
    if (overview.runs.size() > 1) {
        text += fmt::format(", the last of {} runs", overview.runs.size());
    }
    return run.complete ? text : text + " – cut before its end";
}

std::string tiles_of(const RunFigures& run) {
    std::string text = "<dl class=\"tiles\">\n";
    for (const Status status : {Status::fail, Status::unsure, Status::warn, Status::ok}) {
        text += fmt::format(
            "<div><dt>{}</dt><dd>{}</dd></div>\n", status_badge(name_of(status)),
            grouped(count_of(run, status))
        );
    }
    text += fmt::format("<div><dt>accept TLS</dt><dd>{}</dd></div>\n</dl>\n", grouped(run.tls));
    return text + verdict_bar(run) + "\n";
}

struct Part {
    std::string_view id{};
    std::string_view name{};
    std::string html{};
};

std::string contents_of(std::span<const Part> parts) {
    std::string text = "<nav aria-label=\"Sections\"><ul>\n";
    for (const Part& part : parts) {
        if (!part.html.empty()) {
            text += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", part.id, part.name);
        }
    }
    return text + "</ul></nav>\n";
}

} // namespace

std::string html_report(const Overview& overview) {
    const std::array parts{
        Part{"causes", "Verdicts", causes_section(overview)},
        Part{"versions", "Versions", versions_section(overview)},
        Part{"stacks", "TLS libraries", stacks_section(overview)},
        Part{"certificates", "Certificates", certificates_section(overview)},
        Part{"targets", "Targets", targets_section(overview)},
        Part{"meanings", "Causes explained", meanings_section(overview)},
    };
    std::string page = head_of(overview) + "<body>\n<header>\n";
    page += fmt::format(
        "<h1>{}</h1>\n<p class=\"sub\">{}</p>\n", answer_of(overview.runs.back()),
        subtitle_of(overview)
    );
    page += tiles_of(overview.runs.back()) + contents_of(parts) + "</header>\n<main>\n";
    for (const Part& part : parts) {
        page += part.html;
    }
    return page + fmt::format(
                      "</main>\n<footer>Made by tlsdoctor {}, with tables of {}. The page loads "
                      "nothing and can be kept as it is.</footer>\n<script>{}</script>\n</body>\n"
                      "</html>\n",
                      escaped(overview.tool_version), escaped(overview.data_date), html_script()
                  );
}

} // namespace tlsdoctor::report
