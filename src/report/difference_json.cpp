// SPDX-License-Identifier: Apache-2.0
// The document of `diff`. Every member is always there, as in the others.
#include <boost/json/array.hpp>

#include "report/difference.hpp"
#include "report/json_parts.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Change;
using evidence::ChangeKind;
using evidence::ShortVerdict;
using evidence::TargetChange;

json::object run_json(const ComparedRun& run) {
    return {
        {"input", text_json(run.name)},
        {"run", run.run ? json::value(*run.run) : json::value(nullptr)},
        {"started", text_unless_empty(run.started)},
        {"targets", run.targets},
        {"complete", run.complete},
    };
}

json::value short_verdict_json(const ShortVerdict& verdict) {
    if (verdict.status.empty()) {
        return nullptr;
    }
    return json::object{
        {"status", text_json(verdict.status)},
        {"cause", text_json(verdict.cause)},
        {"side", text_json(verdict.side)},
        {"summary", text_json(verdict.summary)},
    };
}

json::object change_json(const Change& change) {
    const bool lists = change.kind == ChangeKind::suites;
    return {
        {"kind", evidence::name_of(change.kind)},
        {"version", text_unless_empty(change.subject)},
        {"before", lists ? json::value(nullptr) : text_json(change.before)},
        {"after", lists ? json::value(nullptr) : text_json(change.after)},
        {"added", texts_json(change.added)},
        {"removed", texts_json(change.removed)},
        {"addresses", texts_json(change.addresses)},
    };
}

json::object target_change_json(const TargetChange& target, std::string_view turn) {
    json::array changes;
    for (const Change& change : target.changes) {
        changes.emplace_back(change_json(change));
    }
    return {
        {"target", text_json(target.identity)},
        {"host", text_json(target.host)},
        {"port", target.port},
        {"turn", turn},
        {"before", short_verdict_json(target.before)},
        {"after", short_verdict_json(target.after)},
        {"changes", std::move(changes)},
        {"not_comparable", texts_json(target.not_comparable)},
    };
}

} // namespace

json::object
to_json(const ComparedRuns& runs, const std::string& tool_version, const std::string& data_date) {
    const evidence::Difference& difference = runs.difference;
    json::array targets;
    for (const TargetChange& target : difference.changed) {
        targets.emplace_back(target_change_json(target, evidence::name_of(target.turn)));
    }
    for (const TargetChange& target : difference.only_partly) {
        targets.emplace_back(target_change_json(target, "same"));
    }
    return {
        {"schema", "tlsdoctor/1"},
        {"command", "diff"},
        {"tool",
         json::object{{"name", "tlsdoctor"}, {"version", tool_version}, {"data_date", data_date}}},
        {"before", run_json(runs.before)},
        {"after", run_json(runs.after)},
        {"same", difference.changes() == 0},
        {"counts",
         json::object{
             {"targets", difference.targets},
             {"changed", difference.changes()},
             {"worse", difference.worse},
             {"better", difference.better},
             {"other", difference.other},
             {"appeared", difference.appeared},
             {"disappeared", difference.disappeared},
             {"partly_comparable", difference.partly},
             {"not_comparable", difference.missing},
         }},
        {"targets", std::move(targets)},
    };
}

} // namespace tlsdoctor::report
