// SPDX-License-Identifier: Apache-2.0
// The larger objects inside the document. Private to this module.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

#include "advise/fix.hpp"
#include "diagnose/finding.hpp"
#include "diagnose/stack.hpp"
#include "evidence/inventory.hpp"
#include "evidence/json.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::report {

/// Returns text of any origin as a JSON string that is valid UTF-8 and harmless to print.
json::value text_json(std::string_view text);

/// Returns null for text that is missing.
json::value text_or_null(const std::optional<std::string>& text);

/// Returns the name of what was chosen, null where nothing was.
template <typename T>
json::value name_or_null(const std::optional<T>& value) {
    return value ? json::value(tlsdoctor::name_of(*value)) : json::value(nullptr);
}

/// Returns a list of texts.
template <typename Texts>
json::array texts_json(const Texts& texts) {
    json::array list;
    for (const auto& text : texts) {
        list.emplace_back(text_json(text));
    }
    return list;
}

/// Returns an alert's number and name, null where there is none.
json::value alert_json(const std::optional<AlertDescription>& alert);

/// Returns null for empty text.
json::value text_unless_empty(std::string_view text);

/// Returns an element of `fixes`.
json::object fix_json(const advise::Fix& fix);

/// Returns a duration rounded to microseconds, which is what was measured.
double rounded_ms(double ms);

/// Returns one of `endpoints`: the address's state, protocol, versions, certificates and stack.
json::object
endpoint_json(const evidence::Endpoint& endpoint, const std::optional<diagnose::Stack>& stack);

/// Returns the only endpoint of a target whose address is not known: it was not resolved, or the
/// run was cut before.
json::object endpoint_json_without_address(const evidence::Visit& visit);

/// Returns a certificate as far as it was read.
json::object certificate_json(const evidence::Certificate& certificate);

/// Sets the members of an endpoint that an enumeration fills: `cipher_suites`, `groups`,
/// `signature_algorithms` and `inventory`.
void add_inventory(json::object& endpoint, const std::optional<evidence::Inventory>& found);

/// Returns the elements of `evidence` for one address: exchanges and the whole handshake.
json::array evidence_json(const evidence::Endpoint& endpoint, bool with_bytes);

/// Returns what a verdict and every finding say: status, cause, side, confidence, summary.
json::object judgement_json(const diagnose::Finding& finding);

/// Returns all findings, the verdict first.
json::array findings_json(const diagnose::Diagnosis& diagnosis);

/// Returns what came of a policy; null without one.
json::value policy_json(const std::optional<diagnose::PolicyResult>& result);

/// Returns all fixes.
json::array fixes_json(const std::vector<advise::Fix>& fixes);

} // namespace tlsdoctor::report
