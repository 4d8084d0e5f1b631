// SPDX-License-Identifier: Apache-2.0
// Alerts in pasted messages. Clients spell the same alert in a dozen ways (`tlsv1 alert protocol
// version`, `Received fatal alert: protocol_version`, `ProtocolVersion`); letters alone, in lower
// case, are equal.
#include "explain/alert_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr AlertDescription alert(std::uint8_t number) {
    return static_cast<AlertDescription>(number);
}

// As printed by Go, GnuTLS, NSS (curl and Firefox), Chromium, OpenSSL and rustls for an alert that
// was the only answer to a ClientHello.
// clang-format off
constexpr std::array k_phrases = {
    // OpenSSL's texts without the word "alert"
    ErrorPhrase{"tlsv1 unsupported extension",           alert(110)},
    ErrorPhrase{"tlsv1 certificate unobtainable",        alert(111)},
    ErrorPhrase{"tlsv1 unrecognized name",               alert(112)},
    ErrorPhrase{"tlsv1 bad certificate status response", alert(113)},
    ErrorPhrase{"tlsv1 bad certificate hash value",      alert(114)},
    ErrorPhrase{"alert user cancelled",                  alert(90)},
    // Java, where the alert is no error in itself
    ErrorPhrase{"Received close_notify during handshake", alert(0)},
    // rustls
    ErrorPhrase{"fatal alert: UnrecognisedName",         alert(112)},
    // Go
    ErrorPhrase{"remote error: tls: unexpected message", alert(10)},
    ErrorPhrase{"remote error: tls: bad record MAC",     alert(20)},
    ErrorPhrase{"remote error: tls: record overflow",    alert(22)},
    ErrorPhrase{"remote error: tls: handshake failure",  alert(40)},
    ErrorPhrase{"remote error: tls: bad certificate",    alert(42)},
    ErrorPhrase{"remote error: tls: unsupported certificate", alert(43)},
    ErrorPhrase{"remote error: tls: revoked certificate", alert(44)},
    ErrorPhrase{"remote error: tls: expired certificate", alert(45)},
    ErrorPhrase{"remote error: tls: unknown certificate", alert(46)},
    ErrorPhrase{"remote error: tls: illegal parameter",  alert(47)},
    ErrorPhrase{"remote error: tls: unknown certificate authority", alert(48)},
    ErrorPhrase{"remote error: tls: access denied",      alert(49)},
    ErrorPhrase{"remote error: tls: error decoding message", alert(50)},
    ErrorPhrase{"remote error: tls: error decrypting message", alert(51)},
    ErrorPhrase{"remote error: tls: export restriction", alert(60)},
    ErrorPhrase{"remote error: tls: protocol version not supported", alert(70)},
    ErrorPhrase{"remote error: tls: insufficient security level", alert(71)},
    ErrorPhrase{"remote error: tls: internal error",     alert(80)},
    ErrorPhrase{"remote error: tls: inappropriate fallback", alert(86)},
    ErrorPhrase{"remote error: tls: user canceled",      alert(90)},
    ErrorPhrase{"remote error: tls: no renegotiation",   alert(100)},
    ErrorPhrase{"remote error: tls: missing extension",  alert(109)},
    ErrorPhrase{"remote error: tls: unsupported extension", alert(110)},
    ErrorPhrase{"remote error: tls: unrecognized name",  alert(112)},
    ErrorPhrase{"remote error: tls: bad certificate status response", alert(113)},
    ErrorPhrase{"remote error: tls: unknown PSK identity", alert(115)},
    ErrorPhrase{"remote error: tls: certificate required", alert(116)},
    ErrorPhrase{"remote error: tls: no application protocol", alert(120)},
    // GnuTLS through libcurl, which prints no number
    ErrorPhrase{"gnutls_handshake() failed: Close notify", alert(0)},
    ErrorPhrase{"gnutls_handshake() failed: Unexpected message", alert(10)},
    ErrorPhrase{"gnutls_handshake() failed: Bad record MAC", alert(20)},
    ErrorPhrase{"gnutls_handshake() failed: Record overflow", alert(22)},
    ErrorPhrase{"gnutls_handshake() failed: Handshake failed", alert(40)},
    ErrorPhrase{"gnutls_handshake() failed: Certificate is bad", alert(42)},
    ErrorPhrase{"gnutls_handshake() failed: Certificate is not supported", alert(43)},
    ErrorPhrase{"gnutls_handshake() failed: Certificate was revoked", alert(44)},
    ErrorPhrase{"gnutls_handshake() failed: Certificate is expired", alert(45)},
    ErrorPhrase{"gnutls_handshake() failed: Unknown certificate", alert(46)},
    ErrorPhrase{"gnutls_handshake() failed: Illegal parameter", alert(47)},
    ErrorPhrase{"gnutls_handshake() failed: CA is unknown", alert(48)},
    ErrorPhrase{"gnutls_handshake() failed: Access was denied", alert(49)},
    ErrorPhrase{"gnutls_handshake() failed: Decode error", alert(50)},
    ErrorPhrase{"gnutls_handshake() failed: Decrypt error", alert(51)},
    ErrorPhrase{"gnutls_handshake() failed: Export restriction", alert(60)},
    ErrorPhrase{"gnutls_handshake() failed: Error in protocol version", alert(70)},
    ErrorPhrase{"gnutls_handshake() failed: Insufficient security", alert(71)},
    ErrorPhrase{"gnutls_handshake() failed: Internal error", alert(80)},
    ErrorPhrase{"gnutls_handshake() failed: Inappropriate fallback", alert(86)},
    ErrorPhrase{"gnutls_handshake() failed: User canceled", alert(90)},
    ErrorPhrase{"gnutls_handshake() failed: No renegotiation", alert(100)},
    ErrorPhrase{"gnutls_handshake() failed: An extension was expected but was not seen", alert(109)},
    ErrorPhrase{"gnutls_handshake() failed: An unsupported extension was sent", alert(110)},
    ErrorPhrase{"gnutls_handshake() failed: The server name sent was not recognized", alert(112)},
    ErrorPhrase{"gnutls_handshake() failed: The SRP/PSK username is missing or not known", alert(115)},
    ErrorPhrase{"gnutls_handshake() failed: Certificate is required", alert(116)},
    ErrorPhrase{"gnutls_handshake() failed: No supported application protocol could be negotiated", alert(120)},
    // Firefox's codes; NO_CYPHER_OVERLAP is rarely its own verdict on a ServerHello, without an alert
    ErrorPhrase{"SSL_ERROR_HANDSHAKE_UNEXPECTED_ALERT",  alert(10)},
    ErrorPhrase{"SSL_ERROR_BAD_MAC_ALERT",               alert(20)},
    ErrorPhrase{"SSL_ERROR_RECORD_OVERFLOW_ALERT",       alert(22)},
    ErrorPhrase{"SSL_ERROR_NO_CYPHER_OVERLAP",           alert(40)},
    ErrorPhrase{"SSL_ERROR_HANDSHAKE_FAILURE_ALERT",     alert(40)},
    ErrorPhrase{"SSL_ERROR_BAD_CERT_ALERT",              alert(42)},
    ErrorPhrase{"SSL_ERROR_UNSUPPORTED_CERT_ALERT",      alert(43)},
    ErrorPhrase{"SSL_ERROR_REVOKED_CERT_ALERT",          alert(44)},
    ErrorPhrase{"SSL_ERROR_EXPIRED_CERT_ALERT",          alert(45)},
    ErrorPhrase{"SSL_ERROR_CERTIFICATE_UNKNOWN_ALERT",   alert(46)},
    ErrorPhrase{"SSL_ERROR_ILLEGAL_PARAMETER_ALERT",     alert(47)},
    ErrorPhrase{"SSL_ERROR_UNKNOWN_CA_ALERT",            alert(48)},
    ErrorPhrase{"SSL_ERROR_ACCESS_DENIED_ALERT",         alert(49)},
    ErrorPhrase{"SSL_ERROR_DECODE_ERROR_ALERT",          alert(50)},
    ErrorPhrase{"SSL_ERROR_DECRYPT_ERROR_ALERT",         alert(51)},
    ErrorPhrase{"SSL_ERROR_EXPORT_RESTRICTION_ALERT",    alert(60)},
    ErrorPhrase{"SSL_ERROR_PROTOCOL_VERSION_ALERT",      alert(70)},
    ErrorPhrase{"SSL_ERROR_INSUFFICIENT_SECURITY_ALERT", alert(71)},
    ErrorPhrase{"SSL_ERROR_INTERNAL_ERROR_ALERT",        alert(80)},
    ErrorPhrase{"SSL_ERROR_INAPPROPRIATE_FALLBACK_ALERT", alert(86)},
    ErrorPhrase{"SSL_ERROR_USER_CANCELED_ALERT",         alert(90)},
    ErrorPhrase{"SSL_ERROR_NO_RENEGOTIATION_ALERT",      alert(100)},
    ErrorPhrase{"SSL_ERROR_UNSUPPORTED_EXTENSION_ALERT", alert(110)},
    ErrorPhrase{"SSL_ERROR_CERTIFICATE_UNOBTAINABLE_ALERT", alert(111)},
    ErrorPhrase{"SSL_ERROR_UNRECOGNIZED_NAME_ALERT",     alert(112)},
    ErrorPhrase{"SSL_ERROR_BAD_CERT_STATUS_RESPONSE_ALERT", alert(113)},
    ErrorPhrase{"SSL_ERROR_BAD_CERT_HASH_VALUE_ALERT",   alert(114)},
    ErrorPhrase{"SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT", alert(116)},
    ErrorPhrase{"SSL_ERROR_NEXT_PROTOCOL_NO_PROTOCOL",   alert(120)},
    // NSS's sentences, as curl prints them
    ErrorPhrase{"SSL peer was not expecting a handshake message it received", alert(10)},
    ErrorPhrase{"SSL peer reports incorrect Message Authentication Code", alert(20)},
    ErrorPhrase{"Peer received an SSL record that was longer than is permitted", alert(22)},
    ErrorPhrase{"Cannot communicate securely with peer: no common encryption algorithm", alert(40)},
    ErrorPhrase{"SSL peer cannot verify your certificate", alert(42)},
    ErrorPhrase{"SSL peer does not support certificates of the type it received", alert(43)},
    ErrorPhrase{"SSL peer had some unspecified issue with the certificate it received", alert(46)},
    ErrorPhrase{"Peer does not recognize and trust the CA that issued your certificate", alert(48)},
    ErrorPhrase{"Peer received a valid certificate, but access was denied", alert(49)},
    ErrorPhrase{"Peer could not decode an SSL handshake message", alert(50)},
    ErrorPhrase{"Peer reports failure of signature verification or key exchange", alert(51)},
    ErrorPhrase{"Peer reports incompatible or unsupported protocol version", alert(70)},
    ErrorPhrase{"Server requires ciphers more secure than those supported by client", alert(71)},
    ErrorPhrase{"Peer reports it experienced an internal error", alert(80)},
    ErrorPhrase{"handshake because the client downgraded to a lower TLS version", alert(86)},
    ErrorPhrase{"Peer user canceled handshake",          alert(90)},
    ErrorPhrase{"SSL received a missing_extension alert", alert(109)},
    ErrorPhrase{"SSL received a certificate_required alert", alert(116)},
    ErrorPhrase{"SSL peer does not support requested TLS hello extension", alert(110)},
    ErrorPhrase{"SSL peer has no certificate for the requested DNS name", alert(112)},
    ErrorPhrase{"unable to get an OCSP response for its certificate", alert(113)},
    ErrorPhrase{"no protocols that the client advertises in the ALPN extension", alert(120)},
    // Chromium's codes that stand for one alert alone
    ErrorPhrase{"ERR_SSL_BAD_RECORD_MAC_ALERT",          alert(20)},
    ErrorPhrase{"ERR_SSL_DECRYPT_ERROR_ALERT",           alert(51)},
    ErrorPhrase{"ERR_SSL_UNRECOGNIZED_NAME_ALERT",       alert(112)},
};
// clang-format on

constexpr std::uint32_t k_alert_reasons = 1'000; // SSL_AD_REASON_OFFSET
constexpr std::uint32_t k_reason_mask = 0xfff;
constexpr std::uint32_t k_ssl_library = 20;
constexpr std::string_view k_error = "error:";
constexpr std::string_view k_alert = "alert";
constexpr std::size_t k_code_digits = 8;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Letters and digits alone, in lower case.
std::string squeezed(std::string_view text) {
    std::string result = lower(text);
    std::erase_if(result, [](char c) { return !is_letter_or_digit(c); });
    return result;
}

/// Cuts off the words and signs that stand between "alert" and its number.
std::string_view at_number(std::string_view text) {
    constexpr std::string_view words[] = {"number", "description", "code", "is", "fatal"};
    constexpr std::string_view signs = " \t:=[(#_";
    for (bool again = true; again;) {
        text.remove_prefix(std::min(text.find_first_not_of(signs), text.size()));
        again = false;
        for (const std::string_view word : words) {
            if (text.starts_with(word)) {
                text.remove_prefix(word.size());
                again = true;
            }
        }
    }
    return text;
}

/// `alert number 70`, `SSL alert number 40`, `alert [70]`, `fatal alert code is 40`.
std::optional<AlertDescription> by_number(std::string_view message) {
    for (std::size_t at = message.find(k_alert); at != std::string_view::npos;
         at = message.find(k_alert, at + 1)) {
        const std::string_view rest = at_number(message.substr(at + k_alert.size()));
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        const auto number = number_in(rest.substr(0, digits), 255);
        if (number && (digits == rest.size() || !is_letter_or_digit(rest[digits]))) {
            return alert(static_cast<std::uint8_t>(*number));
        }
    }
    return std::nullopt;
}

/// `error:0A00042E:SSL routines`.
std::optional<AlertDescription> by_openssl_code(std::string_view message) {
    for (std::size_t at = message.find(k_error); at != std::string_view::npos;
         at = message.find(k_error, at + 1)) {
        const std::string_view digits =
            message.substr(at + k_error.size()).substr(0, k_code_digits);
        std::uint32_t code = 0;
        const char* const end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, code, 16);
        if (read.ec == std::errc{} && read.ptr == end) {
            if (const auto found = alert_in_openssl_code(code)) {
                return found;
            }
        }
    }
    return std::nullopt;
}

/// A name or phrase, squeezed.
struct SqueezedPhrase {
    std::string text{};
    AlertDescription alert{};
};

/// Any alert's registered name behind the word "alert", however it is spelled.
std::vector<SqueezedPhrase> squeezed_names() {
    std::vector<SqueezedPhrase> names;
    for (const AlertInfo& row : alerts()) {
        names.push_back({.text = std::string{k_alert} + squeezed(row.name), .alert = row.id});
    }
    return names;
}

std::vector<SqueezedPhrase> squeezed_phrases() {
    std::vector<SqueezedPhrase> phrases;
    for (const ErrorPhrase& phrase : k_phrases) {
        phrases.push_back({.text = squeezed(phrase.text), .alert = phrase.alert});
    }
    return phrases;
}

/// The alert with the longest text in `letters`, since `bad certificate` begins another one's name.
std::optional<AlertDescription>
longest_in(std::string_view letters, const std::vector<SqueezedPhrase>& table) {
    const SqueezedPhrase* best = nullptr;
    for (const SqueezedPhrase& row : table) {
        if ((best == nullptr || row.text.size() > best->text.size()) &&
            letters.contains(row.text)) {
            best = &row;
        }
    }
    return best == nullptr ? std::nullopt : std::optional{best->alert};
}

} // namespace

std::span<const ErrorPhrase> error_phrases() {
    return k_phrases;
}

std::optional<AlertDescription> alert_in(std::string_view message) {
    const std::string lowered = lower(message);
    if (const auto found = by_number(lowered)) {
        return found;
    }
    if (const auto found = by_openssl_code(lowered)) {
        return found;
    }
    static const std::vector<SqueezedPhrase> names = squeezed_names();
    static const std::vector<SqueezedPhrase> phrases = squeezed_phrases();
    const std::string letters = squeezed(message);
    const auto named = longest_in(letters, names);
    return named ? named : longest_in(letters, phrases);
}

bool is_about_plain_http(std::string_view message) {
    constexpr std::string_view k_complaints[] = {
        "plain http request was sent to https port",         // nginx
        "speaking plain http to an ssl-enabled server port", // Apache httpd
        "client sent an http request to an https server",    // Go
        "http spoken on https port",                         // Apache httpd's log
        "this combination of host and port requires tls",    // Tomcat
        "ssl routines::http request",                        // OpenSSL 3
    };
    const std::string lowered = lower(message);
    return std::ranges::any_of(k_complaints, [&](std::string_view complaint) {
        return lowered.find(complaint) != std::string::npos;
    });
}

std::optional<AlertDescription> alert_in_openssl_code(std::uint32_t code) {
    const bool old_form = code >> 24U == k_ssl_library; // 1.x: library, function, reason
    const bool new_form = code >> 23U == k_ssl_library; // 3.x: no function
    const std::uint32_t reason = code & k_reason_mask;
    if ((!old_form && !new_form) || reason < k_alert_reasons || reason - k_alert_reasons > 255) {
        return std::nullopt;
    }
    return alert(static_cast<std::uint8_t>(reason - k_alert_reasons));
}

} // namespace tlsdoctor::explain
