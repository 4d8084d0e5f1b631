// SPDX-License-Identifier: Apache-2.0
// Reads a recorded visit, one function for each struct.

#include "evidence/facts.hpp"
#include "evidence/json.hpp"
#include "evidence/json_fields.hpp"
#include "evidence/json_offer.hpp"
#include "evidence/names.hpp"

namespace tlsdoctor::evidence {

namespace {

Alert read_alert(const Fields& in) {
    Alert alert;
    in.number("level", alert.level);
    in.number("description", alert.description);
    in.number("record_version", alert.record_version);
    return alert;
}

Selection read_selection(const Fields& in) {
    Selection selection;
    in.number("version", selection.version);
    in.number("cipher_suite", selection.cipher_suite);
    in.number("group", selection.group);
    in.flag("hello_retry_request", selection.hello_retry_request);
    in.flag("after_retry", selection.after_retry);
    in.number("downgrade_from", selection.downgrade_from);
    return selection;
}

Exchange read_exchange(const Fields& in) {
    Exchange exchange;
    in.text("id", exchange.id);
    in.word("purpose", exchange.purpose, purpose_named);
    std::optional<Offer> offer;
    in.object("offer", offer, read_offer);
    exchange.offer = offer.value_or(Offer{});
    in.word("outcome", exchange.outcome, outcome_named);
    in.word("reach", exchange.reach, reach_named);
    in.word("ending", exchange.ending, ending_named);
    in.object("selection", exchange.selection, read_selection);
    in.object("alert", exchange.alert, read_alert);
    in.object("alert_after", exchange.alert_after, read_alert);
    in.flag("after_encrypted", exchange.after_encrypted);
    in.object("flight", exchange.flight, read_flight);
    in.object("dialogue", exchange.dialogue, read_dialogue);
    in.text("proxy_error", exchange.proxy_error);
    in.flag("unacknowledged", exchange.unacknowledged);
    in.text("protocol", exchange.protocol);
    in.text("error", exchange.error);
    in.bytes("sent", exchange.sent);
    in.bytes("received", exchange.received);
    in.real("ms", exchange.ms);
    in.fault(contradiction_in(exchange));
    return exchange;
}

Certificate read_certificate(const Fields& in) {
    Certificate certificate;
    in.text("subject", certificate.subject);
    in.text("issuer", certificate.issuer);
    in.texts("names", certificate.names);
    in.text("not_before", certificate.not_before);
    in.text("not_after", certificate.not_after);
    in.text("key", certificate.key);
    in.text("signature", certificate.signature);
    in.text("sha256", certificate.sha256);
    return certificate;
}

Handshake read_handshake(const Fields& in) {
    Handshake handshake;
    in.text("id", handshake.id);
    in.flag("completed", handshake.completed);
    in.number("version", handshake.version);
    in.number("cipher_suite", handshake.cipher_suite);
    in.list("chain", handshake.chain, read_certificate);
    in.word("trust", handshake.trust, trust_named);
    in.text("trust_error", handshake.trust_error);
    in.text("failure", handshake.failure);
    in.flag("asked_for_certificate", handshake.asked_for_certificate);
    in.flag("sent_certificate", handshake.sent_certificate);
    in.texts("certificate_authorities", handshake.certificate_authorities);
    in.text("failure_after", handshake.failure_after);
    in.object("alert", handshake.alert, read_alert);
    in.flag("alert_encrypted", handshake.alert_encrypted);
    in.text("http_status", handshake.http_status);
    in.flag("http_demands_certificate", handshake.http_demands_certificate);
    in.real("ms", handshake.ms);
    return handshake;
}

Replay read_replay(const Fields& in) {
    Replay replay;
    in.texts("clients", replay.clients);
    in.number("attempt", replay.attempt);
    std::optional<Exchange> exchange;
    in.object("exchange", exchange, read_exchange);
    replay.exchange = std::move(exchange).value_or(Exchange{});
    return replay;
}

Endpoint read_endpoint(const Fields& in) {
    Endpoint endpoint;
    in.text("address", endpoint.address);
    in.number("port", endpoint.port);
    in.word("reach", endpoint.reach, reach_named);
    in.text("reach_error", endpoint.reach_error);
    in.list("exchanges", endpoint.exchanges, read_exchange);
    in.object("handshake", endpoint.handshake, read_handshake);
    in.list("replays", endpoint.replays, read_replay);
    in.list("inventory", endpoint.inventory, read_exchange);
    return endpoint;
}

Target read_target(const Fields& in) {
    Target target;
    in.text("input", target.input);
    in.text("scheme", target.scheme);
    in.text("host", target.host);
    in.number("port", target.port);
    in.flag("literal", target.literal);
    in.text("sni", target.sni);
    in.text("options", target.options);
    in.text("starttls", target.starttls);
    in.text("proxy", target.proxy);
    return target;
}

} // namespace

std::expected<Visit, JsonError> visit_from_json(std::string_view text) {
    const auto document = parsed(text);
    if (!document) {
        return std::unexpected(document.error());
    }
    Errors errors;
    const Fields in(*document, "", errors);
    Visit visit;
    std::optional<Target> target;
    in.object("target", target, read_target);
    visit.target = target.value_or(Target{});
    in.text("started", visit.started);
    in.real("elapsed_ms", visit.elapsed_ms);
    in.number("connections", visit.connections);
    in.text("dns_error", visit.dns_error);
    in.flag("interrupted", visit.interrupted);
    in.list("endpoints", visit.endpoints, read_endpoint);
    if (errors.first) {
        return std::unexpected(*errors.first);
    }
    return visit;
}

} // namespace tlsdoctor::evidence
