// SPDX-License-Identifier: Apache-2.0
// The same members in both directions.
#include "evidence/walk_json.hpp"

#include <boost/json/array.hpp>

namespace tlsdoctor::evidence {

namespace {

json::object step_json(const WalkStep& step) {
    json::object object{
        {"group", name_of(step.group)},
        {"name", step.name},
        {"acceptance", name_of(step.acceptance)},
        {"how", step.how},
        {"ending", step.ending},
        {"text", step.text},
        {"ms", step.ms},
    };
    if (!step.only.empty()) {
        object["only"] = step.only;
    }
    if (step.alert) {
        object["alert"] = std::to_underlying(*step.alert);
    }
    if (step.exit_code) {
        object["exit_code"] = *step.exit_code;
    }
    return object;
}

WalkStep read_step(const Fields& in) {
    WalkStep step;
    in.word("group", step.group, walk_group_named);
    in.text("name", step.name);
    in.word("acceptance", step.acceptance, reaction_named);
    in.text("only", step.only);
    in.text("how", step.how);
    in.text("ending", step.ending);
    in.text("text", step.text);
    in.real("ms", step.ms);
    in.number("alert", step.alert);
    std::optional<std::uint8_t> code;
    in.number("exit_code", code);
    if (code) {
        step.exit_code = *code;
    }
    return step;
}

} // namespace

json::object to_json(const Walk& walk) {
    json::array steps;
    for (const WalkStep& step : walk.steps) {
        steps.emplace_back(step_json(step));
    }
    return {
        {"steps", std::move(steps)}, {"trusts_us", walk.trusts_us},
        {"runs", walk.runs},         {"elapsed_ms", walk.elapsed_ms},
        {"cut", walk.cut},
    };
}

Walk read_walk(const Fields& in) {
    Walk walk;
    in.list("steps", walk.steps, read_step);
    in.flag("trusts_us", walk.trusts_us);
    in.number("runs", walk.runs);
    in.real("elapsed_ms", walk.elapsed_ms);
    in.flag("cut", walk.cut);
    return walk;
}

} // namespace tlsdoctor::evidence
