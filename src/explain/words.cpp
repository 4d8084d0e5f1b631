// SPDX-License-Identifier: Apache-2.0
// See the header. `alert 40` alone could be a temperature, and `protocol_version` a setting: both
// count only beside words that failures of TLS have.
#include "explain/words.hpp"

#include <string>

#include <re2/re2.h>

#include "base/text.hpp"
#include "explain/alert_text.hpp"

namespace tlsdoctor::explain {

namespace {

/// The line is about TLS ...
constexpr const char* k_tls_words =
    R"(\b(?:d?tls|ssl|openssl|gnutls|schannel|nss|secure channel|handshake|rustls|mbedtls|wolfssl)|tlsv?1|sslv3|[a-z_]ssl\b|ssl[a-z_]|tls[a-z_])";

/// ... and an alert is named as such, by number or name: `alert number 40`, `fatal alert: ...`,
/// `AlertReceived(HandshakeFailure)`, `alert(21): fatal, ...`.
constexpr const char* k_alert_words = R"(alert|error:[0-9a-f]{8})";

/// Names of alerts as identifiers, which prose has not.
constexpr const char* k_identifier =
    R"((?:^|[^a-z0-9])((?:unexpected|bad|decryption|record|decompression|handshake|no|unsupported|certificate|illegal|unknown|access|decode|decrypt|export|protocol|insufficient|internal|inappropriate|missing|unrecognized)_(?:message|record_mac|failed|overflow|failure|certificate|revoked|expired|unknown|parameter|ca|denied|error|restriction|version|security|fallback|extension|name|required|application_protocol)|HandshakeFailure|ProtocolVersion|UnrecognizedName|UnrecognisedName|InsufficientSecurity|InternalError|IllegalParameter|DecodeError|DecryptError|BadCertificate|UnknownCA|UnsupportedCertificate|CertificateRequired|NoApplicationProtocol|InappropriateFallback|MissingExtension|UnexpectedMessage|AccessDenied)(?:$|[^a-z0-9_]))";

constexpr const char* k_failure =
    R"(fail|error|fatal|abort|refus|reject|exception|received|\berr\b)";

RE2::Options caseless() {
    RE2::Options options{RE2::Latin1};
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    return options;
}

} // namespace

struct AlertFinder::Shapes {
    RE2 about_tls{k_tls_words, caseless()};
    RE2 alert{k_alert_words, caseless()};
    RE2 identifier{k_identifier, caseless()};
    RE2 failure{k_failure, caseless()};
};

AlertFinder::AlertFinder() : shapes_{std::make_unique<Shapes>()} {}

AlertFinder::~AlertFinder() = default;

std::optional<int> AlertFinder::find(std::string_view line) const {
    const re2::StringPiece text{line.data(), line.size()};
    if (!RE2::PartialMatch(text, shapes_->about_tls)) {
        return std::nullopt;
    }
    if (RE2::PartialMatch(text, shapes_->alert)) {
        if (const auto alert = alert_in(line)) {
            return static_cast<int>(*alert);
        }
    }
    re2::StringPiece word;
    if (!RE2::PartialMatch(text, shapes_->failure) ||
        !RE2::PartialMatch(text, shapes_->identifier, &word)) {
        return std::nullopt;
    }
    const auto alert = alert_in("alert " + std::string{word.data(), word.size()});
    return alert ? std::optional{static_cast<int>(*alert)} : std::nullopt;
}

} // namespace tlsdoctor::explain
