// SPDX-License-Identifier: Apache-2.0
// A whole handshake made by OpenSSL as a client of today would, and the certificates it showed:
// what the first flight of our own hellos cannot tell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/exchange.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// Why a chain is not trusted, the first reason that applies.
enum class Trust : std::uint8_t {
    not_judged, ///< the handshake did not come so far, or the user said `--insecure`
    trusted,
    expired,
    not_yet_valid,
    name_mismatch,
    self_signed,
    unknown_issuer, ///< no chain to a known root: a missing intermediate or a private CA
    other,
};

/// One certificate of the chain that the server sent, in its order.
struct Certificate {
    std::string subject{}; ///< RFC 2253 form
    std::string issuer{};
    std::vector<std::string> names{}; ///< DNS names and IP addresses of subjectAltName
    std::string not_before{};         ///< RFC 3339
    std::string not_after{};
    std::string key{};       ///< `RSA 2048`, `EC P-256`, `Ed25519`
    std::string signature{}; ///< `sha256WithRSAEncryption`
    std::string sha256{};    ///< fingerprint, lower-case hexadecimal
};

/// How far a whole handshake came.
struct Handshake {
    std::string id{}; ///< numbered together with the exchanges
    bool completed{};
    std::optional<ProtocolVersion> version{};
    std::optional<CipherSuite> cipher_suite{};
    std::vector<Certificate> chain{};
    Trust trust{};
    std::string trust_error{};    ///< OpenSSL's words, e.g. `certificate has expired`
    std::string failure{};        ///< where it did not complete: what ended it
    bool asked_for_certificate{}; ///< a CertificateRequest came
    bool sent_certificate{};      ///< and was answered with the user's own; else with none
    std::vector<std::string> certificate_authorities{}; ///< the names in it, RFC 2253 form
    std::string failure_after{};  ///< what broke the connection after the handshake, e.g. alert 116
    std::optional<Alert> alert{}; ///< the alert behind `failure` or `failure_after`
    bool alert_encrypted{};       ///< it came encrypted
    std::string http_status{};    ///< the status line that answered `HEAD /`; empty: not asked
    bool http_demands_certificate{}; ///< that answer says that a client certificate is required
    double ms{};
};

/// Returns `trusted`, `name_mismatch` ...
std::string_view name_of(Trust trust);

} // namespace tlsdoctor::evidence
