// SPDX-License-Identifier: Apache-2.0
// Endpoints and evidence as JSON. Every member is always there: a reader never has to ask whether
// one exists, only whether it is null.
#include "report/json_parts.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "base/bytes.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Handshake;
using evidence::Outcome;
using evidence::Reach;
using evidence::VersionAnswer;

json::value received_alert_json(const std::optional<evidence::Alert>& alert) {
    if (!alert) {
        return nullptr;
    }
    return json::object{
        {"code", std::to_underlying(alert->description)},
        {"name", tlsdoctor::name_of(alert->description)},
        {"level", tlsdoctor::name_of(alert->level)},
        {"record_version", tlsdoctor::name_of(alert->record_version)},
    };
}

/// The messages of a server's first flight, and how the JSON calls them.
constexpr std::pair<std::string_view, std::string_view> k_stages[] = {
    {"ServerHello", "server_hello"},
    {"EncryptedExtensions", "encrypted_extensions"},
    {"CertificateRequest", "certificate_request"},
    {"Certificate", "certificate"},
    {"CertificateStatus", "certificate_status"},
    {"CertificateVerify", "certificate_verify"},
    {"ServerKeyExchange", "server_key_exchange"},
    {"ServerHelloDone", "server_hello_done"},
    {"Finished", "finished"},
};

/// The last message that came before an alert; at least a ServerHello was accepted.
std::string_view stage_of(const std::optional<evidence::Flight>& flight) {
    using Stage = std::pair<std::string_view, std::string_view>;
    const auto* const at = std::ranges::find(k_stages, flight ? flight->stage : "", &Stage::first);
    return at == std::end(k_stages) ? "server_hello" : at->second;
}

/// What failed in the whole handshake or right after it; null where it went well.
json::value after_handshake_json(const Handshake& handshake) {
    const std::string& detail = handshake.completed ? handshake.failure_after : handshake.failure;
    if (handshake.completed && detail.empty()) {
        return nullptr;
    }
    return json::object{
        {"alert", received_alert_json(handshake.alert)},
        {"encrypted",
         handshake.alert ? json::value(handshake.alert_encrypted) : json::value(nullptr)},
        {"stage", handshake.completed ? "connected" : "handshake"},
        {"detail", text_unless_empty(detail)},
    };
}

/// What failed after this version had been accepted: an alert behind the ServerHello, or the whole
/// handshake that was made with this version.
json::value after_json(const VersionAnswer& answer, const std::optional<Handshake>& handshake) {
    if (answer.outcome != Outcome::accepted) {
        return nullptr;
    }
    if (answer.shown_by->alert_after) {
        return json::object{
            {"alert", received_alert_json(answer.shown_by->alert_after)},
            {"encrypted", answer.shown_by->after_encrypted},
            {"stage", stage_of(answer.shown_by->flight)},
            {"detail", nullptr},
        };
    }
    return handshake && handshake->version == answer.version ? after_handshake_json(*handshake)
                                                             : json::value(nullptr);
}

/// The exchange that shows the answer stands first.
json::array ids_of(const VersionAnswer& answer) {
    json::array ids;
    if (answer.shown_by != nullptr) {
        ids.emplace_back(answer.shown_by->id);
    }
    for (const Exchange* exchange : answer.all) {
        if (exchange != answer.shown_by) {
            ids.emplace_back(exchange->id);
        }
    }
    return ids;
}

json::object version_json(const VersionAnswer& answer, const std::optional<Handshake>& handshake) {
    const Exchange nothing;
    const Exchange& shown = answer.shown_by != nullptr ? *answer.shown_by : nothing;
    const bool accepted = answer.outcome == Outcome::accepted;
    const bool has_suite =
        accepted && shown.selection && answer.version != ProtocolVersion::ssl_2_0;
    return {
        {"version", tlsdoctor::name_of(answer.version)},
        {"outcome", evidence::name_of(answer.outcome)},
        {"alert", received_alert_json(shown.alert)},
        {"negotiated", answer.outcome == Outcome::other_version && shown.selection
                           ? json::value(tlsdoctor::name_of(shown.selection->version))
                           : json::value(nullptr)},
        {"cipher_suite", has_suite ? json::value(tlsdoctor::name_of(shown.selection->cipher_suite))
                                   : json::value(nullptr)},
        {"group", has_suite ? name_or_null(shown.selection->group) : json::value(nullptr)},
        {"after", after_json(answer, handshake)},
        {"evidence", ids_of(answer)},
    };
}

json::array certificates_json(const std::optional<Handshake>& handshake) {
    json::array chain;
    if (handshake) {
        std::ranges::transform(handshake->chain, std::back_inserter(chain), certificate_json);
    }
    return chain;
}

json::value handshake_json(const std::optional<Handshake>& handshake) {
    if (!handshake) {
        return nullptr;
    }
    return json::object{
        {"completed", handshake->completed},
        {"version", name_or_null(handshake->version)},
        {"cipher_suite", name_or_null(handshake->cipher_suite)},
        {"failure", text_unless_empty(handshake->failure)},
        {"http_status", text_unless_empty(handshake->http_status)},
        {"evidence", handshake->id},
    };
}

/// Null where the server did not ask for one, or nothing shows it.
json::value client_certificate_json(const Endpoint& endpoint) {
    const evidence::ClientCertificate wish = evidence::client_certificate(endpoint);
    if (wish == evidence::ClientCertificate::not_requested) {
        return nullptr;
    }
    json::array authorities;
    for (const std::string& name : evidence::accepted_authorities(endpoint)) {
        authorities.emplace_back(text_json(name));
    }
    return json::object{
        {"wish", evidence::name_of(wish)},
        {"authorities", std::move(authorities)},
    };
}

json::value fallback_json(const Endpoint& endpoint) {
    const auto answer = evidence::fallback_answer(endpoint);
    return answer ? json::value(answer->honoured ? "honoured" : "ignored") : json::value(nullptr);
}

json::object trust_json(const std::optional<Handshake>& handshake) {
    return {
        {"status", evidence::name_of(handshake ? handshake->trust : evidence::Trust::not_judged)},
        {"error", handshake ? text_unless_empty(handshake->trust_error) : json::value(nullptr)},
    };
}

/// The protocol of a dialogue that was answered and did not come to TLS; empty for none.
std::string_view protocol_of_dialogue(const Endpoint& endpoint) {
    const auto at = std::ranges::find_if(endpoint.exchanges, [](const Exchange& exchange) {
        const bool told = exchange.dialogue && (exchange.dialogue->result == "not_offered" ||
                                                exchange.dialogue->result == "refused");
        return told && exchange.purpose != evidence::Purpose::trait;
    });
    if (at == endpoint.exchanges.end()) {
        return "";
    }
    const std::string_view name = at->dialogue->protocol;
    return name == "postgres" ? "postgresql" : name == "xmpp-server" ? "xmpp" : name;
}

/// TLS where a peer ever spoke it: some answer an odd hello in clear text on a TLS port all the
/// same.
json::value protocol_json(const Endpoint& endpoint) {
    const auto any = [&](auto... outcomes) {
        return std::ranges::any_of(endpoint.exchanges, [&](const Exchange& exchange) {
            return ((exchange.outcome == outcomes) || ...);
        });
    };
    if (any(Outcome::accepted, Outcome::other_version)) {
        return "tls";
    }
    if (const std::string_view met = evidence::foreign_protocol(endpoint); !met.empty()) {
        return text_json(met);
    }
    if (any(Outcome::refused)) {
        return "tls";
    }
    const std::string_view spoken = protocol_of_dialogue(endpoint);
    return spoken.empty() ? json::value(nullptr) : text_json(spoken);
}

/// An address that was not tried before the run was cut has no state: null, as all that is unknown.
json::value state_json(Reach reach) {
    return reach == Reach::untried ? json::value(nullptr) : json::value(evidence::name_of(reach));
}

json::object exchange_json(const Exchange& exchange, std::string_view address, bool with_bytes) {
    json::object object{
        {"id", exchange.id},
        {"kind", "exchange"},
        {"purpose", evidence::name_of(exchange.purpose)},
        {"address", text_json(address)},
        {"offer", text_json(evidence::describe(exchange.offer))},
        {"answer", text_json(evidence::describe_answer(exchange))},
        {"ms", rounded_ms(exchange.ms)},
    };
    if (with_bytes) {
        object["sent"] = to_hex(exchange.sent);
        object["received"] = to_hex(exchange.received);
    }
    return object;
}

json::object handshake_evidence(const Handshake& handshake, std::string_view address) {
    return {
        {"id", handshake.id},
        {"kind", "handshake"},
        {"purpose", "handshake"},
        {"address", text_json(address)},
        {"offer", "a whole handshake by OpenSSL"},
        {"answer", handshake.completed ? json::value("completed")
                                       : text_json("failed: " + handshake.failure)},
        {"ms", rounded_ms(handshake.ms)},
    };
}

json::value stack_json(const std::optional<diagnose::Stack>& stack) {
    if (!stack) {
        return nullptr;
    }
    return json::object{
        {"name", stack->name},
        {"confidence", name_or_null(stack->confidence)},
        {"candidates", texts_json(stack->candidates)},
        {"evidence", texts_json(stack->evidence)},
        {"product", text_unless_empty(stack->product)},
    };
}

} // namespace

json::object certificate_json(const evidence::Certificate& certificate) {
    return {
        {"subject", text_json(certificate.subject)},
        {"issuer", text_json(certificate.issuer)},
        {"names", texts_json(certificate.names)},
        {"not_before", text_json(certificate.not_before)},
        {"not_after", text_json(certificate.not_after)},
        {"key", text_json(certificate.key)},
        {"signature", text_json(certificate.signature)},
        {"sha256", text_json(certificate.sha256)},
    };
}

json::object endpoint_json(const Endpoint& endpoint, const std::optional<diagnose::Stack>& stack) {
    json::array versions;
    for (const VersionAnswer& answer : evidence::version_answers(endpoint)) {
        versions.emplace_back(version_json(answer, endpoint.handshake));
    }
    json::object object{
        {"address", text_unless_empty(endpoint.address)},
        {"port", endpoint.port},
        {"state", state_json(endpoint.reach)},
        {"error", text_unless_empty(endpoint.reach_error)},
        {"protocol", protocol_json(endpoint)},
        {"versions", std::move(versions)},
        {"cipher_suites", nullptr},
        {"groups", nullptr},
        {"signature_algorithms", nullptr},
        {"inventory", nullptr},
        {"handshake", handshake_json(endpoint.handshake)},
        {"certificates", certificates_json(endpoint.handshake)},
        {"trust", trust_json(endpoint.handshake)},
        {"client_certificate", client_certificate_json(endpoint)},
        {"fallback_scsv", fallback_json(endpoint)},
        {"stack", stack_json(stack)},
    };
    add_inventory(object, evidence::inventory_of(endpoint));
    return object;
}

json::object endpoint_json_without_address(const evidence::Visit& visit) {
    Endpoint endpoint;
    endpoint.port = visit.target.port;
    endpoint.reach = visit.dns_error.empty() ? Reach::untried : Reach::dns_failure;
    endpoint.reach_error = visit.dns_error;
    return endpoint_json(endpoint, std::nullopt);
}

json::array evidence_json(const Endpoint& endpoint, bool with_bytes) {
    json::array list;
    for (const Exchange& exchange : endpoint.exchanges) {
        list.emplace_back(exchange_json(exchange, endpoint.address, with_bytes));
    }
    if (endpoint.handshake) {
        list.emplace_back(handshake_evidence(*endpoint.handshake, endpoint.address));
    }
    for (const evidence::Replay& replay : endpoint.replays) {
        list.emplace_back(exchange_json(replay.exchange, endpoint.address, with_bytes));
    }
    for (const Exchange& exchange : endpoint.inventory) {
        list.emplace_back(exchange_json(exchange, endpoint.address, with_bytes));
    }
    return list;
}

} // namespace tlsdoctor::report
