// SPDX-License-Identifier: Apache-2.0
// Tokens of Lua; see the header. [Lua 5.4 manual, 3.1]
#include "config/syntax/lua_tokens.hpp"

#include <algorithm>
#include <optional>

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_lua_blanks = " \t\r\n\v\f";
constexpr std::string_view k_lua_digits = "0123456789";
constexpr std::string_view k_lua_two[] = {"..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"};
constexpr std::string_view k_lua_one = "{}()[]=,;.+-*/%^#<>~:&|";

bool lua_begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool lua_is_digit(char c) {
    return k_lua_digits.contains(c);
}

/// Cuts tokens off the front; a class because all of them share the position.
class LuaCutter final {
public:
    LuaCutter(std::string_view bytes, FileId file, std::vector<Remark>& faults)
        : bytes_{bytes}, file_{file}, faults_{faults} {}

    std::vector<LuaToken> tokens() {
        if (bytes_.starts_with('#')) { // `#!/usr/bin/lua` is allowed on the first line
            at_ = std::min(bytes_.find('\n'), bytes_.size());
            add(LuaTokenKind::blank, 0);
        }
        while (at_ < bytes_.size()) {
            cut();
        }
        return std::move(tokens_);
    }

private:
    void cut() {
        const std::size_t begin = at_;
        const char c = bytes_[at_];
        if (k_lua_blanks.contains(c)) {
            at_ = std::min(bytes_.find_first_not_of(k_lua_blanks, at_), bytes_.size());
            add(LuaTokenKind::blank, begin);
        } else if (bytes_.substr(at_).starts_with("--")) {
            cut_comment();
        } else if (lua_begins_name(c)) {
            skip_name();
            add(LuaTokenKind::name, begin);
        } else if (lua_is_digit(c)) {
            cut_number();
        } else if (c == '"' || c == '\'') {
            cut_string(c);
        } else if (const auto level = long_level(at_)) {
            cut_long(begin, *level, LuaTokenKind::string);
        } else {
            cut_symbol();
        }
    }

    void skip_name() {
        while (at_ < bytes_.size() && (lua_begins_name(bytes_[at_]) || lua_is_digit(bytes_[at_]))) {
            ++at_;
        }
    }

    void cut_number() {
        const std::size_t begin = at_;
        skip_name();
        if (at_ + 1 < bytes_.size() && bytes_[at_] == '.' && lua_is_digit(bytes_[at_ + 1])) {
            ++at_;
            skip_name();
        }
        add(LuaTokenKind::number, begin);
    }

    void cut_comment() {
        const std::size_t begin = at_;
        at_ += 2;
        if (const auto level = long_level(at_)) {
            cut_long(begin, *level, LuaTokenKind::blank);
            return;
        }
        at_ = std::min(bytes_.find('\n', at_), bytes_.size());
        add(LuaTokenKind::blank, begin);
    }

    /// Returns the number of `=` in `[==[` at a position; nullopt where none stands there.
    std::optional<std::size_t> long_level(std::size_t at) const {
        if (at >= bytes_.size() || bytes_[at] != '[') {
            return std::nullopt;
        }
        const std::size_t end = bytes_.find_first_not_of('=', at + 1);
        if (end == bytes_.npos || bytes_[end] != '[') {
            return std::nullopt;
        }
        return end - at - 1;
    }

    void cut_long(std::size_t begin, std::size_t level, LuaTokenKind kind) {
        std::size_t inside = at_ + level + 2;
        const std::string closing = "]" + std::string(level, '=') + "]";
        const std::size_t end = bytes_.find(closing, inside);
        if (end == bytes_.npos) {
            at_ = bytes_.size();
            add(LuaTokenKind::garbage, begin);
            fault(begin, "the long bracket is never closed");
            return;
        }
        inside += bytes_.substr(inside).starts_with("\r\n") ? 2U
                  : bytes_.substr(inside).starts_with('\n')
                      ? 1U
                      : 0U; // the first line break is not text
        at_ = end + closing.size();
        add(kind, begin);
        tokens_.back().text = bytes_.substr(inside, end - inside);
    }

    void cut_string(char quote) {
        const std::size_t begin = at_++;
        std::string text;
        while (at_ < bytes_.size() && bytes_[at_] != quote && bytes_[at_] != '\n') {
            if (bytes_[at_] == '\\') {
                ++at_;
                read_escape(text);
            } else {
                text += bytes_[at_++];
            }
        }
        if (at_ >= bytes_.size() || bytes_[at_] != quote) {
            add(LuaTokenKind::garbage, begin);
            fault(begin, "the string is not closed on its line");
            return;
        }
        ++at_;
        add(LuaTokenKind::string, begin);
        tokens_.back().text = std::move(text);
    }

    /// Reads what follows a backslash: `n`, `065`, a line break ...
    void read_escape(std::string& text) {
        if (at_ >= bytes_.size()) {
            return;
        }
        if (lua_is_digit(bytes_[at_])) {
            unsigned code = 0;
            for (int i = 0; i < 3 && at_ < bytes_.size() && lua_is_digit(bytes_[at_]); ++i) {
                code = code * 10 + static_cast<unsigned>(bytes_[at_++] - '0');
            }
            text += static_cast<char>(code);
            return;
        }
        const char c = bytes_[at_++];
        const std::size_t known = std::string_view{"abfnrtv"}.find(c);
        text += known == std::string_view::npos ? c : "\a\b\f\n\r\t\v"[known];
    }

    void cut_symbol() {
        const std::size_t begin = at_;
        for (const std::string_view two : k_lua_two) {
            if (bytes_.substr(at_).starts_with(two)) {
                at_ += two.size();
                add(LuaTokenKind::symbol, begin);
                return;
            }
        }
        const bool known = k_lua_one.contains(bytes_[at_]);
        ++at_;
        if (known) {
            add(LuaTokenKind::symbol, begin);
            return;
        }
        while (at_ < bytes_.size() && !k_lua_blanks.contains(bytes_[at_])) {
            ++at_; // one remark for a heap of bytes
        }
        add(LuaTokenKind::garbage, begin);
        fault(begin, "these bytes are not Lua");
    }

    void add(LuaTokenKind kind, std::size_t begin) {
        tokens_.push_back(
            {kind, {file_, begin, at_}, std::string{bytes_.substr(begin, at_ - begin)}}
        );
    }

    void fault(std::size_t begin, const char* what) {
        if (faults_.size() < 20) { // binary files have thousands
            faults_.push_back({{file_, begin, at_}, what});
        }
    }

    std::string_view bytes_;
    FileId file_;
    std::vector<Remark>& faults_;
    std::size_t at_{};
    std::vector<LuaToken> tokens_{};
};

} // namespace

std::vector<LuaToken> lua_tokens(std::string_view bytes, FileId file, std::vector<Remark>& faults) {
    return LuaCutter{bytes, file, faults}.tokens();
}

} // namespace tlsdoctor::config
