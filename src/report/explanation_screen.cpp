// SPDX-License-Identifier: Apache-2.0
// `explain` for terminals: the likeliest meaning first, then who said it, the other candidates, and
// what to do next. A log begins with a table of its kinds of failure.
#include "report/explanation.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "report/layout.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using explain::Candidate;
using TextGroup = explain::Group;
using explain::Observer;
using explain::Raised;

constexpr double k_probable = 0.5;

/// How much may be written, from generous to scarce.
struct Share {
    std::size_t candidates{6};
    std::size_t groups{8};
    std::size_t questions{3};
    std::size_t commands{4};
    std::size_t fixes{1};
    std::size_t details{1}; ///< groups that are explained, not only listed
};

constexpr Share k_shares[] = {
    {},
    {.candidates = 5, .groups = 6, .questions = 2, .commands = 3},
    {.candidates = 4, .groups = 4, .questions = 1, .commands = 3},
    {.candidates = 3, .groups = 4, .questions = 1, .commands = 2, .fixes = 0},
    {.candidates = 2, .groups = 3, .questions = 0, .commands = 1, .fixes = 0},
};

constexpr Share k_all{
    .candidates = 100,
    .groups = 10'000,
    .questions = 100,
    .commands = 100,
    .fixes = 3,
    .details = 10'000
};

int percent(double weight) {
    constexpr double k_hundred = 100;
    return static_cast<int>(std::lround(weight * k_hundred));
}

std::string_view raised_words(Raised raised) {
    switch (raised) {
    case Raised::local_before_send:
        return "before anything was sent";
    case Raised::local_after_receive:
        return "by its own check of what the peer sent";
    case Raised::peer_alert:
        return "by the peer, with an alert";
    case Raised::bytes_not_tls:
        return "by bytes that are no TLS";
    case Raised::transport:
        return "by the connection's end: closed or reset";
    case Raised::timeout:
        return "by a timeout";
    case Raised::unknown:
        return "";
    }
    return "";
}

std::string who(const TextGroup& group) {
    const std::string stack =
        group.meaning.stack.empty() ? std::string{} : fmt::format(" ({})", group.meaning.stack);
    switch (group.meaning.observer) {
    case Observer::client:
        return "the client" + stack;
    case Observer::server:
        return "the server's log" + stack;
    case Observer::proxy_upstream:
        return "a proxy, as the client of its upstream" + stack;
    case Observer::both:
        return "client or server, both write it" + stack;
    case Observer::unknown:
        break;
    }
    return group.meaning.stack.empty() ? "unknown" : std::string{group.meaning.stack};
}

std::string where_raised(const TextGroup& group) {
    std::string text{raised_words(group.meaning.raised)};
    if (group.meaning.alert) {
        text += fmt::format(
            "{}alert {} ({})", text.empty() ? "" : ": ",
            static_cast<unsigned>(*group.meaning.alert), tlsdoctor::name_of(*group.meaning.alert)
        );
    }
    return text;
}

/// Says how sure the first candidate is.
Status status_of(const TextGroup& group) {
    const Candidate& first = group.meaning.candidates.front();
    return first.cause->status != Status::fail ? first.cause->status
           : first.weight >= k_probable        ? Status::fail
                                               : Status::unsure;
}

std::string sentence(const Candidate& candidate) {
    return fmt::format("{} ({} %)", candidate.why, percent(candidate.weight));
}

void write_head(Page& page, const TextGroup& group) {
    const Status status = status_of(group);
    const std::string word{word_of(status)};
    page.put(
        {.word = word, .hang = word.size() + 2, .paint = paint_of(status)},
        fmt::format(
            "{}: {}", group.meaning.candidates.front().cause->name,
            sentence(group.meaning.candidates.front())
        )
    );
}

void write_candidates(Page& page, const TextGroup& group, const Share& share) {
    const auto& candidates = group.meaning.candidates;
    for (std::size_t i = 0; i < std::min(candidates.size(), share.candidates); ++i) {
        // The first one's sentence stands in the first line.
        page.put(
            {.indent = 2, .word = i == 0 ? "Causes" : "", .hang = k_hang, .paint = Paint::heading},
            fmt::format(
                "{:2} %  {} ({}){}{}", percent(candidates[i].weight), candidates[i].cause->name,
                tlsdoctor::name_of(candidates[i].side), i == 0 ? "" : ": ",
                i == 0 ? std::string_view{} : candidates[i].why
            )
        );
    }
}

void write_fixes(Page& page, const Explained& explained, const Share& share) {
    const auto& fixes = explained.fixes.front();
    for (std::size_t i = 0; i < std::min(fixes.size(), share.fixes); ++i) {
        const std::string place = fixes[i].product == "any" ? "" : fixes[i].product + ", ";
        page.put(heading(i == 0 ? "Fix" : ""), fmt::format("if so: {}{}", place, fixes[i].where));
        page.exact({.hang = k_hang + 2}, fixes[i].text);
    }
}

void write_details(Page& page, const Explained& explained, const Share& share) {
    const TextGroup& group = explained.group;
    page.put(heading("Said by"), who(group));
    if (const std::string raised = where_raised(group); !raised.empty()) {
        page.put(heading("Raised"), raised);
    }
    write_candidates(page, group, share);
    write_fixes(page, explained, share);
    const auto& ask = group.meaning.ask;
    for (std::size_t i = 0; i < std::min(ask.size(), share.questions); ++i) {
        page.put(heading(i == 0 ? "Ask" : ""), ask[i]);
    }
    for (std::size_t i = 0; i < std::min(group.next.size(), share.commands); ++i) {
        page.exact(
            {.indent = 2, .word = i == 0 ? "Next" : "", .hang = k_hang, .paint = Paint::heading},
            group.next[i]
        );
    }
}

void write_table(Page& page, const Explanation& explanation, const Share& share) {
    std::size_t shown = std::min(explanation.groups.size(), share.groups);
    page.exact({.hang = 2}, "  count    line  likeliest cause");
    for (std::size_t i = 0; i < shown; ++i) {
        const TextGroup& group = explanation.groups[i].group;
        const Candidate& first = group.meaning.candidates.front();
        const std::string line = fmt::format(
            "{:7} {:7}  {} ({} %)  {}", group.count, group.first_line, first.cause->name,
            percent(first.weight), group.telling
        );
        page.exact({.hang = 2}, clipped(safe_text(line), page.room(2)));
    }
    std::string rest = explanation.unrecognised > 0
                           ? fmt::format("{:7} lines not recognised", explanation.unrecognised)
                           : std::string{};
    if (shown < explanation.groups.size()) {
        rest += fmt::format(
            "{}{} more kinds: -v", rest.empty() ? "        " : "; ",
            explanation.groups.size() - shown
        );
    }
    if (!rest.empty()) {
        page.exact({.hang = 2}, rest);
    }
}

Page written_explanation(const Explanation& explanation, const Look& look, const Share& share) {
    Page page{look};
    const bool log = explanation.messages > 1;
    write_head(page, explanation.groups.front().group);
    page.blank();
    if (log) {
        write_table(page, explanation, share);
        page.blank();
    }
    const std::size_t details = std::min(share.details, explanation.groups.size());
    for (std::size_t i = 0; i < details; ++i) {
        if (i > 0) {
            page.blank();
        }
        if (log) {
            const TextGroup& group = explanation.groups[i].group;
            constexpr std::size_t k_most_sample = 200;
            const std::string sample = clipped(safe_text(group.sample), k_most_sample);
            page.put(heading("Line"), fmt::format("{}: {}", group.first_line, sample));
        }
        write_details(page, explanation.groups[i], share);
    }
    for (const Asked& asked : explanation.asked) {
        page.put(heading("Asked"), judged_text(asked.candidates));
    }
    return page;
}

} // namespace

std::string judged_text(const std::vector<explain::Judged>& candidates) {
    std::string text;
    for (const auto ruling :
         {explain::Ruling::confirmed, explain::Ruling::open, explain::Ruling::excluded}) {
        std::string names;
        for (const explain::Judged& judged : candidates) {
            if (judged.ruling == ruling) {
                names += names.empty() ? "" : ", ";
                names += judged.candidate.cause->name;
            }
        }
        const std::string_view label = ruling == explain::Ruling::confirmed ? "Confirmed here: "
                                       : ruling == explain::Ruling::open    ? "Still possible: "
                                                                            : "Excluded: ";
        if (!names.empty()) {
            text += (text.empty() ? "" : " ") + std::string{label} + names + ".";
        }
    }
    return text;
}

std::string explanation_screen(const Explanation& explanation, const Look& look, bool verbose) {
    if (explanation.groups.empty()) {
        Page page{look};
        page.put(
            {.word = "UNSURE", .hang = 8, .paint = Paint::unsure},
            explanation.lines == 0 ? "the text is empty"
                                   : "not recognised: no known message of TLS is in this text"
        );
        page.put(
            heading("Next"), "tlsdoctor check HOST  asks the server itself; tlsdoctor client "
                             "--listen  records what a client offers"
        );
        return page.text();
    }
    if (verbose) {
        return written_explanation(explanation, look, k_all).text();
    }
    std::string text;
    for (const Share& share : k_shares) {
        const Page page = written_explanation(explanation, look, share);
        text = page.text();
        if (page.lines() <= k_screen_lines) {
            break;
        }
    }
    return text;
}

std::string explanation_line(const Explanation& explanation, bool utf8) {
    constexpr std::size_t k_most_columns = 400;
    if (explanation.groups.empty()) {
        return "UNSURE  not recognised\n";
    }
    const TextGroup& group = explanation.groups.front().group;
    const Candidate& first = group.meaning.candidates.front();
    const std::string line = fmt::format(
        "{}  {}  {}  {:.2f}  {}  {}  {}  {}", word_of(status_of(group)), first.cause->name,
        tlsdoctor::name_of(first.side), first.weight, explain::name_of(group.meaning.observer),
        explain::name_of(group.meaning.raised),
        group.meaning.alert ? std::to_string(static_cast<unsigned>(*group.meaning.alert)) : "-",
        first.why
    );
    const std::string shown = clipped(safe_text(line), k_most_columns);
    return (utf8 ? shown : ascii_text(shown)) + "\n";
}

} // namespace tlsdoctor::report
