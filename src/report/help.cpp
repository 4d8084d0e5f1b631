// SPDX-License-Identifier: Apache-2.0
// Finds the page for a topic and sets it for a terminal.
#include "report/help.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/assume.hpp"
#include "base/text.hpp"
#include "registry/alert.hpp"
#include "registry/cause.hpp"
#include "report/layout.hpp"
#include "report/markdown.hpp"

namespace tlsdoctor::embedded {
std::span<const EmbeddedFile> cause_pages();
}

namespace tlsdoctor::report {

namespace {

constexpr std::string_view k_alert = "alert ";

Head entry(std::string_view word, std::size_t hang) {
    return {.indent = 2, .word = word, .hang = hang, .paint = Paint::heading};
}

std::string cause_page(const CauseInfo& cause, const Look& look) {
    Page page{look};
    const auto pages = cause_pages();
    const auto found = std::find_if(pages.begin(), pages.end(), [&](const EmbeddedFile& file) {
        return file.name == cause.name;
    });
    assume(found != pages.end(), "every cause has a page (tools/check_causes.py)");
    write_markdown(page, found->text);
    return page.text();
}

std::string alert_page(const AlertInfo& alert, const Look& look) {
    Page page{look};
    const std::string title =
        fmt::format("alert {} {}", static_cast<unsigned>(alert.id), alert.name);
    page.put(
        {.word = title, .hang = title.size() + 2, .paint = Paint::heading},
        fmt::format("({})", alert.reference)
    );
    page.blank();
    page.put(entry("Means", 11), alert.meaning);
    if (!alert.sender.empty()) {
        page.put(entry("Sent by", 11), alert.sender);
    }
    std::string_view word = "Causes";
    for (const std::string_view cause : split(alert.causes, ';')) {
        if (!trimmed(cause).empty()) {
            page.put(entry(word, 11), trimmed(cause));
            word = "";
        }
    }
    return page.text();
}

void write_alerts(Page& page) {
    page.put({.word = "Alerts", .paint = Paint::heading}, "");
    page.put({.indent = 2, .hang = 2}, "tlsdoctor help alert NUMBER says who sends one, and why.");
    page.blank();
    for (const AlertInfo& alert : alerts()) {
        const std::string number = fmt::format("{:>3}", static_cast<unsigned>(alert.id));
        page.put({.indent = 2, .word = number, .hang = 7}, alert.name);
    }
}

void write_causes(Page& page) {
    page.put({.word = "Causes", .paint = Paint::heading}, "");
    page.put({.indent = 2, .hang = 2}, "tlsdoctor help NAME says what to do about one.");
    page.blank();
    for (const CauseInfo& cause : causes()) {
        page.put({.indent = 2, .word = cause.name, .hang = 32}, cause.title);
    }
}

struct List {
    std::string_view topic{};
    void (*write)(Page&){};
};

void write_topics(Page& page) {
    write_causes(page);
    page.blank();
    write_alerts(page);
}

constexpr List k_lists[] = {
    {"topics", write_topics}, {"causes", write_causes}, {"cause", write_causes},
    {"alerts", write_alerts}, {"alert", write_alerts},
};

/// Reads `alert 70`, `alert protocol_version` and the bare name; a bare number is no topic.
const AlertInfo* alert_of(std::string_view topic) {
    const bool prefixed = lower(topic).starts_with(k_alert);
    const std::string_view word = trimmed(prefixed ? topic.substr(k_alert.size()) : topic);
    if (!prefixed && number_in(word, 255)) {
        return nullptr;
    }
    const auto alert = alert_named(word);
    return alert ? find(*alert) : nullptr;
}

} // namespace

std::span<const EmbeddedFile> cause_pages() {
    return embedded::cause_pages();
}

std::optional<std::string> help_page(std::string_view topic, const Look& look) {
    topic = trimmed(topic);
    for (const List& list : k_lists) {
        if (same_ignoring_case(list.topic, topic)) {
            Page page{look};
            list.write(page);
            return page.text();
        }
    }
    if (const CauseInfo* cause = find_cause(lower(topic))) {
        return cause_page(*cause, look);
    }
    if (const AlertInfo* alert = alert_of(topic)) {
        return alert_page(*alert, look);
    }
    return std::nullopt;
}

std::optional<std::string> similar_topic(std::string_view word) {
    std::vector<std::string> topics;
    for (const List& list : k_lists) {
        topics.emplace_back(list.topic);
    }
    for (const CauseInfo& cause : causes()) {
        topics.emplace_back(cause.name);
    }
    for (const AlertInfo& alert : alerts()) {
        topics.push_back(fmt::format("alert {}", alert.name));
        topics.emplace_back(alert.name);
    }
    const std::vector<std::string_view> candidates(topics.begin(), topics.end());
    const auto best = nearest(lower(trimmed(word)), candidates);
    return best ? std::optional<std::string>{*best} : std::nullopt;
}

} // namespace tlsdoctor::report
