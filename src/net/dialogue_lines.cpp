// SPDX-License-Identifier: Apache-2.0
// Lines and reply codes; see the header. A code is looked at as soon as its first byte is there, so
// that an answer in another protocol is known without a line end.
#include "net/dialogue_lines.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tlsdoctor::net {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

} // namespace

std::optional<std::string_view> Lines::next() {
    const std::size_t end = text_.find('\n', used_);
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view line = text_.substr(used_, end - used_);
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    used_ = end + 1;
    return line;
}

bool may_begin(ByteView heard, std::initializer_list<std::string_view> texts) {
    const std::string begun = lower(as_text(heard.first(std::min<std::size_t>(heard.size(), 16))));
    return std::ranges::any_of(texts, [&](std::string_view text) {
        const std::size_t common = std::min(begun.size(), text.size());
        return std::string_view(begun).substr(0, common) == text.substr(0, common);
    });
}

bool begins(std::string_view line, std::string_view prefix) {
    return same_ignoring_case(line.substr(0, prefix.size()), prefix);
}

bool has_word(std::string_view line, std::string_view word) {
    const auto words = split(line, ' ');
    return std::ranges::any_of(words, [&](std::string_view one) {
        return same_ignoring_case(one, word);
    });
}

Reply read_reply(ByteView heard) {
    const std::string_view begun = as_text(heard.first(std::min<std::size_t>(heard.size(), 3)));
    if (!std::ranges::all_of(begun, is_digit)) {
        return {.state = Reply::State::foreign};
    }
    Lines lines(heard);
    std::string_view code;
    while (const auto line = lines.next()) {
        if (code.empty()) {
            code = line->substr(0, 3);
            if (code.size() < 3) {
                return {.state = Reply::State::foreign};
            }
        }
        const bool last = line->starts_with(code) && (line->size() == 3 || (*line)[3] == ' ');
        if (last) {
            return {
                .state = Reply::State::whole,
                .code = *number_in(code, 999),
                .used = lines.used(),
            };
        }
    }
    return {};
}

Judgement by_code(ByteView heard, std::span<const CodeRow> rows, DialogueEnd foreign) {
    const Reply reply = read_reply(heard);
    if (reply.state == Reply::State::more) {
        return {};
    }
    if (reply.state == Reply::State::foreign) {
        return {.end = foreign};
    }
    const auto at = std::ranges::find_if(rows, [&](const CodeRow& row) {
        return reply.code >= row.least && reply.code <= row.most;
    });
    return {.used = reply.used, .end = at == rows.end() ? foreign : at->end};
}

Bytes words(std::string_view text) {
    const ByteView bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

Bytes say_starttls(const DialogueNames&) {
    return words("STARTTLS\r\n");
}

} // namespace tlsdoctor::net
