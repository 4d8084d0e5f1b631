// SPDX-License-Identifier: Apache-2.0
// Passing over the tokens of Lua; see the header.
#include "config/syntax/lua_cursor.hpp"

#include <algorithm>

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_lua_opens[] = {"if", "do", "function", "repeat"};

} // namespace

bool lua_among(std::span<const std::string_view> words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

LuaCursor::LuaCursor(
    const Sources& sources, const std::vector<LuaToken>& tokens, FileId file,
    std::vector<Remark>& faults
)
    : end_{file, 0, 0}, sources_{sources}, faults_{faults} {
    for (const LuaToken& token : tokens) {
        end_ = {file, token.place.end, token.place.end};
        if (token.kind != LuaTokenKind::blank) {
            tokens_.push_back(&token);
        }
    }
}

bool LuaCursor::is(std::string_view symbol, std::size_t ahead) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead]->text == symbol &&
           tokens_[at_ + ahead]->kind != LuaTokenKind::string;
}

bool LuaCursor::is_kind(LuaTokenKind kind, std::size_t ahead) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead]->kind == kind;
}

Place LuaCursor::here() const {
    return at_ < tokens_.size() ? tokens_[at_]->place : end_;
}

Place LuaCursor::since(std::size_t first) const {
    const Place begin = tokens_[first]->place;
    return {begin.file, begin.begin, tokens_[std::max(first + 1, at_) - 1]->place.end};
}

void LuaCursor::fault(Place place, const char* what) {
    faults_.push_back({place, what});
}

void LuaCursor::skip_block() {
    const std::size_t first = at_;
    int depth = 0;
    for (; at_ < tokens_.size(); ++at_) {
        if (!is_kind(LuaTokenKind::name)) {
            continue;
        }
        const std::string& word = tokens_[at_]->text;
        // `for` and `while` have a `do`, which counts
        depth += lua_among(k_lua_opens, word) ? 1 : 0;
        if (word == "until" || word == "end") {
            --depth;
        }
        if (depth <= 0 && (word == "end" || word == "until")) {
            ++at_;
            return;
        }
        if (depth == 0 && (word == "return" || word == "goto" || word == "break")) {
            skip_line();
            return;
        }
    }
    fault(tokens_[first]->place, "the block is never closed by `end`");
}

void LuaCursor::skip_line() {
    if (at_ >= tokens_.size()) {
        return;
    }
    do {
        ++at_;
    } while (at_ < tokens_.size() && !begins_line(at_));
}

bool LuaCursor::begins_line(std::size_t index) const {
    const Place before = tokens_[index - 1]->place;
    return sources_.line_of({before.file, before.end, before.end}) <
           sources_.line_of(tokens_[index]->place);
}

void LuaCursor::skip_brackets() {
    int depth = 0;
    do {
        depth += is("(") || is("[") || is("{") ? 1 : 0;
        depth -= is(")") || is("]") || is("}") ? 1 : 0;
        ++at_;
    } while (depth > 0 && at_ < tokens_.size());
}

} // namespace tlsdoctor::config
