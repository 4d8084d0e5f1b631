// SPDX-License-Identifier: Apache-2.0
// The dialogues of binary messages: LDAP, PostgreSQL, MySQL, RDP, TDS. A length that the peer gives
// is a reason to wait for that many bytes, never a size to reserve.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "net/starttls.hpp"

namespace tlsdoctor::net {

namespace {

using End = DialogueEnd;

std::size_t big_endian(ByteView bytes) {
    std::size_t number = 0;
    for (const std::uint8_t byte : bytes) {
        number = (number << 8U) | byte;
    }
    return number;
}

std::string text_of(ByteView bytes) {
    return std::string(as_text(bytes));
}

/// Returns the bytes up to the first zero.
ByteView until_zero(ByteView bytes) {
    const auto end = std::ranges::find(bytes, std::uint8_t{0});
    return bytes.first(static_cast<std::size_t>(end - bytes.begin()));
}

// LDAP [RFC 4511 4.14]: the extended operation 1.3.6.1.4.1.1466.20037.

Bytes say_ldap_request(const DialogueNames&) {
    Bytes bytes = {0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16};
    const ByteView name = as_bytes("1.3.6.1.4.1.1466.20037");
    bytes.insert(bytes.end(), name.begin(), name.end());
    return bytes;
}

/// One element of BER, of a length below 64 KiB [X.690 8.1.3].
struct Element {
    std::uint8_t tag{};
    ByteView body{};
    ByteView rest{};
};

/// Reads an element; nullopt where it is not whole or its length has another form.
std::optional<Element> read_element(ByteView bytes) {
    if (bytes.size() < 2) {
        return std::nullopt;
    }
    std::size_t head = 2;
    std::size_t length = bytes[1];
    if (length >= 0x80) {
        const std::size_t digits = length & 0x7fU;
        if (digits == 0 || digits > 4 || bytes.size() < 2 + digits) {
            return std::nullopt;
        }
        length = big_endian(bytes.subspan(2, digits));
        head += digits;
    }
    if (length > bytes.size() - head) {
        return std::nullopt;
    }
    return Element{
        .tag = bytes[0], .body = bytes.subspan(head, length), .rest = bytes.subspan(head + length)
    };
}

/// Takes the next element, which must have this tag, off `rest`; empty where it is another.
std::optional<ByteView> take_element(ByteView& rest, std::uint8_t tag) {
    const auto element = read_element(rest);
    if (!element || element->tag != tag) {
        return std::nullopt;
    }
    rest = element->rest;
    return element->body;
}

Judgement ldap_go(ByteView heard) {
    if (heard[0] != 0x30) {
        return {.end = End::other_protocol};
    }
    const auto message = read_element(heard);
    if (!message) {
        return {};
    }
    const std::size_t used = heard.size() - message->rest.size();
    ByteView in_message = message->body;
    const auto id = take_element(in_message, 0x02);
    const auto response = take_element(in_message, 0x78); // extendedResp
    if (!id || !response) {
        return {.used = used, .end = id ? End::refused : End::garbled};
    }
    ByteView in_response = *response;
    const auto code = take_element(in_response, 0x0a);
    const auto dn = take_element(in_response, 0x04);
    const auto why = take_element(in_response, 0x04);
    if (!code || code->size() != 1 || !dn || !why) {
        return {.used = used, .end = End::garbled};
    }
    const unsigned result = code->front();
    std::string said = "LDAP result " + std::to_string(result);
    said += why->empty() ? "" : ": " + text_of(*why);
    // protocolError(2) answers an operation that the server does not know [RFC 4511 4.12].
    const End no = result == 2 ? End::not_offered : End::refused;
    return {.used = used, .end = result == 0 ? End::under_way : no, .said = std::move(said)};
}

constexpr DialogueStep k_ldap[] = {{say_ldap_request, ldap_go}};

// PostgreSQL [55.2.10]: SSLRequest is answered with one byte, by old servers with an error.

Bytes say_ssl_request(const DialogueNames&) {
    return {0x00, 0x00, 0x00, 0x08, 0x04, 0xd2, 0x16, 0x2f};
}

/// ErrorResponse: a length, then fields of a letter and a text each; `M` is the message.
Judgement postgres_error(ByteView heard) {
    if (heard.size() < 5) {
        return {};
    }
    const std::size_t length = big_endian(heard.subspan(1, 4));
    if (length < 5 || length > 4096) {
        return {.end = End::other_protocol};
    }
    if (heard.size() < 1 + length) {
        return {};
    }
    ByteView fields = heard.subspan(5, length - 4);
    std::string said = "an error";
    while (!fields.empty() && fields[0] != 0) {
        const ByteView text = until_zero(fields.subspan(1));
        if (fields[0] == 'M') {
            said = text_of(text);
        }
        fields = fields.subspan(std::min(fields.size(), text.size() + 2));
    }
    return {.used = 1 + length, .end = End::refused, .said = std::move(said)};
}

Judgement postgres_go(ByteView heard) {
    switch (heard[0]) {
    case 'S':
        return {.used = 1};
    case 'N':
        return {.used = 1, .end = End::not_offered};
    case 'E':
        return postgres_error(heard);
    default:
        return {.end = End::other_protocol};
    }
}

constexpr DialogueStep k_postgres[] = {{say_ssl_request, postgres_go}};

// MySQL and MariaDB: the greeting carries the capabilities; the client's SSLRequest is not
// answered, TLS follows it at once.

constexpr std::size_t k_client_ssl = 0x0800;

std::string mysql_error(ByteView body) {
    const std::size_t code = body[1] | (std::size_t{body[2]} << 8U);
    return "error " + std::to_string(code) + ": " + text_of(body.subspan(3));
}

Judgement mysql_greeting(ByteView heard) {
    if (heard.size() < 5) {
        return heard.size() == 4 && heard[3] != 0 ? Judgement{.end = End::other_protocol}
                                                  : Judgement{};
    }
    const std::size_t length =
        heard[0] | (std::size_t{heard[1]} << 8U) | (std::size_t{heard[2]} << 16U);
    const bool known = heard[4] == 0x0a || heard[4] == 0xff;
    if (heard[3] != 0 || !known || length < 4 || length > 4096) {
        return {.end = End::other_protocol};
    }
    if (heard.size() < 4 + length) {
        return {};
    }
    const ByteView body = heard.subspan(4, length);
    if (body[0] == 0xff) {
        return {.used = 4 + length, .end = End::refused, .said = mysql_error(body)};
    }
    const ByteView version = until_zero(body.subspan(1));
    // After the version: its zero, a thread id of 4 bytes, 8 bytes of the challenge, a zero.
    const std::size_t at = 1 + version.size() + 1 + 4 + 8 + 1;
    if (body.size() < at + 2) {
        return {.used = 4 + length, .end = End::garbled};
    }
    const std::size_t capabilities = body[at] | (std::size_t{body[at + 1]} << 8U);
    return {
        .used = 4 + length,
        .end = (capabilities & k_client_ssl) != 0 ? End::under_way : End::not_offered,
        .said = "version " + text_of(version),
    };
}

/// Capabilities (long password, protocol 4.1, SSL, secure connection, plugin), the largest packet,
/// the character set utf8, 23 zeros.
Bytes say_mysql_request(const DialogueNames&) {
    Bytes bytes = {0x20, 0x00, 0x00, 0x01, 0x01, 0x8a, 0x08, 0x00, 0x00, 0x00, 0x00, 0x01, 0x21};
    bytes.resize(4 + 32);
    return bytes;
}

constexpr DialogueStep k_mysql[] = {{nullptr, mysql_greeting}, {say_mysql_request, nullptr}};

// RDP [MS-RDPBCGR 2.2.1.1]: an X.224 Connection Request that offers TLS and CredSSP, which is TLS
// too.

Bytes say_rdp_request(const DialogueNames&) {
    return {0x03, 0x00, 0x00, 0x13, 0x0e, 0xe0, 0x00, 0x00, 0x00, 0x00,
            0x00, 0x01, 0x00, 0x08, 0x00, 0x03, 0x00, 0x00, 0x00};
}

/// The failure codes of [MS-RDPBCGR 2.2.1.2.2]; 2 and 3 say that there is no TLS.
std::string rdp_failure(std::uint8_t code) {
    constexpr std::array<const char*, 6> names = {
        "SSL_REQUIRED_BY_SERVER",    "SSL_NOT_ALLOWED_BY_SERVER",
        "SSL_CERT_NOT_ON_SERVER",    "INCONSISTENT_FLAGS",
        "HYBRID_REQUIRED_BY_SERVER", "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
    };
    const bool known = code >= 1 && code <= names.size();
    return "RDP failure code " + std::to_string(code) +
           (known ? " " + std::string(names.at(code - std::size_t{1})) : "");
}

Judgement rdp_go(ByteView heard) {
    if (heard[0] != 0x03 || (heard.size() > 1 && heard[1] != 0)) {
        return {.end = End::other_protocol};
    }
    if (heard.size() < 4) {
        return {};
    }
    const std::size_t length = big_endian(heard.subspan(2, 2));
    if (length < 11 || length > 512) {
        return {.end = End::garbled};
    }
    if (heard.size() < length) {
        return {};
    }
    if ((heard[5] & 0xf0U) != 0xd0) { // Connection Confirm
        return {.used = length, .end = End::refused};
    }
    if (length < 19) {
        return {
            .used = length,
            .end = End::not_offered,
            .said = "a Connection Confirm without negotiation: standard RDP security only",
        };
    }
    if (heard[11] == 0x03) {
        const bool without = heard[15] == 2 || heard[15] == 3;
        return {
            .used = length,
            .end = without ? End::not_offered : End::refused,
            .said = rdp_failure(heard[15]),
        };
    }
    const bool tls = heard[11] == 0x02 && heard[15] != 0;
    return {
        .used = length,
        .end = tls ? End::under_way : End::not_offered,
        .said = "RDP protocol " + std::to_string(heard[15]) + " selected",
    };
}

constexpr DialogueStep k_rdp[] = {{say_rdp_request, rdp_go}};

// TDS [MS-TDS 2.2.6.5]: PRELOGIN is a table of options (token, offset, length) and their values;
// ENCRYPTION (1) answers 0 off, 1 on, 2 not supported, 3 required. The request offers "on".

Bytes say_prelogin(const DialogueNames&) {
    return {0x12, 0x01, 0x00, 0x1a, 0x00, 0x00, 0x01, 0x00, // type, last packet, 26 bytes
            0x00, 0x00, 0x0b, 0x00, 0x06,                   // VERSION at 11, 6 bytes
            0x01, 0x00, 0x11, 0x00, 0x01, 0xff,             // ENCRYPTION at 17, 1 byte; end
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01};
}

std::optional<std::uint8_t> prelogin_encryption(ByteView body) {
    for (std::size_t at = 0; at + 5 <= body.size() && body[at] != 0xff; at += 5) {
        const std::size_t offset = big_endian(body.subspan(at + 1, 2));
        if (body[at] == 0x01 && offset < body.size()) {
            return body[offset];
        }
    }
    return std::nullopt;
}

Judgement tds_go(ByteView heard) {
    if (heard[0] != 0x04 && heard[0] != 0x12) {
        return {.end = End::other_protocol};
    }
    if (heard.size() < 8) {
        return {};
    }
    const std::size_t length = big_endian(heard.subspan(2, 2));
    if (length < 8 || length > 4096) {
        return {.end = End::other_protocol};
    }
    if (heard.size() < length) {
        return {};
    }
    const auto encryption = prelogin_encryption(heard.subspan(8, length - 8));
    if (!encryption) {
        return {.used = length, .end = End::garbled};
    }
    return {
        .used = length,
        .end = *encryption == 2 ? End::not_offered : End::under_way,
        .said = "PRELOGIN encryption " + std::to_string(*encryption),
    };
}

constexpr DialogueStep k_tds[] = {{say_prelogin, tds_go}};

} // namespace

std::span<const DialogueStep> ldap_dialogue() {
    return k_ldap;
}
std::span<const DialogueStep> postgres_dialogue() {
    return k_postgres;
}
std::span<const DialogueStep> mysql_dialogue() {
    return k_mysql;
}
std::span<const DialogueStep> rdp_dialogue() {
    return k_rdp;
}
std::span<const DialogueStep> tds_dialogue() {
    return k_tds;
}

} // namespace tlsdoctor::net
