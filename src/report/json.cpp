// SPDX-License-Identifier: Apache-2.0
// The document around the endpoints.
#include "report/json.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "report/json_parts.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::CaseFile;

json::object target_json(const evidence::Target& target) {
    json::object object{
        {"input", text_json(target.input)},
        {"host", text_json(target.host)},
        {"port", target.port},
        {"sni", text_or_null(target.sni)},
        {"starttls", text_or_null(target.starttls)},
    };
    if (!target.proxy.empty()) {
        object["proxy"] = text_json(target.proxy);
    }
    return object;
}

json::object client_json(const evidence::ClientOutcome& client) {
    return {
        {"id", text_json(client.id)},
        {"name", text_json(client.name)},
        {"outcome", evidence::name_of(client.outcome)},
        {"based_on", evidence::name_of(client.based_on)},
        {"version", name_or_null(client.version)},
        {"cipher_suite", name_or_null(client.cipher_suite)},
        {"group", name_or_null(client.group)},
        {"refused_by", text_unless_empty(evidence::name_of(client.refused_by))},
        {"alert", alert_json(client.alert)},
        {"cause", text_unless_empty(client.cause)},
        {"reason", text_json(client.reason)},
        {"change", text_unless_empty(client.change)},
        {"evidence", text_unless_empty(client.exchange)},
    };
}

/// What needs attention stands first.
json::array clients_json(const std::vector<evidence::ClientOutcome>& clients) {
    using evidence::ClientResult;
    json::array list;
    for (const ClientResult result :
         {ClientResult::fails, ClientResult::unsure, ClientResult::not_tested,
          ClientResult::connects}) {
        for (const evidence::ClientOutcome& client : clients) {
            if (client.outcome == result) {
                list.emplace_back(client_json(client));
            }
        }
    }
    return list;
}

json::value what_if_json(const std::optional<evidence::WhatIf>& what_if) {
    if (!what_if) {
        return nullptr;
    }
    return json::object{
        {"change", text_json(what_if->change)},    {"connect_now", what_if->connect_now},
        {"connect_then", what_if->connect_then},   {"lost", clients_json(what_if->lost)},
        {"gained", clients_json(what_if->gained)}, {"unsure", clients_json(what_if->unsure)},
    };
}

/// One object for each element, made by `make`.
template <typename List, typename Make>
json::array array_of(const List& list, Make make) {
    json::array result;
    for (const auto& element : list) {
        result.emplace_back(make(element));
    }
    return result;
}

json::array endpoints_json(const CaseFile& file) {
    if (file.visit.endpoints.empty()) {
        return {endpoint_json_without_address(file.visit)};
    }
    return array_of(file.visit.endpoints, [&](const evidence::Endpoint& endpoint) {
        return endpoint_json(endpoint, stack_of(file, endpoint));
    });
}

json::array all_evidence_json(const evidence::Visit& visit, bool with_bytes) {
    json::array list;
    for (const evidence::Endpoint& endpoint : visit.endpoints) {
        for (json::value& one : evidence_json(endpoint, with_bytes)) {
            list.emplace_back(std::move(one));
        }
    }
    return list;
}

} // namespace

json::object to_json(const CaseFile& file, const JsonOptions& options) {
    const evidence::Visit& visit = file.visit;
    json::object document{
        {"schema", "tlsdoctor/1"},
        {"command", options.command},
        {"tool",
         json::object{
             {"name", "tlsdoctor"}, {"version", options.version}, {"data_date", options.data_date}
         }},
        {"target", target_json(visit.target)},
        {"started", text_json(visit.started)},
        {"elapsed_ms", static_cast<std::int64_t>(std::llround(visit.elapsed_ms))},
        {"connections", visit.connections},
        {"interrupted", visit.interrupted},
        {"verdict", judgement_json(verdict_of(file))},
        {"error_note", text_unless_empty(file.diagnosis.error_note)},
        {"client_note", text_unless_empty(file.diagnosis.client_note)},
        {"findings", findings_json(file.diagnosis)},
        {"endpoints", endpoints_json(file)},
        {"clients", clients_json(file.clients)},
        {"what_if", what_if_json(file.what_if)},
        {"policy", policy_json(file.diagnosis.policy)},
    };
    if (!file.diagnosis.config_note.empty()) {
        document["config_note"] = text_json(file.diagnosis.config_note);
    }
    if (options.command != "scan") {
        document["evidence"] = all_evidence_json(visit, options.with_bytes);
    }
    document["fixes"] = fixes_json(file.fixes);
    return document;
}

std::string json_line(const json::value& document) {
    // In the text of `pretty` every newline is layout: inside strings they are escaped. Its numbers
    // are the ones people expect, which json::serialize's (3.1E0) are not.
    const std::string text = evidence::pretty(document);
    std::string line;
    for (const std::string_view part : split(text, '\n')) {
        line += part.substr(std::min(part.find_first_not_of(' '), part.size()));
    }
    return line + "\n";
}

} // namespace tlsdoctor::report
