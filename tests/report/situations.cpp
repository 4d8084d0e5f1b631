// SPDX-License-Identifier: Apache-2.0
// The case files, small parts first.
#include "situations.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/assume.hpp"
#include "base/bytes.hpp"

namespace tlsdoctor::report {

namespace {

using advise::CaseFile;
using advise::Fix;
using diagnose::Finding;
using evidence::Alert;
using evidence::Endpoint;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Purpose;
using evidence::Reach;
using evidence::Target;

constexpr std::string_view k_started = "2026-11-23T10:00:00Z";

/// Rows of their own, so that a change of data/causes.tsv does not change the golden files.
constexpr CauseInfo k_causes[] = {
    {.name = "healthy", .status = Status::ok, .side = Side::none},
    {.name = "server_only_tls13", .status = Status::fail, .side = Side::server},
    {.name = "server_only_legacy", .status = Status::fail, .side = Side::server},
    {.name = "not_tls_plain_http", .status = Status::fail, .side = Side::not_tls},
    {.name = "port_closed", .status = Status::fail, .side = Side::server},
    {.name = "dns_failure", .status = Status::fail, .side = Side::network},
    {.name = "unknown", .status = Status::unsure, .side = Side::unclear},
    {.name = "inconsistent_addresses", .status = Status::fail, .side = Side::server},
    {.name = "cert_not_trusted", .status = Status::fail, .side = Side::server},
    {.name = "expectation_failed", .status = Status::fail, .side = Side::server},
    {.name = "silent_after_hello", .status = Status::fail, .side = Side::unclear},
    {.name = "no_tls13", .status = Status::warn, .side = Side::server},
};

Finding finding(std::string_view cause, std::string summary) {
    const auto* const row =
        std::ranges::find_if(k_causes, [&](const CauseInfo& info) { return info.name == cause; });
    assume(row != std::end(k_causes), "the situation's cause has a row");
    return {
        .cause = row,
        .status = row->status,
        .side = row->side,
        .confidence = Confidence::proven,
        .summary = std::move(summary),
    };
}

Target target(std::string host, std::uint16_t port = 443) {
    return {.input = host, .host = host, .port = port, .sni = host};
}

Exchange hello(std::string id, ProtocolVersion version, Outcome outcome) {
    return {
        .id = std::move(id),
        .purpose = Purpose::version,
        .offer = {.versions = {version}, .sni = "shop.example"},
        .outcome = outcome,
        .reach = Reach::open,
        .sent = {0x16, 0x03, 0x01, 0x00, 0x02, 0x01, 0x00},
        .ms = 3.125,
    };
}

Exchange refused(std::string id, ProtocolVersion version, AlertDescription alert) {
    Exchange exchange = hello(std::move(id), version, Outcome::refused);
    exchange.alert = Alert{
        .level = AlertLevel::fatal,
        .description = alert,
        .record_version = ProtocolVersion::tls_1_2,
    };
    exchange.ending = evidence::Ending::fin;
    exchange.received = {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46};
    return exchange;
}

Exchange accepted(std::string id, ProtocolVersion version, CipherSuite suite) {
    Exchange exchange = hello(std::move(id), version, Outcome::accepted);
    exchange.selection = evidence::Selection{.version = version, .cipher_suite = suite};
    if (version == ProtocolVersion::tls_1_3) {
        exchange.selection->group = NamedGroup::x25519;
    }
    return exchange;
}

constexpr auto k_ecdhe_rsa_aes_128_gcm = static_cast<CipherSuite>(0xc02f);

/// One hello for each version; the accepted ones are given, the others get this alert.
std::vector<Exchange>
hellos(std::vector<ProtocolVersion> good, AlertDescription alert, std::size_t first_id = 1) {
    std::vector<Exchange> list;
    for (const ProtocolVersion version : k_versions) {
        const std::string id = "e" + std::to_string(list.size() + first_id);
        if (version == ProtocolVersion::ssl_2_0) {
            list.push_back(hello(id, version, Outcome::closed));
        } else if (std::ranges::find(good, version) == good.end()) {
            list.push_back(refused(id, version, alert));
        } else if (version == ProtocolVersion::tls_1_3) {
            list.push_back(accepted(id, version, CipherSuite::TLS_AES_128_GCM_SHA256));
        } else {
            list.push_back(accepted(id, version, k_ecdhe_rsa_aes_128_gcm));
        }
    }
    return list;
}

std::vector<Exchange> all_alike(Outcome outcome) {
    std::vector<Exchange> list;
    for (const ProtocolVersion version : k_versions) {
        list.push_back(hello("e" + std::to_string(list.size() + 1), version, outcome));
    }
    return list;
}

Endpoint endpoint(std::string address, std::vector<Exchange> exchanges, std::uint16_t port = 443) {
    return {
        .address = std::move(address),
        .port = port,
        .reach = Reach::open,
        .exchanges = std::move(exchanges),
    };
}

evidence::Handshake handshake(evidence::Trust trust, std::string error) {
    return {
        .id = "e7",
        .completed = true,
        .version = ProtocolVersion::tls_1_3,
        .cipher_suite = CipherSuite::TLS_AES_128_GCM_SHA256,
        .chain = {{
            .subject = "CN=shop.example",
            .issuer = "CN=Example CA,O=Example",
            .names = {"shop.example", "www.shop.example"},
            .not_before = "2026-01-01T00:00:00Z",
            .not_after = "2027-01-01T00:00:00Z",
            .key = "EC P-256",
            .signature = "ecdsa-with-SHA256",
            .sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        }},
        .trust = trust,
        .trust_error = std::move(error),
        .ms = 8.5,
    };
}

std::vector<evidence::ClientOutcome> clients(ProtocolVersion lowest_accepted) {
    struct Known {
        std::string_view id{};
        std::string_view name{};
        ProtocolVersion highest{};
        bool telling{};
    };
    constexpr Known k_known[] = {
        {"opera-9", "Opera 9.64", ProtocolVersion::tls_1_0, false},
        {"java-8u161", "Java 8u161", ProtocolVersion::tls_1_2, true},
        {"python-2.7", "Python 2.7.18", ProtocolVersion::tls_1_2, true},
        {"curl-openssl-1.0.2", "curl 7.64 with OpenSSL 1.0.2", ProtocolVersion::tls_1_2, true},
        {"ie-8-xp", "Internet Explorer 8 on Windows XP", ProtocolVersion::tls_1_0, true},
        {"android-4.3", "Android 4.3", ProtocolVersion::tls_1_0, true},
        {"java-7u80", "Java 7u80", ProtocolVersion::tls_1_0, true},
        {"chrome-120", "Chrome 120", ProtocolVersion::tls_1_3, true},
        {"firefox-121", "Firefox 121", ProtocolVersion::tls_1_3, true},
    };
    std::vector<evidence::ClientOutcome> outcomes;
    for (const Known& known : k_known) {
        const bool connects = known.highest >= lowest_accepted;
        outcomes.push_back({
            .id = std::string{known.id},
            .name = std::string{known.name},
            .outcome = connects ? evidence::ClientResult::connects : evidence::ClientResult::fails,
            .version = connects ? std::optional{known.highest} : std::nullopt,
            .reason = connects ? "" : "It stops at " + name_of(known.highest) + ".",
            .telling = known.telling,
        });
    }
    return outcomes;
}

evidence::Visit visit(Target where, std::vector<Endpoint> endpoints) {
    return {
        .target = std::move(where),
        .started = std::string{k_started},
        .elapsed_ms = 41.4,
        .connections = 9,
        .endpoints = std::move(endpoints),
    };
}

const std::vector<ProtocolVersion> k_modern = {ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3};

CaseFile healthy() {
    CaseFile file;
    Endpoint one = endpoint("192.0.2.7", hellos(k_modern, AlertDescription::protocol_version));
    one.handshake = handshake(evidence::Trust::trusted, "");
    file.visit = visit(target("shop.example"), {one});
    file.diagnosis.findings = {finding("healthy", "The server accepts TLS 1.2 and TLS 1.3.")};
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e5", .text = "TLS 1.2 hello -> ServerHello TLS 1.2"},
        {.exchange = "e6", .text = "TLS 1.3 hello -> ServerHello TLS 1.3"},
    };
    file.clients = clients(ProtocolVersion::tls_1_2);
    return file;
}

CaseFile only_tls13() {
    CaseFile file;
    file.visit = visit(
        target("shop.example"),
        {endpoint(
            "192.0.2.7", hellos({ProtocolVersion::tls_1_3}, AlertDescription::protocol_version)
        )}
    );
    file.visit.endpoints[0].exchanges.push_back(
        refused("e8", ProtocolVersion::tls_1_2, AlertDescription::protocol_version)
    );
    Finding verdict = finding(
        "server_only_tls13", "accepts only TLS 1.3; older clients get alert 70 (protocol_version)."
    );
    verdict.evidence = {
        {.exchange = "e5", .text = "TLS 1.2 hello -> alert 70 protocol_version, then FIN"},
        {.exchange = "e8", .text = "TLS 1.2 hello, browser-like -> alert 70 protocol_version"},
        {.exchange = "e6", .text = "TLS 1.3 hello -> ServerHello TLS 1.3, TLS_AES_128_GCM_SHA256"},
        {.exchange = "e4", .text = "TLS 1.1 hello -> alert 70 protocol_version, then FIN"},
    };
    verdict.refuted_by = "A TLS 1.2 hello with other cipher suites that is accepted.";
    file.diagnosis.findings = {verdict};
    file.diagnosis.error_note =
        "Your error names alert 70 (protocol_version): it fits the verdict.";
    file.diagnosis.stacks = {diagnose::Stack{
        .name = "OpenSSL",
        .confidence = Confidence::likely,
        .candidates = {"OpenSSL 1.1.1", "OpenSSL 3.0", "OpenSSL 3.5"},
        .evidence = {"e2", "e3"},
        .product = "MariaDB",
    }};
    file.clients = clients(ProtocolVersion::tls_1_3);
    file.fixes = {
        {.side = Side::server,
         .product = "nginx",
         .where = "the server block that answers for this name",
         .text = "ssl_protocols TLSv1.2 TLSv1.3;",
         .cost = "None: TLS 1.2 with modern cipher suites is not broken.",
         .verify = "nginx -t && nginx -s reload && tlsdoctor shop.example"},
        {.side = Side::server,
         .product = "Apache httpd",
         .where = "the virtual host",
         .text = "SSLProtocol -all +TLSv1.2 +TLSv1.3",
         .verify = "apachectl configtest && apachectl graceful && tlsdoctor shop.example"},
        {.side = Side::client,
         .product = "Java",
         .where = "the client's runtime",
         .text = "Java 8u261 or newer\n-Djdk.tls.client.protocols=TLSv1.2,TLSv1.3",
         .cost = "None.",
         .verify = "java -version"},
    };
    return file;
}

CaseFile legacy() {
    CaseFile file;
    std::vector<Exchange> exchanges = hellos(
        {ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0}, AlertDescription::handshake_failure
    );
    exchanges[4] = hello("e5", ProtocolVersion::tls_1_2, Outcome::other_version);
    exchanges[4].selection = evidence::Selection{
        .version = ProtocolVersion::tls_1_0, .cipher_suite = static_cast<CipherSuite>(0x002f)
    };
    exchanges[2].alert_after = Alert{
        .level = AlertLevel::fatal,
        .description = AlertDescription::internal_error,
        .record_version = ProtocolVersion::tls_1_0,
    };
    exchanges[5].outcome = Outcome::reset;
    exchanges[5].alert.reset();
    file.visit = visit(target("old.example", 8443), {endpoint("192.0.2.9", exchanges, 8443)});
    file.diagnosis.findings = {
        finding("server_only_legacy", "The server cannot speak any TLS version newer than 1.0.")
    };
    file.diagnosis.findings[0].confidence = Confidence::likely;
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e5",
         .text = "TLS 1.2 hello -> ServerHello TLS 1.0, TLS_RSA_WITH_AES_128_CBC_SHA"}
    };
    return file;
}

CaseFile http() {
    CaseFile file;
    std::vector<Exchange> exchanges = all_alike(Outcome::not_tls);
    for (Exchange& exchange : exchanges) {
        exchange.protocol = "http";
        const ByteView answer = as_bytes("HTTP/1.1 400 Bad Request\r\nServer: \x1b[31mevil\r\n");
        exchange.received.assign(answer.begin(), answer.end());
    }
    file.visit = visit(target("shop.example", 80), {endpoint("192.0.2.7", exchanges, 80)});
    file.diagnosis.findings = {finding("not_tls_plain_http", "The port speaks plain HTTP, not TLS.")
    };
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e5", .text = "TLS 1.2 hello -> not TLS (http): \"HTTP/1.1 400 Bad Request\""}
    };
    file.fixes = {
        {.side = Side::client,
         .product = "any",
         .where = "the client: use http in the URL",
         .text = "http://shop.example:80/",
         .cost = "The connection is not protected.",
         .verify = "curl -I http://shop.example:80/",
         .verified = true},
    };
    return file;
}

CaseFile closed_port() {
    CaseFile file;
    Endpoint one = endpoint("2001:db8::7", {}, 4433);
    one.reach = Reach::refused;
    one.reach_error = "Connection refused";
    file.visit = visit(target("shop.example", 4433), {one});
    file.visit.connections = 1;
    file.diagnosis.findings = {finding("port_closed", "Nothing listens on port 4433.")};
    return file;
}

CaseFile unresolved() {
    CaseFile file;
    file.visit = visit(target("nowhere.invalid"), {});
    file.visit.dns_error = "Domain name not found";
    file.visit.connections = 0;
    file.diagnosis.findings = {finding("dns_failure", "The name nowhere.invalid has no address.")};
    return file;
}

CaseFile interrupted() {
    CaseFile file;
    std::vector<Exchange> exchanges = hellos(k_modern, AlertDescription::protocol_version);
    exchanges.resize(5);
    exchanges[3] = hello("e4", ProtocolVersion::tls_1_1, Outcome::not_tested);
    exchanges[3].sent.clear();
    exchanges[3].ms = 0;
    Endpoint untried = endpoint("192.0.2.8", {});
    untried.reach = Reach::untried;
    file.visit = visit(target("shop.example"), {endpoint("192.0.2.7", exchanges), untried});
    file.visit.interrupted = true;
    file.diagnosis.findings = {finding("unknown", "The run was cut before enough was known.")};
    file.diagnosis.findings[0].confidence = Confidence::possible;
    return file;
}

CaseFile inconsistent() {
    CaseFile file;
    file.visit = visit(
        target("shop.example"),
        {
            endpoint("192.0.2.7", hellos(k_modern, AlertDescription::protocol_version)),
            endpoint("192.0.2.8", hellos(k_modern, AlertDescription::protocol_version, 7)),
            endpoint(
                "2001:db8::7",
                hellos({ProtocolVersion::tls_1_2}, AlertDescription::handshake_failure, 13)
            ),
        }
    );
    Finding tops_out = finding("no_tls13", "The server's newest version is TLS 1.2.");
    tops_out.address = "2001:db8::7";
    Finding first = finding("healthy", "The server accepts TLS 1.2 and TLS 1.3.");
    first.address = "192.0.2.7";
    Finding second = first;
    second.address = "192.0.2.8";
    file.diagnosis.findings = {
        finding("inconsistent_addresses", "The addresses of this name answer differently."),
        tops_out, first, second
    };
    const diagnose::Stack named{
        .name = "Java (JSSE)",
        .confidence = Confidence::possible,
        .candidates = {"Java (JSSE)"},
        .evidence = {"e1", "e3"},
    };
    file.diagnosis.stacks = {named, diagnose::Stack{.candidates = {"BoringSSL", "Go"}}, {}};
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e6", .text = "TLS 1.3 hello to 192.0.2.7 -> ServerHello TLS 1.3"},
        {.exchange = "e18", .text = "TLS 1.3 hello to 2001:db8::7 -> alert 40 handshake_failure"},
    };
    return file;
}

CaseFile untrusted() {
    CaseFile file = healthy();
    file.visit.endpoints[0].handshake =
        handshake(evidence::Trust::expired, "certificate has expired");
    file.diagnosis.findings.insert(
        file.diagnosis.findings.begin(),
        finding("cert_not_trusted", "The certificate expired on 2026-01-01.")
    );
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e7", .text = "handshake by OpenSSL -> certificate has expired"}
    };
    return file;
}

CaseFile expectation() {
    CaseFile file = healthy();
    file.diagnosis.findings.insert(
        file.diagnosis.findings.begin(),
        finding("expectation_failed", "TLS 1.0 was expected and is not accepted.")
    );
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e3", .text = "TLS 1.0 hello -> alert 70 protocol_version, then FIN"}
    };
    file.clients.clear();
    return file;
}

CaseFile address_without_name() {
    CaseFile file = healthy();
    file.visit.target = {.input = "192.0.2.7", .host = "192.0.2.7", .port = 443, .literal = true};
    for (Exchange& exchange : file.visit.endpoints[0].exchanges) {
        exchange.offer.sni.reset();
    }
    file.clients.clear();
    return file;
}

CaseFile silent() {
    CaseFile file;
    Target where = target("mail.example", 25);
    where.starttls = "smtp";
    file.visit = visit(where, {endpoint("192.0.2.25", all_alike(Outcome::silent), 25)});
    file.visit.elapsed_ms = 10'012.3;
    file.diagnosis.findings = {
        finding("silent_after_hello", "The port is open and no hello is ever answered.")
    };
    file.diagnosis.findings[0].evidence = {
        {.exchange = "e5", .text = "TLS 1.2 hello -> no answer"},
        {.exchange = "e6", .text = "TLS 1.3 hello -> no answer"},
    };
    return file;
}

} // namespace

std::span<const Situation> situations() {
    static const std::vector<Situation> all = {
        {"healthy", healthy()},
        {"only_tls13", only_tls13()},
        {"legacy", legacy()},
        {"http", http()},
        {"closed_port", closed_port()},
        {"dns_failure", unresolved()},
        {"interrupted", interrupted()},
        {"inconsistent_addresses", inconsistent()},
        {"cert_not_trusted", untrusted()},
        {"expectation_failed", expectation()},
        {"address_without_name", address_without_name()},
        {"silent", silent()},
    };
    return all;
}

const advise::CaseFile& situation(std::string_view name) {
    const auto all = situations();
    const auto found =
        std::ranges::find_if(all, [&](const Situation& one) { return one.name == name; });
    assume(found != all.end(), "the situation exists");
    return found->file;
}

} // namespace tlsdoctor::report
