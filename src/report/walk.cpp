// SPDX-License-Identifier: Apache-2.0
// Groups of steps in the order in which they were tried.
#include "report/walk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "report/json_parts.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Reaction;
using evidence::Walk;
using evidence::WalkGroup;
using evidence::WalkStep;

constexpr std::array k_walk_groups = {
    WalkGroup::versions, WalkGroup::key_types, WalkGroup::suites,
    WalkGroup::groups,   WalkGroup::failures,
};

/// The heading of each group but the failures.
std::string_view heading_of(WalkGroup group) {
    switch (group) {
    case WalkGroup::versions:
        return "Accepts";
    case WalkGroup::key_types:
        return "Keys";
    case WalkGroup::suites:
        return "Suites";
    case WalkGroup::groups:
        return "Groups";
    case WalkGroup::failures:
        break;
    }
    return "Failures";
}

json::value accepted_json(Reaction acceptance) {
    switch (acceptance) {
    case Reaction::accepted:
        return true;
    case Reaction::refused:
    case Reaction::not_offered:
        return false;
    case Reaction::unclear:
    case Reaction::not_tested:
        break;
    }
    return nullptr;
}

json::object walk_step_json(const WalkStep& step) {
    json::value alert;
    if (step.alert) {
        alert = json::object{
            {"code", std::to_underlying(*step.alert)}, {"name", tlsdoctor::name_of(*step.alert)}
        };
    }
    return {
        {"accepted", accepted_json(step.acceptance)},
        {"outcome", evidence::name_of(step.acceptance)},
        {"only", text_unless_empty(step.only)},
        {"how", text_unless_empty(step.how)},
        {"alert", std::move(alert)},
        {"exit_code", step.exit_code ? json::value(*step.exit_code) : json::value(nullptr)},
        {"ending", text_unless_empty(step.ending)},
        {"text", text_json(step.text)},
    };
}

/// How many steps were not tried.
std::size_t not_tested_in(const Walk& walk) {
    return static_cast<std::size_t>(
        std::ranges::count(walk.steps, Reaction::not_tested, &WalkStep::acceptance)
    );
}

void add_name(std::string& list, const WalkStep& step) {
    list += (list.empty() ? "" : ", ") + words_for(step);
}

/// `TLS 1.2, TLS 1.3; refuses TLS 1.0, TLS 1.1 (alert 70 protocol_version)`.
std::string accepted_and_refused(const Walk& walk, WalkGroup group) {
    std::string accepted;
    std::string refused;
    std::string not_offered;
    std::string unclear;
    for (const WalkStep& step : walk.steps) {
        if (step.group != group) {
            continue;
        }
        switch (step.acceptance) {
        case Reaction::accepted:
            add_name(accepted, step);
            break;
        case Reaction::refused:
            add_name(refused, step);
            break;
        case Reaction::not_offered:
            add_name(not_offered, step);
            break;
        case Reaction::unclear:
        case Reaction::not_tested:
            add_name(unclear, step);
            break;
        }
    }
    if (accepted.empty() && refused.empty() && not_offered.empty() && unclear.empty()) {
        return {};
    }
    std::string text = accepted.empty() ? "none" : accepted;
    text += refused.empty() ? "" : "; refuses " + refused;
    text += not_offered.empty() ? "" : "; does not offer " + not_offered;
    return text + (unclear.empty() ? "" : "; not found out: " + unclear);
}

void write_failure(Page& page, const WalkStep& step, bool& first) {
    const std::string code =
        step.exit_code ? fmt::format("exit {}", *step.exit_code) : std::string(step.ending);
    page.put(
        heading(std::exchange(first, false) ? "Says" : ""),
        fmt::format(
            "{}: {}{}{}", step.name, code, step.text.empty() ? "" : ", ", safe_text(step.text)
        )
    );
}

} // namespace

std::string words_for(const WalkStep& step) {
    return step.only.empty() ? step.name
                             : fmt::format("{} with {} only", step.name, safe_text(step.only));
}

json::object accepts_json(const std::optional<Walk>& walk) {
    json::object accepts;
    if (!walk) {
        return accepts;
    }
    for (const WalkGroup group : k_walk_groups) {
        json::object steps;
        for (const WalkStep& step : walk->steps) {
            if (step.group == group) {
                steps[step.name] = walk_step_json(step);
            }
        }
        accepts[evidence::name_of(group)] = std::move(steps);
    }
    accepts["trusts_us"] = walk->trusts_us;
    accepts["runs"] = walk->runs;
    accepts["elapsed_ms"] = static_cast<std::int64_t>(std::llround(walk->elapsed_ms));
    accepts["complete"] = !walk->cut;
    return accepts;
}

void write_walk(Page& page, const Walk& walk, bool all) {
    for (const WalkGroup group : k_walk_groups) {
        const std::string text = accepted_and_refused(walk, group);
        if (group != WalkGroup::failures && !text.empty()) {
            page.put(heading(heading_of(group)), text);
        }
    }
    bool first = true;
    std::string unnoticed;
    for (const WalkStep& step : walk.steps) {
        if (step.group != WalkGroup::failures) {
            continue;
        }
        if (step.acceptance == Reaction::accepted) {
            add_name(unnoticed, step);
        }
        if (all) {
            write_failure(page, step, first);
        }
    }
    if (!unnoticed.empty()) {
        page.put(heading("Careless"), "does not notice " + unnoticed);
    }
    const std::string cut = walk.cut ? fmt::format(
                                           ", cut before the end: {} of {} not tried",
                                           not_tested_in(walk), walk.steps.size()
                                       )
                                     : std::string();
    page.put(
        heading("Walked"), fmt::format(
                               "{} runs in {:.1f} s{}{}", walk.runs, walk.elapsed_ms / 1000, cut,
                               all ? "" : "; -v shows what it says about each failure"
                           )
    );
}

} // namespace tlsdoctor::report
