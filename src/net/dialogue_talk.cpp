// SPDX-License-Identifier: Apache-2.0
// The STARTTLS dialogues of FTP, NNTP, IRC and XMPP.
#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "net/dialogue_lines.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::net {

namespace {

using End = DialogueEnd;

// FTP [RFC 4217 4]. vsftpd without TLS answers AUTH with 530 "Please login" (3.0.3), ProFTPD with
// 500 (1.3.8): neither knows of TLS. 534 and 431 are refusals of a server that does.

constexpr CodeRow k_ftp_greeting[] = {{220, 220, End::under_way}, {400, 599, End::refused}};
constexpr CodeRow k_ftp_go[] = {
    {234, 234, End::under_way},
    {534, 534, End::refused},
    {500, 599, End::not_offered},
    {400, 499, End::refused},
};

Judgement ftp_greeting(ByteView heard) {
    return by_code(heard, k_ftp_greeting, End::other_protocol);
}
Judgement ftp_go(ByteView heard) {
    return by_code(heard, k_ftp_go, End::garbled);
}
Bytes say_auth_tls(const DialogueNames&) {
    return words("AUTH TLS\r\n");
}

constexpr DialogueStep k_ftp[] = {{nullptr, ftp_greeting}, {say_auth_tls, ftp_go}};

// NNTP [RFC 4642]: 580 "cannot initiate TLS", 502 "not permitted"; 500 and 501 come from a server
// that does not know the word.

constexpr CodeRow k_nntp_greeting[] = {{200, 201, End::under_way}, {400, 599, End::refused}};
constexpr CodeRow k_nntp_go[] = {
    {382, 382, End::under_way},
    {500, 501, End::not_offered},
    {400, 599, End::refused},
};

Judgement nntp_greeting(ByteView heard) {
    return by_code(heard, k_nntp_greeting, End::other_protocol);
}
Judgement nntp_go(ByteView heard) {
    return by_code(heard, k_nntp_go, End::garbled);
}

constexpr DialogueStep k_nntp[] = {{nullptr, nntp_greeting}, {say_starttls, nntp_go}};

// IRC, the "tls" capability of IRCv3: 670 begins TLS, 691 refuses it; 421 and 451 come from a
// server that does not know the word. InspIRCd without its module for it (3.15) passes over the
// word without an answer, so the list of capabilities is asked for in the same breath. Notices may
// come before.

/// Tells whether the last line of the list of capabilities has come without "tls".
bool lists_no_tls(std::string_view line) {
    const std::size_t list = line.find(" :");
    const bool more = has_word(line, "*") && line.find(" * :") != std::string_view::npos;
    if (!has_word(line, "CAP") || !has_word(line, "LS") || more || list == std::string_view::npos) {
        return false;
    }
    const auto names = split(line.substr(list + 2), ' ');
    return std::ranges::none_of(names, [](std::string_view name) {
        return name == "tls" || name.starts_with("tls=");
    });
}

Judgement irc_go(ByteView heard) {
    if (!may_begin(heard, {":", "notice", "error", "ping", "670", "691", "@", "cap"})) {
        return {.end = End::other_protocol};
    }
    Lines lines(heard);
    while (const auto line = lines.next()) {
        if (has_word(*line, "670")) {
            return {.used = lines.used()};
        }
        if (has_word(*line, "691") || begins(*line, "ERROR")) {
            return {.used = lines.used(), .end = End::refused};
        }
        const bool unknown = has_word(*line, "421") || has_word(*line, "451");
        if (lists_no_tls(*line) || (unknown && !has_word(*line, "CAP"))) {
            return {.used = lines.used(), .end = End::not_offered};
        }
    }
    return {};
}

Bytes say_irc_starttls(const DialogueNames&) {
    return words("CAP LS 302\r\nSTARTTLS\r\n");
}

constexpr DialogueStep k_irc[] = {{say_irc_starttls, irc_go}};

// XMPP [RFC 6120 4.2, 5.4]: the stream is XML, and what is looked for are whole elements in it. No
// parser: the answer is bounded, and only the names of its elements matter.

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
        case '&':
            safe += "&amp;";
            break;
        case '<':
            safe += "&lt;";
            break;
        case '\'':
            safe += "&apos;";
            break;
        default:
            safe += c;
        }
    }
    return safe;
}

Bytes stream_to(const DialogueNames& names, std::string_view space) {
    return words(
        "<?xml version='1.0'?><stream:stream xmlns='" + std::string(space) +
        "' xmlns:stream='http://etherx.jabber.org/streams' to='" + escaped(names.host) +
        "' version='1.0'>"
    );
}

Bytes say_client_stream(const DialogueNames& names) {
    return stream_to(names, "jabber:client");
}
Bytes say_server_stream(const DialogueNames& names) {
    return stream_to(names, "jabber:server");
}
Bytes say_xmpp_starttls(const DialogueNames&) {
    return words("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
}

/// Returns where the text is past `<name ... >`, 0 where that has not come whole.
std::size_t past_tag(std::string_view text, std::string_view name) {
    const std::size_t begin = text.find(name);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('>', begin);
    return end == std::string_view::npos ? 0 : end + 1;
}

Judgement xmpp_features(ByteView heard) {
    if (!may_begin(heard, {"<?xml", "<stream:", "\n", " "})) {
        return {.end = End::other_protocol};
    }
    const std::string_view text = as_text(heard);
    if (past_tag(text, "</stream:error") > 0) {
        return {.used = heard.size(), .end = End::refused};
    }
    const std::size_t empty = past_tag(text, "<stream:features/");
    const std::size_t whole = empty > 0 ? empty : past_tag(text, "</stream:features");
    if (whole == 0) {
        return {};
    }
    const bool listed = past_tag(text.substr(0, whole), "<starttls") > 0;
    return {.used = whole, .end = listed ? End::under_way : End::not_offered};
}

Judgement xmpp_go(ByteView heard) {
    if (!may_begin(heard, {"<", "\n", " "})) {
        return {.end = End::garbled};
    }
    const std::string_view text = as_text(heard);
    const std::size_t go = past_tag(text, "<proceed");
    if (go > 0) {
        const bool in_two = text[go - 2] != '/';
        const std::size_t end = in_two ? past_tag(text, "</proceed") : go;
        return {.used = end};
    }
    if (past_tag(text, "<failure") > 0 || past_tag(text, "<stream:error") > 0) {
        return {.used = heard.size(), .end = End::refused};
    }
    return {};
}

constexpr DialogueStep k_xmpp_client[] = {
    {say_client_stream, xmpp_features}, {say_xmpp_starttls, xmpp_go}
};
constexpr DialogueStep k_xmpp_server[] = {
    {say_server_stream, xmpp_features}, {say_xmpp_starttls, xmpp_go}
};

} // namespace

std::span<const DialogueStep> ftp_dialogue() {
    return k_ftp;
}
std::span<const DialogueStep> nntp_dialogue() {
    return k_nntp;
}
std::span<const DialogueStep> irc_dialogue() {
    return k_irc;
}
std::span<const DialogueStep> xmpp_client_dialogue() {
    return k_xmpp_client;
}
std::span<const DialogueStep> xmpp_server_dialogue() {
    return k_xmpp_server;
}

} // namespace tlsdoctor::net
