// SPDX-License-Identifier: Apache-2.0
// The alert comes in a record of the client's own version, which it must be able to read.
#include "peer/refusal.hpp"

#include <algorithm>

#include "wire/alert.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::peer {

namespace {

constexpr std::string_view k_http_answer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 60\r\n"
    "Connection: close\r\n\r\nThis port waits for TLS; the request came in clear: https.\r\n";

/// A hello of SSL 2.0 alone would not understand an alert.
bool speaks_ssl2_alone(const Heard& heard) {
    constexpr std::size_t k_major_version = 3; // behind two bytes of length and the message's type
    return heard.kind == wire::OpeningKind::ssl2_hello && heard.bytes.size() > k_major_version &&
           heard.bytes[k_major_version] == 0;
}

/// The version of the client's own record, which it must be able to read; TLS 1.2 at most.
ProtocolVersion version_for(const Heard& heard) {
    if (heard.kind != wire::OpeningKind::hello || heard.bytes.size() < 3) {
        return ProtocolVersion::tls_1_0;
    }
    const auto version = static_cast<ProtocolVersion>(heard.bytes[1] << 8U | heard.bytes[2]);
    return std::clamp(version, ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_2);
}

} // namespace

Bytes refusal_of(const Heard& heard, AlertDescription alert) {
    if (heard.kind == wire::OpeningKind::clear_text) {
        const bool http = wire::protocol_of_client(heard.bytes) == "http";
        const ByteView answer = as_bytes(http ? k_http_answer : std::string_view{});
        return {answer.begin(), answer.end()};
    }
    if (speaks_ssl2_alone(heard)) {
        const wire::Ssl2Error no_cipher{.error_code = wire::Ssl2ErrorCode::no_cipher};
        return wire::ssl2_record(wire::write(no_cipher));
    }
    return wire::fatal_alert_record(version_for(heard), alert);
}

} // namespace tlsdoctor::peer
