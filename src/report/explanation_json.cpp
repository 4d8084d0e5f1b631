// SPDX-License-Identifier: Apache-2.0
// The JSON document of `explain`. The first group's members stand at the top as well.
#include "report/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json/array.hpp>

#include "report/json_parts.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

/// Weights to three places, which is more than is known. What rounding adds or takes falls to one
/// of the ends, where it changes no order, so that the sum stays 1.
std::vector<double> rounded_weights(const std::vector<explain::Candidate>& candidates) {
    constexpr double k_places = 1'000;
    std::vector<double> weights;
    double rest = k_places;
    for (const explain::Candidate& candidate : candidates) {
        weights.push_back(std::round(candidate.weight * k_places));
        rest -= weights.back();
    }
    if (!weights.empty()) {
        (rest > 0 ? weights.front() : weights.back()) += rest;
    }
    std::ranges::transform(weights, weights.begin(), [](double w) { return w / k_places; });
    return weights;
}

json::object candidate_json(const explain::Candidate& candidate, double weight) {
    return {
        {"cause", candidate.cause->name},
        {"side", tlsdoctor::name_of(candidate.side)},
        {"weight", weight},
        {"why", text_json(candidate.why)},
    };
}

json::array candidates_json(const Explained& explained) {
    const auto& candidates = explained.group.meaning.candidates;
    const std::vector<double> weights = rounded_weights(candidates);
    json::array list;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        json::array fixes;
        for (const advise::Fix& fix : explained.fixes[i]) {
            fixes.emplace_back(fix_json(fix));
        }
        json::object object = candidate_json(candidates[i], weights[i]);
        object["fixes"] = std::move(fixes);
        list.emplace_back(std::move(object));
    }
    return list;
}

void write_group(json::object& object, const Explained& explained) {
    const explain::Group& group = explained.group;
    object["observer"] = explain::name_of(group.meaning.observer);
    object["raised"] = explain::name_of(group.meaning.raised);
    object["stack"] = text_unless_empty(group.meaning.stack);
    object["alert"] = alert_json(group.meaning.alert);
    object["candidates"] = candidates_json(explained);
    object["ask"] = texts_json(group.meaning.ask);
    object["next"] = texts_json(group.next);
    object["host"] = text_unless_empty(group.place.host);
    object["port"] = group.place.port == 0 ? json::value(nullptr) : json::value(group.place.port);
    object["message"] = text_unless_empty(group.id);
}

json::object asked_json(const Asked& asked, const JsonOptions& options) {
    json::array candidates;
    for (const explain::Judged& judged : asked.candidates) {
        constexpr double k_places = 1'000;
        const double weight = std::round(judged.candidate.weight * k_places) / k_places;
        json::object object = candidate_json(judged.candidate, weight);
        object["ruling"] = explain::name_of(judged.ruling);
        candidates.emplace_back(std::move(object));
    }
    JsonOptions check = options;
    check.command = "check";
    return {{"candidates", std::move(candidates)}, {"check", to_json(asked.file, check)}};
}

} // namespace

json::object to_json(const Explanation& explanation, const JsonOptions& options) {
    json::object document{
        {"schema", "tlsdoctor/1"},
        {"command", "explain"},
        {"tool",
         json::object{
             {"name", "tlsdoctor"}, {"version", options.version}, {"data_date", options.data_date}
         }},
    };
    const Explained nothing;
    write_group(document, explanation.groups.empty() ? nothing : explanation.groups.front());
    document["recognised"] = !explanation.groups.empty();
    document["lines"] = explanation.lines;
    document["unrecognised"] = explanation.unrecognised;
    if (explanation.messages > 1) {
        json::array groups;
        for (const Explained& explained : explanation.groups) {
            json::object object{
                {"count", explained.group.count},
                {"first_line", explained.group.first_line},
                {"sample", text_json(explained.group.sample)},
            };
            write_group(object, explained);
            groups.emplace_back(std::move(object));
        }
        document["groups"] = std::move(groups);
    }
    if (!explanation.asked.empty()) {
        json::array runs;
        for (const Asked& asked : explanation.asked) {
            runs.emplace_back(asked_json(asked, options));
        }
        document["verdict"] = judgement_json(verdict_of(explanation.asked.front().file));
        document["runs"] = std::move(runs);
    }
    return document;
}

} // namespace tlsdoctor::report
