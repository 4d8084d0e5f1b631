// SPDX-License-Identifier: Apache-2.0
// A visit reads back as it was written, and a recording that somebody broke gives an error that
// says where, never a crash.
#include "evidence/json.hpp"
#include "evidence/offers.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

namespace tlsdoctor::evidence {

namespace {

using testing::k_tls_1_2;
using testing::k_tls_1_3;

Exchange full_exchange() {
    const Alert alert{
        .level = AlertLevel::fatal,
        .description = AlertDescription::protocol_version,
        .record_version = ProtocolVersion::tls_1_0,
    };
    return {
        .id = "e7",
        .purpose = Purpose::control,
        .offer =
            {.versions = {k_tls_1_3},
             .shape = Shape::browser,
             .cipher_suites = {CipherSuite{0x1301}, CipherSuite{0xC02F}},
             .groups = {NamedGroup{0x001D}, NamedGroup{0x11EC}},
             .sni = "example.com",
             .legacy_version = k_tls_1_2,
             .record_version = ProtocolVersion::tls_1_0,
             .key_shares = {NamedGroup{0x11EC}},
             .signature_algorithms = {SignatureScheme{0x0403}},
             .alpn = {"h2", "http/1.1"},
             .extensions = {ExtensionType::session_ticket},
             .renegotiation = Renegotiation::extension,
             .segmentation = Segmentation::two_records,
             .extended_master_secret = true,
             .grease = true,
             .compression = true,
             .fallback_scsv = true,
             .proxy_header = true,
             .padded_to = 700,
             .size = 701},
        .outcome = Outcome::refused,
        .reach = Reach::open,
        .ending = Ending::reset,
        .selection =
            Selection{
                .version = k_tls_1_2,
                .cipher_suite = CipherSuite{0xC02F},
                .group = NamedGroup{0x0017},
                .hello_retry_request = true,
                .after_retry = true,
                .downgrade_from = k_tls_1_3,
            },
        .alert = alert,
        .alert_after = Alert{.level = AlertLevel::warning, .description = AlertDescription{255}},
        .after_encrypted = true,
        .flight =
            Flight{
                .stage = "Certificate",
                .renegotiation_info = true,
                .extended_master_secret = true,
                .alpn = "h2",
                .certificate_key = "RSA 2048",
                .certificate_issuer = "CN=Root",
                .certificate_signature = "sha1WithRSAEncryption",
                .certificate_names = {"example.com"},
                .dh_bits = 1024,
                .signature_scheme = SignatureScheme{0x0401},
                .certificate_requested = true,
                .certificate_authorities = {"CN=Clients"},
                .failure = "a record that the keys do not open",
                .certificate_subject = "CN=example.com",
                .certificate_not_before = "2026-01-01T00:00:00Z",
                .certificate_not_after = "2027-01-01T00:00:00Z",
                .certificate_sha256 = "00ff",
                .dh_prime = {0xFF, 0x01},
                .extensions = {ExtensionType::session_ticket},
                .certificate_extensions = {ExtensionType::status_request},
                .certificate_status = true,
                .certificate_compressed = true,
                .session_id = true,
                .compression = 1,
            },
        .dialogue = Dialogue{.protocol = "smtp", .result = "refused", .said = "454 later"},
        .proxy_error = "403 Forbidden",
        .unacknowledged = true,
        .protocol = "http",
        .error = "words \"of\" the\nsystem",
        .sent = {0x16, 0x03, 0x01},
        .received = {0x00, 0xFF},
        .ms = 3.25,
    };
}

Handshake full_handshake() {
    return {
        .id = "e8",
        .completed = true,
        .version = k_tls_1_3,
        .cipher_suite = CipherSuite{0x1302},
        .chain =
            {{.subject = "CN=example.com",
              .issuer = "CN=Root",
              .names = {"example.com", "*.example.com"},
              .not_before = "2026-01-01T00:00:00Z",
              .not_after = "2027-01-01T00:00:00Z",
              .key = "RSA 2048",
              .signature = "sha256WithRSAEncryption",
              .sha256 = "00ff"},
             {}},
        .trust = Trust::name_mismatch,
        .trust_error = "hostname mismatch",
        .failure = "none",
        .certificate_authorities = {"CN=One", "CN=Two"},
        .failure_after = "the server sent alert 116 certificate_required",
        .alert =
            Alert{
                .level = AlertLevel::fatal,
                .description = AlertDescription::certificate_required,
                .record_version = ProtocolVersion::tls_1_2
            },
        .alert_encrypted = true,
        .http_status = "HTTP/1.1 400 Bad Request",
        .http_demands_certificate = true,
        .ms = 12.5,
    };
}

/// Every member differs from its default.
Visit full_visit() {
    return {
        .target =
            {.input = "https://example.com/",
             .scheme = "https",
             .host = "example.com",
             .port = 8443,
             .literal = true,
             .sni = "example.com",
             .starttls = "smtp"},
        .started = "2026-11-23T10:00:00Z",
        .elapsed_ms = 41.5,
        .connections = 9,
        .dns_error = "SERVFAIL",
        .interrupted = true,
        .endpoints =
            {{.address = "2001:db8::1",
              .port = 8443,
              .reach = Reach::filtered,
              .reach_error = "timed out",
              .exchanges = {full_exchange()},
              .handshake = full_handshake(),
              .replays =
                  {{.clients = {"java-8", "java-9"}, .attempt = 1, .exchange = full_exchange()}}}},
    };
}

std::string text_of(const Visit& visit) {
    return pretty(to_json(visit));
}

/// A document with one exchange in which `members` replace or add to those of a healthy one.
std::string with_exchange(std::string_view members) {
    return R"({"endpoints": [{"exchanges": [{"id": "e1", "offer": {"versions": "0303"}, )" +
           std::string{members} + "}]}]}";
}

} // namespace

TEST_CASE("every member of a visit comes back") {
    const std::string text = text_of(full_visit());
    const auto again = visit_from_json(text);
    REQUIRE(again);
    CHECK(text_of(*again) == text);

    const Exchange& exchange = again->endpoints.at(0).exchanges.at(0);
    const Exchange written = full_exchange();
    CHECK(exchange.offer == written.offer);
    CHECK(exchange.flight == written.flight);
    CHECK(exchange.dialogue == written.dialogue);
    CHECK(exchange.proxy_error == written.proxy_error);
    CHECK(exchange.after_encrypted);
    CHECK(exchange.unacknowledged);
    CHECK(exchange.purpose == Purpose::control);
    CHECK(exchange.offer.shape == Shape::browser);
    CHECK(exchange.offer.groups == full_exchange().offer.groups);
    CHECK(exchange.offer.sni == "example.com");
    REQUIRE(exchange.selection);
    CHECK(exchange.selection->group == NamedGroup{0x0017});
    CHECK(exchange.selection->hello_retry_request);
    CHECK(exchange.selection->downgrade_from == k_tls_1_3);
    REQUIRE(exchange.alert);
    CHECK(exchange.alert->record_version == ProtocolVersion::tls_1_0);
    REQUIRE(exchange.alert_after);
    CHECK(exchange.alert_after->description == AlertDescription{255});
    CHECK(exchange.error == full_exchange().error);
    CHECK(exchange.received == full_exchange().received);
    CHECK(exchange.ms == 3.25);
    REQUIRE(again->endpoints[0].handshake);
    CHECK(again->endpoints[0].handshake->chain.at(0).names.size() == 2);
    CHECK(again->endpoints[0].handshake->trust == Trust::name_mismatch);
    CHECK(again->endpoints[0].handshake->certificate_authorities.size() == 2);
    REQUIRE(again->endpoints[0].handshake->alert);
    CHECK(
        again->endpoints[0].handshake->alert->description == AlertDescription::certificate_required
    );
    CHECK(again->endpoints[0].handshake->alert_encrypted);
    CHECK(again->endpoints[0].handshake->http_status == "HTTP/1.1 400 Bad Request");
    CHECK(again->endpoints[0].handshake->http_demands_certificate);
    CHECK(again->endpoints[0].reach == Reach::filtered);
    CHECK(again->target.literal);
    CHECK(again->target.starttls == "smtp");
    CHECK(again->interrupted);
}

TEST_CASE("a visit of defaults comes back, and an empty object is one") {
    CHECK(text_of(*visit_from_json(text_of(Visit{}))) == text_of(Visit{}));
    CHECK(text_of(*visit_from_json("{}")) == text_of(Visit{}));
    CHECK(visit_from_json(R"({"later": [1, {}], "target": {"later": 1}})"));
}

TEST_CASE("null stands for a name that was not sent") {
    const auto visit = visit_from_json(R"({"target": {"sni": null, "starttls": null}})");
    REQUIRE(visit);
    CHECK_FALSE(visit->target.sni);
    CHECK_FALSE(visit->target.starttls);
}

TEST_CASE("a wrong document is refused with the place of the fault") {
    struct Row {
        std::string text;
        std::string_view where;
    };
    const Row table[] = {
        {"[]", ""},
        {"null", ""},
        {R"({"target": 5})", "target"},
        {R"({"target": {"port": 65536}})", "target.port"},
        {R"({"target": {"port": -1}})", "target.port"},
        {R"({"target": {"port": 4.5}})", "target.port"},
        {R"({"target": {"port": "443"}})", "target.port"},
        {R"({"target": {"sni": 1}})", "target.sni"},
        {R"({"started": 5})", "started"},
        {R"({"elapsed_ms": "x"})", "elapsed_ms"},
        {R"({"connections": 4294967296})", "connections"},
        {R"({"interrupted": 1})", "interrupted"},
        {R"({"endpoints": {}})", "endpoints"},
        {R"({"endpoints": [{}, 5]})", "endpoints[1]"},
        {R"({"endpoints": [{"reach": "near"}]})", "endpoints[0].reach"},
        {R"({"endpoints": [{"exchanges": [{}]}]})", "endpoints[0].exchanges[0]"},
        {with_exchange(R"("outcome": "maybe")"), "endpoints[0].exchanges[0].outcome"},
        {with_exchange(R"("outcome": null)"), "endpoints[0].exchanges[0].outcome"},
        {with_exchange(R"("outcome": "refused")"), "endpoints[0].exchanges[0]"},
        {with_exchange(R"("offer": {"versions": "0303 zz"})"),
         "endpoints[0].exchanges[0].offer.versions"},
        {with_exchange(R"("offer": {"versions": "10303"})"),
         "endpoints[0].exchanges[0].offer.versions"},
        {with_exchange(R"("offer": {"versions": ["0303"]})"),
         "endpoints[0].exchanges[0].offer.versions"},
        {with_exchange(R"("offer": {"versions": "0305"})"), "endpoints[0].exchanges[0]"},
        {with_exchange(R"("received": "abc")"), "endpoints[0].exchanges[0].received"},
        {with_exchange(R"("sent": "zz")"), "endpoints[0].exchanges[0].sent"},
        {with_exchange(R"("ms": true)"), "endpoints[0].exchanges[0].ms"},
        {with_exchange(R"("alert": {"level": 256})"), "endpoints[0].exchanges[0].alert.level"},
        {with_exchange(R"("alert": 70)"), "endpoints[0].exchanges[0].alert"},
        {with_exchange(R"("selection": {"group": null})"),
         "endpoints[0].exchanges[0].selection.group"},
        {R"({"endpoints": [{"handshake": {"chain": [{"names": 5}]}}]})",
         "endpoints[0].handshake.chain[0].names"},
        {R"({"endpoints": [{"handshake": {"chain": [{"names": ["a", 5]}]}}]})",
         "endpoints[0].handshake.chain[0].names[1]"},
        {R"({"endpoints": [{"handshake": {"trust": "much"}}]})", "endpoints[0].handshake.trust"},
    };
    for (const Row& row : table) {
        CAPTURE(row.text);
        const auto visit = visit_from_json(row.text);
        REQUIRE_FALSE(visit);
        CHECK(visit.error().where == row.where);
        CHECK_FALSE(visit.error().what.empty());
    }
}

TEST_CASE("the first of several faults is the one that is told") {
    const auto visit = visit_from_json(R"({"started": 5, "elapsed_ms": "x"})");
    REQUIRE_FALSE(visit);
    CHECK(visit.error().where == "started");
}

TEST_CASE("every truncation of a recording is refused with a byte offset") {
    std::string text = text_of(full_visit());
    text.erase(text.find_last_of('}')); // the newline after it is no part of the value
    for (std::size_t length = 0; length <= text.size(); ++length) {
        CAPTURE(length);
        const auto visit = visit_from_json(std::string_view{text}.substr(0, length));
        REQUIRE_FALSE(visit);
        CHECK(visit.error().where.starts_with("byte "));
    }
}

TEST_CASE("every member of a wrong type is refused at its own path or is free") {
    const json::value whole = to_json(full_visit());
    for (const json::value& wrong :
         {json::value(json::array{1}), json::value(true), json::value(-1)}) {
        for (const auto& [key, member] : whole.get_object()) {
            CAPTURE(std::string_view{key});
            json::object broken = whole.get_object();
            broken[key] = wrong;
            const auto visit = visit_from_json(pretty(broken));
            const bool free = std::string_view{key} == "schema" || member.kind() == wrong.kind() ||
                              (member.is_double() && wrong.is_int64());
            // An array of numbers is no array of endpoints, but its fault stands at the first
            // element.
            const bool refused = !visit && visit.error().where.starts_with(std::string_view{key});
            CHECK((refused || free));
        }
    }
}

TEST_CASE("deep nesting is an error and no overflow of the stack") {
    const std::string deep(100'000, '[');
    CHECK_FALSE(visit_from_json(deep));
}

TEST_CASE("the document is indented by two spaces and plain to read") {
    CHECK(pretty(json::object{}) == "{}\n");
    const json::object object{{"a", json::array{1, "x\n"}}, {"b", 3.5}, {"c", nullptr}};
    CHECK(
        pretty(object) ==
        "{\n  \"a\": [\n    1,\n    \"x\\n\"\n  ],\n  \"b\": 3.5,\n  \"c\": null\n}\n"
    );
}

} // namespace tlsdoctor::evidence
