// SPDX-License-Identifier: Apache-2.0
// Verdicts, findings and fixes: the same in the documents of all commands.
#include <algorithm>

#include <boost/json/array.hpp>

#include "report/json_parts.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using diagnose::Finding;

json::object finding_json(const Finding& finding) {
    json::array ids;
    json::array shown;
    for (const diagnose::Citation& citation : finding.evidence) {
        const bool listed = std::ranges::find(ids, json::value(citation.exchange)) != ids.end();
        if (!citation.exchange.empty() && !listed) {
            ids.emplace_back(citation.exchange);
        }
        shown.emplace_back(text_json(citation.text));
    }
    json::object object = judgement_json(finding);
    object["evidence"] = std::move(ids);
    object["shown_by"] = std::move(shown);
    object["refuted_by"] = text_unless_empty(finding.refuted_by);
    object["address"] = text_unless_empty(finding.address);
    return object;
}

} // namespace

json::object judgement_json(const Finding& finding) {
    return {
        {"status", tlsdoctor::name_of(finding.status)},
        {"cause", finding.cause->name},
        {"side", tlsdoctor::name_of(finding.side)},
        {"confidence", tlsdoctor::name_of(finding.confidence)},
        {"summary", text_json(finding.summary)},
    };
}

json::array findings_json(const diagnose::Diagnosis& diagnosis) {
    json::array list;
    for (const Finding& finding : diagnosis.findings) {
        list.emplace_back(finding_json(finding));
    }
    return list;
}

json::object fix_json(const advise::Fix& fix) {
    return {
        {"side", tlsdoctor::name_of(fix.side)}, {"product", text_json(fix.product)},
        {"where", text_json(fix.where)},        {"text", text_json(fix.text)},
        {"cost", text_json(fix.cost)},          {"verified", fix.verified},
        {"verify", text_json(fix.verify)},
    };
}

json::array fixes_json(const std::vector<advise::Fix>& fixes) {
    json::array list;
    for (const advise::Fix& fix : fixes) {
        list.emplace_back(fix_json(fix));
    }
    return list;
}

} // namespace tlsdoctor::report
