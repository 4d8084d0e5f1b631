// SPDX-License-Identifier: Apache-2.0
// What came of `--policy`, as JSON.
#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "report/json_parts.hpp"

namespace tlsdoctor::report {

namespace {

json::object difference_json(const diagnose::Difference& difference) {
    json::array ids;
    for (const diagnose::Citation& citation : difference.evidence) {
        const bool listed = std::ranges::find(ids, json::value(citation.exchange)) != ids.end();
        if (!citation.exchange.empty() && !listed) {
            ids.emplace_back(citation.exchange);
        }
    }
    return {
        {"kind", diagnose::name_of(difference.kind)},
        {"what", text_json(difference.what)},
        {"evidence", std::move(ids)},
        {"address", text_unless_empty(difference.address)},
    };
}

} // namespace

json::value policy_json(const std::optional<diagnose::PolicyResult>& result) {
    if (!result) {
        return nullptr;
    }
    json::array differences;
    for (const diagnose::Difference& difference : result->differences) {
        differences.emplace_back(difference_json(difference));
    }
    return json::object{
        {"name", text_json(result->policy.name)},
        {"source", text_json(result->policy.source)},
        {"compliant", result->compliant ? json::value(*result->compliant) : json::value(nullptr)},
        {"differences", std::move(differences)},
        {"not_judged", texts_json(result->policy.not_judged)},
    };
}

} // namespace tlsdoctor::report
