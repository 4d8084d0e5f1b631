// SPDX-License-Identifier: Apache-2.0
// The STARTTLS dialogues of mail: SMTP, LMTP, IMAP, POP3, ManageSieve.
#include <string_view>

#include "base/text.hpp"
#include "net/dialogue_lines.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::net {

namespace {

using End = DialogueEnd;

// SMTP [RFC 3207] and LMTP [RFC 2033].

constexpr CodeRow k_smtp_greeting[] = {{220, 220, End::under_way}, {400, 599, End::refused}};
constexpr CodeRow k_smtp_go[] = {{220, 220, End::under_way}, {400, 599, End::refused}};

Judgement smtp_greeting(ByteView heard) {
    return by_code(heard, k_smtp_greeting, End::other_protocol);
}

/// The answer to EHLO lists the extensions; a server that does not know EHLO has none.
Judgement smtp_extensions(ByteView heard) {
    const Reply reply = read_reply(heard);
    if (reply.state == Reply::State::more) {
        return {};
    }
    if (reply.state == Reply::State::foreign) {
        return {.end = End::garbled};
    }
    if (reply.code == 421 || reply.code / 100 == 4) {
        return {.used = reply.used, .end = End::refused};
    }
    Lines lines(heard.first(reply.used));
    while (const auto line = lines.next()) {
        if (reply.code == 250 && line->size() > 4 && begins(line->substr(4), "STARTTLS")) {
            return {.used = reply.used};
        }
    }
    return {.used = reply.used, .end = End::not_offered};
}

Judgement smtp_go(ByteView heard) {
    return by_code(heard, k_smtp_go, End::garbled);
}

// A client without a name gives its address [RFC 5321 4.1.4].
Bytes say_ehlo(const DialogueNames&) {
    return words("EHLO [127.0.0.1]\r\n");
}
Bytes say_lhlo(const DialogueNames&) {
    return words("LHLO [127.0.0.1]\r\n");
}

constexpr DialogueStep k_smtp[] = {
    {nullptr, smtp_greeting}, {say_ehlo, smtp_extensions}, {say_starttls, smtp_go}
};
constexpr DialogueStep k_lmtp[] = {
    {nullptr, smtp_greeting}, {say_lhlo, smtp_extensions}, {say_starttls, smtp_go}
};

// IMAP [RFC 9051 6.2.1]. After PREAUTH STARTTLS is not allowed.

Judgement imap_greeting(ByteView heard) {
    if (!may_begin(heard, {"* ok", "* preauth", "* bye"})) {
        return {.end = End::other_protocol};
    }
    Lines lines(heard);
    const auto line = lines.next();
    if (!line) {
        return {};
    }
    return {.used = lines.used(), .end = begins(*line, "* OK") ? End::under_way : End::refused};
}

/// Reads untagged lines up to the tagged one.
Judgement imap_tagged(ByteView heard, std::string_view tag, std::string_view wanted, End no) {
    Lines lines(heard);
    bool listed = wanted.empty();
    while (const auto line = lines.next()) {
        if (line->starts_with(tag)) {
            const bool ok = begins(line->substr(tag.size()), "OK");
            const End without = ok ? End::not_offered : no;
            return {.used = lines.used(), .end = ok && listed ? End::under_way : without};
        }
        if (begins(*line, "* BYE")) {
            return {.used = lines.used(), .end = End::refused};
        }
        if (!line->starts_with("* ")) {
            return {.used = lines.used(), .end = End::garbled};
        }
        listed = listed || (begins(*line, "* CAPABILITY ") && has_word(*line, wanted));
    }
    return {};
}

Judgement imap_capability(ByteView heard) {
    return imap_tagged(heard, "a1 ", "STARTTLS", End::not_offered);
}
Judgement imap_go(ByteView heard) {
    return imap_tagged(heard, "a2 ", "", End::refused);
}
Bytes say_imap_capability(const DialogueNames&) {
    return words("a1 CAPABILITY\r\n");
}
Bytes say_imap_starttls(const DialogueNames&) {
    return words("a2 STARTTLS\r\n");
}

constexpr DialogueStep k_imap[] = {
    {nullptr, imap_greeting},
    {say_imap_capability, imap_capability},
    {say_imap_starttls, imap_go},
};

// POP3 [RFC 2595 4]. A server without CAPA [RFC 2449] has no STLS either.

Judgement pop3_status(ByteView heard, End no, End foreign) {
    if (!may_begin(heard, {"+ok", "-err"})) {
        return {.end = foreign};
    }
    Lines lines(heard);
    const auto line = lines.next();
    if (!line) {
        return {};
    }
    return {.used = lines.used(), .end = begins(*line, "+OK") ? End::under_way : no};
}

Judgement pop3_greeting(ByteView heard) {
    return pop3_status(heard, End::refused, End::other_protocol);
}

Judgement pop3_capabilities(ByteView heard) {
    const Judgement status = pop3_status(heard, End::not_offered, End::garbled);
    if (status.used == 0 || status.end != End::under_way) {
        return status;
    }
    Lines lines(heard);
    bool listed = false;
    while (const auto line = lines.next()) {
        if (*line == ".") {
            return {.used = lines.used(), .end = listed ? End::under_way : End::not_offered};
        }
        listed = listed || same_ignoring_case(trimmed(*line), "STLS");
    }
    return {};
}

Judgement pop3_go(ByteView heard) {
    return pop3_status(heard, End::refused, End::garbled);
}
Bytes say_capa(const DialogueNames&) {
    return words("CAPA\r\n");
}
Bytes say_stls(const DialogueNames&) {
    return words("STLS\r\n");
}

constexpr DialogueStep k_pop3[] = {
    {nullptr, pop3_greeting}, {say_capa, pop3_capabilities}, {say_stls, pop3_go}
};

// ManageSieve [RFC 5804 1.7, 2.2]: the greeting is the list of capabilities, ended by OK.

Judgement sieve_greeting(ByteView heard) {
    if (!may_begin(heard, {"\"", "ok", "no", "bye"})) {
        return {.end = End::other_protocol};
    }
    Lines lines(heard);
    bool listed = false;
    while (const auto line = lines.next()) {
        if (begins(*line, "OK")) {
            return {.used = lines.used(), .end = listed ? End::under_way : End::not_offered};
        }
        if (begins(*line, "NO") || begins(*line, "BYE")) {
            return {.used = lines.used(), .end = End::refused};
        }
        listed = listed || begins(*line, "\"STARTTLS\"");
    }
    return {};
}

Judgement sieve_go(ByteView heard) {
    if (!may_begin(heard, {"ok", "no", "bye"})) {
        return {.end = End::garbled};
    }
    Lines lines(heard);
    const auto line = lines.next();
    if (!line) {
        return {};
    }
    return {.used = lines.used(), .end = begins(*line, "OK") ? End::under_way : End::refused};
}

constexpr DialogueStep k_sieve[] = {{nullptr, sieve_greeting}, {say_starttls, sieve_go}};

} // namespace

std::span<const DialogueStep> smtp_dialogue() {
    return k_smtp;
}
std::span<const DialogueStep> lmtp_dialogue() {
    return k_lmtp;
}
std::span<const DialogueStep> imap_dialogue() {
    return k_imap;
}
std::span<const DialogueStep> pop3_dialogue() {
    return k_pop3;
}
std::span<const DialogueStep> sieve_dialogue() {
    return k_sieve;
}

} // namespace tlsdoctor::net
