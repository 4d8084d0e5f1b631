// SPDX-License-Identifier: Apache-2.0
// Framing decides which reader is fed; it is asked again until it has seen enough bytes. Clear text
// is complete with its first line: a client that waits for an answer sends no more.
#include "wire/opening.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/ssl2.hpp"

namespace tlsdoctor::wire {

namespace {

/// What is not a line by then is taken as it is.
constexpr std::size_t k_most_clear = 1024;
constexpr std::size_t k_least_binary = 8;

/// How a client of this protocol begins.
struct Beginning {
    std::string_view text{};
    std::string_view protocol{};
};

// clang-format off
constexpr Beginning k_beginnings[] = {
    {"PROXY ", "proxy_header"},      {{"\r\n\r\n\0\r\nQUIT\n", 12}, "proxy_header"},
    {"CONNECT ", "http_connect"},    {"GET ", "http"},     {"POST ", "http"},  {"HEAD ", "http"},
    {"PUT ", "http"},                {"OPTIONS ", "http"}, {"PATCH ", "http"}, {"DELETE ", "http"},
    {"PRI * HTTP/2.0", "http"},      {"PROPFIND ", "http"},
    {"EHLO", "smtp"}, {"HELO", "smtp"}, {"LHLO", "smtp"},  {"STLS", "pop3"},   {"CAPA", "pop3"},
    {"AUTH TLS", "ftp"}, {"AUTH SSL", "ftp"}, {"USER ", "ftp"}, {"FEAT", "ftp"},
    {"SSH-", "ssh"}, {"<?xml", "xmpp"}, {"<stream", "xmpp"}, {"CAP ", "irc"},  {"NICK ", "irc"},
    {"STARTTLS", "starttls"},
    {{"\0\0\0\x08\x04\xd2\x16\x2f", 8}, "postgresql"},
    {{"\0\0\0\x08\x04\xd2\x16\x30", 8}, "postgresql"},
    {{"\x03\0\0", 3}, "rdp"}, {{"\x05\x01\0", 3}, "socks"}, {{"\x05\x02\0", 3}, "socks"},
    {{"\x04\x01", 2}, "socks"}, {"AMQP", "amqp"}, {{"*1\r\n$", 5}, "redis"},
};
// clang-format on

bool is_text(std::uint8_t byte) {
    return byte >= 0x20 || byte == '\t' || byte == '\r' || byte == '\n';
}

/// `a001 CAPABILITY`: a tag of the client's choice, then a command.
bool is_imap(std::string_view line) {
    constexpr std::string_view k_commands[] = {"CAPABILITY", "STARTTLS", "LOGIN",
                                               "NOOP",       "ID ",      "AUTHENTICATE"};
    const std::size_t space = line.find(' ');
    return space != std::string_view::npos && space > 0 && space < 16 &&
           std::ranges::any_of(
               k_commands,
               [&](std::string_view command) { return line.substr(space + 1).starts_with(command); }
           );
}

/// A SEQUENCE whose first element is a message id, then an application tag [RFC 4511 4.1.1].
bool is_ldap(ByteView start) {
    if (start.size() < 7 || start[0] != 0x30) {
        return false;
    }
    const std::size_t length_bytes = start[1] < 0x80 ? 0 : start[1] & 0x7fU;
    const std::size_t at = 2 + length_bytes;
    return length_bytes <= 4 && at + 4 <= start.size() && start[at] == 0x02 && start[at + 1] >= 1 &&
           start[at + 1] <= 4;
}

/// CONNECT of MQTT [MQTT 3.1.1, 3.1].
bool is_mqtt(ByteView start) {
    const std::string_view text = as_text(start.first(std::min<std::size_t>(start.size(), 16)));
    return start[0] == 0x10 && (text.find("MQTT") != std::string_view::npos ||
                                text.find("MQIsdp") != std::string_view::npos);
}

} // namespace

std::string_view name_of(OpeningKind kind) {
    switch (kind) {
    case OpeningKind::nothing:
        return "nothing";
    case OpeningKind::hello:
        return "hello";
    case OpeningKind::ssl2_hello:
        return "ssl2_hello";
    case OpeningKind::other_tls:
        return "other_tls";
    case OpeningKind::clear_text:
        return "clear_text";
    case OpeningKind::partial:
        return "partial";
    case OpeningKind::garbled:
        return "garbled";
    }
    std::unreachable();
}

bool OpeningReader::feed(ByteView bytes) {
    if (complete_ || bytes.empty()) {
        return complete_;
    }
    const ByteView taken = bytes.first(std::min(bytes.size(), limit_ - bytes_.size()));
    bytes_.insert(bytes_.end(), taken.begin(), taken.end());
    size_ = bytes_.size();
    read();
    if (!complete_ && bytes_.size() == limit_) {
        finish(kind_ == OpeningKind::partial ? OpeningKind::garbled : kind_, size_);
    }
    return complete_;
}

void OpeningReader::read() {
    switch (framing_of(bytes_)) {
    case Framing::need_more:
        kind_ = OpeningKind::partial;
        return;
    case Framing::tls:
        kind_ = OpeningKind::partial;
        return read_records();
    case Framing::ssl2:
        kind_ = OpeningKind::partial;
        return read_ssl2();
    case Framing::unknown:
        kind_ = OpeningKind::clear_text;
        return read_clear();
    }
}

void OpeningReader::read_records() {
    records_.feed(ByteView(bytes_).subspan(passed_));
    passed_ = bytes_.size();
    while (true) {
        auto next = records_.next();
        if (!next) {
            return finish(OpeningKind::garbled, size_);
        }
        if (!*next) {
            return;
        }
        if ((*next)->type != ContentType::handshake) {
            return finish(OpeningKind::other_tls, size_);
        }
        messages_.feed((*next)->fragment);
        const auto message = messages_.next();
        if (!message) {
            return finish(OpeningKind::garbled, size_);
        }
        if (*message) {
            const bool is_hello = (*message)->type == HandshakeType::client_hello;
            const std::size_t size = records_.consumed();
            return finish(is_hello ? OpeningKind::hello : OpeningKind::other_tls, size);
        }
    }
}

void OpeningReader::read_ssl2() {
    ssl2_.feed(ByteView(bytes_).subspan(passed_));
    passed_ = bytes_.size();
    const auto next = ssl2_.next();
    if (!next) {
        return finish(OpeningKind::garbled, size_);
    }
    if (*next) {
        const bool readable = read_ssl2_client_hello((*next)->data).has_value();
        const std::size_t size = ssl2_.consumed();
        finish(readable ? OpeningKind::ssl2_hello : OpeningKind::garbled, size);
    }
}

void OpeningReader::read_clear() {
    const bool text = std::ranges::all_of(bytes_, is_text);
    const bool line = std::ranges::find(bytes_, '\n') != bytes_.end();
    const bool enough =
        text ? line || bytes_.size() >= k_most_clear : bytes_.size() >= k_least_binary;
    if (enough) {
        finish(OpeningKind::clear_text, size_);
    }
}

void OpeningReader::finish(OpeningKind kind, std::size_t size) {
    kind_ = kind;
    size_ = size;
    complete_ = true;
}

std::string_view protocol_of_client(ByteView start) {
    if (start.empty()) {
        return "";
    }
    const std::string_view text = as_text(start);
    for (const Beginning& beginning : k_beginnings) {
        if (text.starts_with(beginning.text)) {
            return beginning.protocol;
        }
    }
    if (is_imap(text)) {
        return "imap";
    }
    if (is_ldap(start)) {
        return "ldap";
    }
    if (is_mqtt(start)) {
        return "mqtt";
    }
    return "";
}

} // namespace tlsdoctor::wire
