// SPDX-License-Identifier: Apache-2.0
// One small function for each server, and the table that names them.
#include "peer/lab_cases.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/certificate.hpp"
#include "peer/scripts.hpp"

namespace tlsdoctor::peer {

namespace {

using crypto::KeyType;

constexpr auto k_v10 = ProtocolVersion::tls_1_0;
constexpr auto k_v11 = ProtocolVersion::tls_1_1;
constexpr auto k_v12 = ProtocolVersion::tls_1_2;
constexpr auto k_v13 = ProtocolVersion::tls_1_3;

const std::vector<std::string> k_names = {"localhost", "127.0.0.1", "::1"};

constexpr std::array k_triple_des = {CipherSuite{0x000a}};
constexpr std::array k_ssl3_suites = {
    CipherSuite{0x0035}, CipherSuite{0x002f}, CipherSuite{0x000a},
    CipherSuite{0x0005}, CipherSuite{0x0004},
};

constexpr std::string_view k_bad_request = "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\n"
                                           "Content-Length: 0\r\nConnection: close\r\n\r\n";

Behaviour versions(LabCertificates& lab, ProtocolVersion lowest, ProtocolVersion highest) {
    return {
        .tls =
            crypto::ServerOptions{
                .min_version = lowest,
                .max_version = highest,
                .identity = highest < k_v12 ? lab.rsa() : lab.issued()
            }
    };
}

Behaviour healthy(LabCertificates& lab) {
    return versions(lab, k_v12, k_v13);
}

/// TLS 1.2 alone with an RSA key and these suites.
Behaviour suites(LabCertificates& lab, const char* list) {
    Behaviour server = versions(lab, k_v12, k_v12);
    server.tls->cipher_list = list;
    server.tls->identity = lab.rsa();
    return server;
}

Behaviour showing(LabCertificates& lab, crypto::Identity identity) {
    Behaviour server = healthy(lab);
    server.tls->identity = std::move(identity);
    return server;
}

Behaviour answering(std::string_view reply, Ending ending = Ending::closes) {
    return {
        .script =
            [reply](ByteView) {
                const ByteView bytes = as_bytes(reply);
                return Bytes(bytes.begin(), bytes.end());
            },
        .ending = ending,
    };
}

Behaviour greeting(std::string_view words) {
    Behaviour server;
    server.greeting = words;
    return server;
}

/// A healthy server whose first flight is spoiled.
Behaviour
spoiled(LabCertificates& lab, std::function<Bytes(ByteView)> how, Ending ending = Ending::closes) {
    Behaviour server = healthy(lab);
    server.spoils = std::move(how);
    server.ending = ending;
    return server;
}

/// A server of static RSA that no library of today would be.
Behaviour
by_hand(LabCertificates& lab, ProtocolVersion version, std::span<const CipherSuite> chosen_from) {
    const Bytes certificate = crypto::certificate_der(lab.rsa().certificate_pem);
    return {.script = [certificate, version, chosen_from](ByteView hello) {
        return static_rsa_flight(hello, certificate, version, chosen_from);
    }};
}

Behaviour demanding_certificates(LabCertificates& lab, ProtocolVersion version) {
    Behaviour server = versions(lab, version, version);
    server.tls->client_ca_pem = lab.root();
    return server;
}

Behaviour mail(LabCertificates& lab, bool with_tls) {
    Behaviour server = with_tls ? healthy(lab) : Behaviour{};
    server.greeting = "220 mail.lab.example ESMTP Postfix\r\n";
    server.dialogue = Dialogue::smtp;
    return server;
}

using L = LabCertificates;

// clang-format off
constexpr std::array k_lab_cases = {
    LabCase{"healthy", "TLS 1.2 and 1.3, a valid certificate", "nothing: it connects", "healthy", "", 256, healthy},
    LabCase{"healthy_slow", "the same, half a second late", "nothing: it connects", "healthy", "", 256,
        [](L& lab) { Behaviour b = healthy(lab); b.delay = milliseconds(500); return b; }},
    LabCase{"healthy_trickled", "the same, in segments of three bytes", "nothing: it connects", "healthy", "", 256,
        [](L& lab) { Behaviour b = healthy(lab); b.piece = 3; return b; }},
    LabCase{"warned_name", "alert 112 as a warning, then TLS 1.2 in good order", "nothing, or 'unrecognized name'", "no_tls13", "", 256,
        [](L& lab) { Behaviour b = versions(lab, k_v12, k_v12); b.prefix = alert_record(AlertDescription::unrecognized_name, AlertLevel::warning); return b; }},

    LabCase{"tls13_only", "TLS 1.3 alone", "clients without it: alert 70 protocol_version", "server_only_tls13", "", 256, [](L& lab) { return versions(lab, k_v13, k_v13); }},
    LabCase{"tls12_only", "TLS 1.2 alone", "clients of TLS 1.3 alone: alert 70", "no_tls13", "", 256, [](L& lab) { return versions(lab, k_v12, k_v12); }},
    LabCase{"tls11_only", "TLS 1.1 alone", "alert 70 protocol_version", "server_only_legacy", "", 256, [](L& lab) { return versions(lab, k_v11, k_v11); }},
    LabCase{"tls10_only", "TLS 1.0 alone", "alert 70, or 'unsupported protocol'", "server_only_legacy", "", 256, [](L& lab) { return versions(lab, k_v10, k_v10); }},
    LabCase{"legacy_only", "TLS 1.0 and 1.1", "alert 70, or 'unsupported protocol'", "server_only_legacy", "", 256, [](L& lab) { return versions(lab, k_v10, k_v11); }},
    LabCase{"all_versions", "TLS 1.0 to 1.3", "nothing: it connects", "legacy_versions_enabled", "", 256, [](L& lab) { return versions(lab, k_v10, k_v13); }},
    LabCase{"ssl3_only", "a ServerHello of SSL 3.0 to every hello", "'unsupported protocol', alert 70", "server_only_legacy", "", 256, [](L& lab) { return by_hand(lab, ProtocolVersion::ssl_3_0, k_ssl3_suites); }},

    LabCase{"old_suites_only", "TLS 1.2 with 3DES alone", "alert 40 handshake_failure", "no_common_cipher", "", 256, [](L& lab) { return by_hand(lab, k_v12, k_triple_des); }},
    LabCase{"camellia_only", "TLS 1.2 with Camellia suites alone", "alert 40 handshake_failure", "no_common_cipher", "", 256, [](L& lab) { return suites(lab, "CAMELLIA128-SHA:CAMELLIA256-SHA"); }},
    LabCase{"static_rsa_only", "TLS 1.2 without forward secrecy", "new clients: alert 40", "no_tls13", "", 256, [](L& lab) { return suites(lab, "AES128-GCM-SHA256:AES256-SHA"); }},
    LabCase{"ecdsa_suites_rsa_key", "ECDSA suites and an RSA certificate", "alert 40 handshake_failure", "no_common_cipher", "", 256, [](L& lab) { return suites(lab, "ECDHE-ECDSA-AES128-GCM-SHA256"); }},
    LabCase{"weak_dh", "DHE alone, with a prime of 1024 bits", "'dh key too small'", "weak_dh", "", 256,
        [](L& lab) { Behaviour b = suites(lab, "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-SHA"); b.tls->dh_bits = 1024; return b; }},
    LabCase{"p521_only", "the group P-521 alone", "browsers: alert 40", "no_common_group", "", 256,
        [](L& lab) { Behaviour b = healthy(lab); b.tls->cipher_list = "ECDHE"; b.tls->groups = "P-521"; return b; }},
    LabCase{"sha1_only", "TLS 1.2 that signs with SHA-1 alone", "alert 40 handshake_failure", "sigalg_mismatch", "", 256,
        [](L& lab) { Behaviour b = suites(lab, "ECDHE"); b.tls->signature_algorithms = "RSA+SHA1"; return b; }},
    LabCase{"alpn_unknown", "the application protocol 'lab/1' alone", "alert 120 no_application_protocol", "alpn_mismatch", "", 256,
        [](L& lab) { Behaviour b = healthy(lab); b.tls->alpn = {"lab/1"}; return b; }},

    LabCase{"cert_expired", "a certificate that has expired", "'certificate has expired'", "cert_not_trusted", "", 256, [](L& lab) { return showing(lab, lab.issued({.not_before_days = -90, .not_after_days = -3})); }},
    LabCase{"cert_not_yet_valid", "a certificate that is not yet valid", "'certificate is not yet valid'", "cert_not_trusted", "", 256, [](L& lab) { return showing(lab, lab.issued({.not_before_days = 3, .not_after_days = 30})); }},
    LabCase{"cert_self_signed", "a certificate that is its own issuer", "'self-signed certificate'", "cert_not_trusted", "", 256, [](L& lab) { return showing(lab, {}); }},
    LabCase{"cert_unknown_ca", "a certificate of an unknown root", "'unable to get local issuer certificate'", "cert_not_trusted", "", 256, [](L& lab) { return showing(lab, lab.from_stranger()); }},
    LabCase{"cert_wrong_name", "a certificate for other.example", "'no alternative name matches'", "cert_not_trusted", "", 256, [](L& lab) { return showing(lab, lab.for_name("other.example")); }},
    LabCase{"cert_damaged", "a certificate with a wrong signature", "'certificate signature failure', alert 51", "cert_not_trusted", "", 256,
        [](L& lab) { Behaviour b = versions(lab, k_v12, k_v12); b.spoils = [](ByteView flight) { return with_damage(flight, 1); }; return b; }},
    LabCase{"bad_signature", "a key exchange with a wrong signature", "'bad signature', it sends alert 51", "unknown", "", 256,
        [](L& lab) { Behaviour b = versions(lab, k_v12, k_v12); b.spoils = [](ByteView flight) { return with_damage(flight, 2); }; return b; }},

    LabCase{"client_cert_tls12", "demands a client certificate, TLS 1.2", "alert 40 after the ServerHello", "client_cert_required", "", 256, [](L& lab) { return demanding_certificates(lab, k_v12); }},
    LabCase{"client_cert_tls13", "demands a client certificate, TLS 1.3", "alert 116 certificate_required", "client_cert_required", "", 256, [](L& lab) { return demanding_certificates(lab, k_v13); }},
    LabCase{"name_required", "alert 112 where no server name comes", "without SNI: alert 112 unrecognized_name", "sni_missing", "--no-sni", 256,
        [](L& lab) { Behaviour b = healthy(lab); b.tls->only_names = {"localhost"}; return b; }},
    LabCase{"name_unknown", "knows shop.example alone", "alert 112 unrecognized_name", "sni_unknown", "", 256,
        [](L& lab) { Behaviour b = healthy(lab); b.tls->only_names = {"shop.example"}; return b; }},

    LabCase{"http", "plain HTTP", "'wrong version number'", "not_tls_plain_http", "", 256, [](L&) { return answering(k_bad_request); }},
    LabCase{"ssh", "the banner of SSH", "'wrong version number'", "not_tls_other_protocol", "", 256, [](L&) { return greeting("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u6\r\n"); }},
    LabCase{"smtp", "SMTP that becomes TLS after STARTTLS", "'wrong version number'", "starttls_needed", "-t none", 256, [](L& lab) { return mail(lab, true); }},
    LabCase{"smtp_without_tls", "SMTP without STARTTLS", "'wrong version number'", "starttls_not_offered", "", 256, [](L& lab) { return mail(lab, false); }},
    LabCase{"garbage", "bytes that are no protocol", "'wrong version number'", "not_tls_other_protocol", "", 256, [](L&) { return Behaviour{.script = [](ByteView) { return garbage(); }}; }},

    LabCase{"port_closed", "refuses every connection", "'Connection refused'", "port_closed", "", 256, [](L&) { return Behaviour{.listens = false}; }},
    LabCase{"close", "reads the hello and closes", "'unexpected eof', 'empty reply'", "closed_after_hello", "", 256, [](L&) { return Behaviour{}; }},
    LabCase{"reset", "reads the hello and resets", "'Connection reset by peer'", "reset_after_hello", "", 256, [](L&) { return Behaviour{.ending = Ending::resets}; }},
    LabCase{"silent", "reads the hello and says nothing", "a timeout", "silent_after_hello", "", 256, [](L&) { return Behaviour{.ending = Ending::waits}; }},
    LabCase{"half_hello_close", "half a ServerHello, then closes", "'unexpected eof'", "truncated_by_peer", "", 256, [](L& lab) { return spoiled(lab, half_of_first_record); }},
    LabCase{"half_hello_reset", "half a ServerHello, then resets", "'Connection reset by peer'", "truncated_by_peer", "", 256, [](L& lab) { return spoiled(lab, half_of_first_record, Ending::resets); }},
    LabCase{"half_hello_silent", "half a ServerHello, then nothing", "a timeout", "unknown", "", 256, [](L& lab) { return spoiled(lab, half_of_first_record, Ending::waits); }},
    LabCase{"close_after_hello", "a ServerHello, then closes", "'unexpected eof'", "unknown", "", 256, [](L& lab) { return spoiled(lab, first_record); }},
    LabCase{"reset_after_hello", "a ServerHello, then resets", "'Connection reset by peer'", "unknown", "", 256, [](L& lab) { return spoiled(lab, first_record, Ending::resets); }},
    LabCase{"silent_after_hello", "a ServerHello, then nothing", "a timeout", "unknown", "", 256, [](L& lab) { return spoiled(lab, first_record, Ending::waits); }},
    LabCase{"alert_after_hello", "a ServerHello, then alert 40", "alert 40 handshake_failure", "unknown", "", 256,
        [](L& lab) { return spoiled(lab, [](ByteView flight) {
            Bytes all = first_record(flight);
            const Bytes alert = alert_record(AlertDescription::handshake_failure);
            all.insert(all.end(), alert.begin(), alert.end());
            return all;
        }); }},
    LabCase{"oversized_record", "a record longer than TLS allows", "'packet length too long', alert 22", "unknown", "", 256, [](L&) { return Behaviour{.script = [](ByteView) { return oversized_record(); }}; }},
    LabCase{"unknown_record_version", "records of version 5.5", "'wrong version number'", "unknown", "", 256, [](L& lab) { return spoiled(lab, [](ByteView flight) { return with_record_version(flight, ProtocolVersion{0x0505}); }); }},
    LabCase{"version_never_offered", "a ServerHello of version 3.9", "'unsupported protocol', alert 70", "refuses_every_hello", "", 256,
        [](L& lab) { Behaviour b = versions(lab, k_v12, k_v12); b.spoils = [](ByteView flight) { return with_server_version(flight, ProtocolVersion{0x0309}); }; return b; }},

    LabCase{"close_notify", "alert 0 close_notify to every hello", "'unexpected eof', alert 0", "refuses_every_hello", "", 256, [](L&) { return Behaviour{.script = [](ByteView) { return alert_record(AlertDescription{0}, AlertLevel::warning); }}; }},
    LabCase{"alert_10", "alert 10 to every hello", "alert 10 unexpected_message", "refuses_every_hello", "", 10, nullptr},
    LabCase{"alert_40", "alert 40 to every hello", "alert 40 handshake_failure", "refuses_every_hello", "", 40, nullptr},
    LabCase{"alert_42", "alert 42 to every hello", "alert 42 bad_certificate", "refuses_every_hello", "", 42, nullptr},
    LabCase{"alert_46", "alert 46 to every hello", "alert 46 certificate_unknown", "refuses_every_hello", "", 46, nullptr},
    LabCase{"alert_47", "alert 47 to every hello", "alert 47 illegal_parameter", "refuses_every_hello", "", 47, nullptr},
    LabCase{"alert_48", "alert 48 to every hello", "alert 48 unknown_ca", "refuses_every_hello", "", 48, nullptr},
    LabCase{"alert_50", "alert 50 to every hello", "alert 50 decode_error", "refuses_every_hello", "", 50, nullptr},
    LabCase{"alert_51", "alert 51 to every hello", "alert 51 decrypt_error", "refuses_every_hello", "", 51, nullptr},
    LabCase{"alert_70", "alert 70 to every hello", "alert 70 protocol_version", "refuses_every_hello", "", 70, nullptr},
    LabCase{"alert_71", "alert 71 to every hello", "alert 71 insufficient_security", "insufficient_security", "", 71, nullptr},
    LabCase{"alert_80", "alert 80 to every hello", "alert 80 internal_error", "refuses_every_hello", "", 80, nullptr},
    LabCase{"alert_86", "alert 86 to every hello", "alert 86 inappropriate_fallback", "refuses_every_hello", "", 86, nullptr},
    LabCase{"alert_109", "alert 109 to every hello", "alert 109 missing_extension", "refuses_every_hello", "", 109, nullptr},
    LabCase{"alert_112", "alert 112 to every hello", "alert 112 unrecognized_name", "sni_unknown", "", 112, nullptr},
    LabCase{"alert_116", "alert 116 to every hello", "alert 116 certificate_required", "refuses_every_hello", "", 116, nullptr},
    LabCase{"alert_120", "alert 120 to every hello", "alert 120 no_application_protocol", "refuses_every_hello", "", 120, nullptr},
};
// clang-format on

} // namespace

template <typename T>
T LabCertificates::noted(std::expected<T, crypto::CryptoError> made) {
    if (!made) {
        error_ = made.error().what + ": " + made.error().cause;
        return {};
    }
    return std::move(*made);
}

LabCertificates::LabCertificates(KeyType root)
    : authority_(noted(crypto::make_authority("tlsdoctor lab root", root))) {}

crypto::Identity LabCertificates::issued(const crypto::IssueOptions& options) {
    return noted(crypto::issue(authority_, k_names, options));
}

const crypto::Identity& LabCertificates::rsa() {
    if (!rsa_) {
        rsa_ = issued({.key_type = KeyType::rsa_2048});
    }
    return *rsa_;
}

crypto::Identity LabCertificates::from_stranger() {
    const auto stranger = noted(crypto::make_authority("A root that nobody knows"));
    return noted(crypto::issue(stranger, k_names));
}

crypto::Identity LabCertificates::for_name(const std::string& name) {
    return noted(crypto::issue(authority_, {name}));
}

std::span<const LabCase> lab_cases() {
    return k_lab_cases;
}

const LabCase* find_lab_case(std::string_view name) {
    const auto* const found = std::ranges::find(k_lab_cases, name, &LabCase::name);
    return found == k_lab_cases.end() ? nullptr : found;
}

Behaviour behaviour_of(const LabCase& lab_case, LabCertificates& certificates) {
    if (lab_case.make != nullptr) {
        return lab_case.make(certificates);
    }
    const auto alert = static_cast<AlertDescription>(lab_case.alert);
    return {.script = [alert](ByteView) {
        return alert_record(alert);
    }};
}

} // namespace tlsdoctor::peer
