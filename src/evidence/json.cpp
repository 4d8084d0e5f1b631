// SPDX-License-Identifier: Apache-2.0
// Writes a visit as JSON that people can read and edit; bytes are hexadecimal digits. Offers and
// flights are in evidence/json_offer.cpp.
#include "evidence/json.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include "base/bytes.hpp"
#include "evidence/json_offer.hpp"

namespace tlsdoctor::evidence {

namespace {

json::value optional_text(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

json::object alert_json(const Alert& alert) {
    return {
        {"level", std::to_underlying(alert.level)},
        {"description", std::to_underlying(alert.description)},
        {"record_version", std::to_underlying(alert.record_version)},
    };
}

json::object selection_json(const Selection& selection) {
    json::object object{
        {"version", std::to_underlying(selection.version)},
        {"cipher_suite", std::to_underlying(selection.cipher_suite)},
    };
    if (selection.group) {
        object["group"] = std::to_underlying(*selection.group);
    }
    if (selection.hello_retry_request) {
        object["hello_retry_request"] = true;
    }
    if (selection.after_retry) {
        object["after_retry"] = true;
    }
    if (selection.downgrade_from) {
        object["downgrade_from"] = std::to_underlying(*selection.downgrade_from);
    }
    return object;
}

json::object exchange_json(const Exchange& exchange) {
    json::object object{
        {"id", exchange.id},
        {"purpose", name_of(exchange.purpose)},
        {"offer", offer_json(exchange.offer)},
        {"outcome", name_of(exchange.outcome)},
        {"reach", name_of(exchange.reach)},
        {"ending", name_of(exchange.ending)},
        {"ms", exchange.ms},
    };
    if (exchange.selection) {
        object["selection"] = selection_json(*exchange.selection);
    }
    if (exchange.alert) {
        object["alert"] = alert_json(*exchange.alert);
    }
    if (exchange.alert_after) {
        object["alert_after"] = alert_json(*exchange.alert_after);
    }
    if (exchange.after_encrypted) {
        object["after_encrypted"] = true;
    }
    if (exchange.flight) {
        object["flight"] = flight_json(*exchange.flight);
    }
    if (exchange.dialogue) {
        object["dialogue"] = dialogue_json(*exchange.dialogue);
    }
    if (!exchange.proxy_error.empty()) {
        object["proxy_error"] = exchange.proxy_error;
    }
    if (exchange.unacknowledged) {
        object["unacknowledged"] = true;
    }
    if (!exchange.protocol.empty()) {
        object["protocol"] = exchange.protocol;
    }
    if (!exchange.error.empty()) {
        object["error"] = exchange.error;
    }
    if (!exchange.sent.empty()) {
        object["sent"] = to_hex(exchange.sent);
    }
    if (!exchange.received.empty()) {
        object["received"] = to_hex(exchange.received);
    }
    return object;
}

json::object certificate_json(const Certificate& certificate) {
    json::array names;
    for (const std::string& name : certificate.names) {
        names.emplace_back(name);
    }
    return {
        {"subject", certificate.subject},     {"issuer", certificate.issuer},
        {"names", std::move(names)},          {"not_before", certificate.not_before},
        {"not_after", certificate.not_after}, {"key", certificate.key},
        {"signature", certificate.signature}, {"sha256", certificate.sha256},
    };
}

json::object handshake_json(const Handshake& handshake) {
    json::array chain;
    for (const Certificate& certificate : handshake.chain) {
        chain.emplace_back(certificate_json(certificate));
    }
    json::object object{
        {"id", handshake.id},
        {"completed", handshake.completed},
        {"chain", std::move(chain)},
        {"trust", name_of(handshake.trust)},
        {"trust_error", handshake.trust_error},
        {"failure", handshake.failure},
        {"asked_for_certificate", handshake.asked_for_certificate},
        {"failure_after", handshake.failure_after},
        {"ms", handshake.ms},
    };
    if (handshake.sent_certificate) {
        object["sent_certificate"] = true;
    }
    if (handshake.version) {
        object["version"] = std::to_underlying(*handshake.version);
    }
    if (handshake.cipher_suite) {
        object["cipher_suite"] = std::to_underlying(*handshake.cipher_suite);
    }
    if (!handshake.certificate_authorities.empty()) {
        object["certificate_authorities"] = json::array(
            handshake.certificate_authorities.begin(), handshake.certificate_authorities.end()
        );
    }
    if (handshake.alert) {
        object["alert"] = alert_json(*handshake.alert);
        object["alert_encrypted"] = handshake.alert_encrypted;
    }
    if (!handshake.http_status.empty()) {
        object["http_status"] = handshake.http_status;
        object["http_demands_certificate"] = handshake.http_demands_certificate;
    }
    return object;
}

json::object replay_json(const Replay& replay) {
    return {
        {"clients", json::array(replay.clients.begin(), replay.clients.end())},
        {"attempt", replay.attempt},
        {"exchange", exchange_json(replay.exchange)},
    };
}

json::object endpoint_json(const Endpoint& endpoint) {
    json::array exchanges;
    for (const Exchange& exchange : endpoint.exchanges) {
        exchanges.emplace_back(exchange_json(exchange));
    }
    json::object object{
        {"address", endpoint.address},       {"port", endpoint.port},
        {"reach", name_of(endpoint.reach)},  {"reach_error", endpoint.reach_error},
        {"exchanges", std::move(exchanges)},
    };
    if (endpoint.handshake) {
        object["handshake"] = handshake_json(*endpoint.handshake);
    }
    if (!endpoint.replays.empty()) {
        json::array replays;
        for (const Replay& replay : endpoint.replays) {
            replays.emplace_back(replay_json(replay));
        }
        object["replays"] = std::move(replays);
    }
    if (!endpoint.inventory.empty()) {
        json::array inventory;
        for (const Exchange& exchange : endpoint.inventory) {
            inventory.emplace_back(exchange_json(exchange));
        }
        object["inventory"] = std::move(inventory);
    }
    return object;
}

json::object target_json(const Target& target) {
    json::object object{
        {"input", target.input},     {"scheme", target.scheme},
        {"host", target.host},       {"port", target.port},
        {"literal", target.literal}, {"sni", optional_text(target.sni)},
        {"options", target.options}, {"starttls", optional_text(target.starttls)},
    };
    if (!target.proxy.empty()) {
        object["proxy"] = target.proxy;
    }
    return object;
}

void write(std::string& out, const json::value& value, std::size_t depth) {
    const std::string indent(2 * (depth + 1), ' ');
    const std::string outdent(2 * depth, ' ');
    if (value.is_object() && !value.get_object().empty()) {
        std::string_view before = "{\n";
        for (const auto& [key, member] : value.get_object()) {
            out += before;
            out += indent + json::serialize(json::value(key)) + ": ";
            write(out, member, depth + 1);
            before = ",\n";
        }
        out += "\n" + outdent + "}";
    } else if (value.is_array() && !value.get_array().empty()) {
        std::string_view before = "[\n";
        for (const json::value& element : value.get_array()) {
            out += before;
            out += indent;
            write(out, element, depth + 1);
            before = ",\n";
        }
        out += "\n" + outdent + "]";
    } else if (value.is_double()) {
        out += fmt::format("{}", value.get_double()); // 3.1 and not Boost's 3.1E0
    } else {
        out += json::serialize(value);
    }
}

} // namespace

json::object to_json(const Visit& visit) {
    json::array endpoints;
    for (const Endpoint& endpoint : visit.endpoints) {
        endpoints.emplace_back(endpoint_json(endpoint));
    }
    return {
        {"schema", "tlsdoctor-evidence/1"}, {"target", target_json(visit.target)},
        {"started", visit.started},         {"elapsed_ms", visit.elapsed_ms},
        {"connections", visit.connections}, {"dns_error", visit.dns_error},
        {"interrupted", visit.interrupted}, {"endpoints", std::move(endpoints)},
    };
}

std::string pretty(const json::value& value) {
    std::string text;
    write(text, value, 0);
    return text + "\n";
}

} // namespace tlsdoctor::evidence
