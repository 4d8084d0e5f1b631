// SPDX-License-Identifier: Apache-2.0
// Statements and values of Lua; see the header. How they are walked over: lua_cursor.cpp.
#include "config/syntax/lua.hpp"

#include <algorithm>
#include <utility>

#include "config/syntax/lua_cursor.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_lua_most_depth = 50;
constexpr std::string_view k_lua_begins_block[] = {"if", "for",    "while", "function", "repeat",
                                                   "do", "return", "goto",  "break"};

/// Builds statements from the tokens that are not blank.
class LuaBuilder final : private LuaCursor {
public:
    LuaBuilder(
        const Sources& sources, const std::vector<LuaToken>& tokens, FileId file, LuaFile& result
    )
        : LuaCursor{sources, tokens, file, result.faults}, result_{result} {
        for (const LuaToken& token : tokens) {
            result_.tokens.push_back(token.place);
        }
    }

    void build() {
        while (at_ < tokens_.size()) {
            const std::size_t begin = at_;
            statement();
            at_ = std::max(at_, begin + 1);
        }
    }

private:
    void statement() {
        const std::size_t first = at_;
        if (is(";") || is_kind(LuaTokenKind::garbage)) {
            ++at_; // what is wrong with garbage has been said
            return;
        }
        if (!is_kind(LuaTokenKind::name)) {
            fault(here(), "a statement cannot begin here");
            skip_line();
            return;
        }
        const bool local = is("local") && !is("function", 1);
        if (lua_among(k_lua_begins_block, tokens_[at_]->text) || (is("local") && !local)) {
            skip_block();
            add_other(first);
            return;
        }
        at_ += local ? 1U : 0U;
        if (is_kind(LuaTokenKind::name) && (is("=", 1) || is(",", 1))) {
            assignment(first, local ? LuaAct::local : LuaAct::assignment);
        } else if (!local && is_kind(LuaTokenKind::name) && begins_argument(1)) {
            call(first);
        } else {
            skip_line();
            add_other(first);
        }
    }

    void add_other(std::size_t first) {
        LuaStatement other{.act = LuaAct::other, .place = since(first)};
        other.name = word_at(first);
        result_.statements.push_back(std::move(other));
    }

    Word word_at(std::size_t index) const {
        return {tokens_[index]->text, tokens_[index]->place, false};
    }

    void assignment(std::size_t first, LuaAct act) {
        std::vector<Word> names;
        while (is_kind(LuaTokenKind::name)) {
            names.push_back(word_at(at_++));
            if (!is(",")) {
                break;
            }
            ++at_;
        }
        if (!is("=")) {
            fault(here(), "`=` is missing");
            skip_line();
            return;
        }
        ++at_;
        std::vector<LuaValue> values{expression(0)};
        while (is(",")) {
            ++at_;
            values.push_back(expression(0));
        }
        at_ += is(";") ? 1U : 0U;
        for (std::size_t i = 0; i < names.size(); ++i) {
            LuaStatement one{.act = act, .name = names[i], .place = since(first)};
            one.values.push_back(i < values.size() ? values[i] : LuaValue{.place = here()});
            result_.statements.push_back(std::move(one));
        }
    }

    bool begins_argument(std::size_t ahead) const {
        return is_kind(LuaTokenKind::string, ahead) || is("(", ahead) || is("{", ahead);
    }

    void call(std::size_t first) {
        LuaStatement one{.act = LuaAct::call, .name = word_at(at_++)};
        while (begins_argument(0)) {
            if (!is("(")) {
                one.values.push_back(primary(0));
                continue;
            }
            ++at_;
            while (at_ < tokens_.size() && !is(")")) {
                one.values.push_back(expression(0));
                if (!is(",")) {
                    break;
                }
                ++at_;
            }
            if (!is(")")) {
                fault(here(), "`)` is missing");
                skip_line();
                break;
            }
            ++at_;
        }
        at_ += is(";") ? 1U : 0U;
        one.place = since(first);
        result_.statements.push_back(std::move(one));
    }

    LuaValue expression(int depth) {
        const std::size_t first = at_;
        LuaValue value = primary(depth);
        if (is("..")) {
            LuaValue joined{.kind = LuaKind::joined};
            joined.fields.push_back({.value = value, .place = value.place});
            while (is("..")) {
                ++at_;
                LuaValue next = primary(depth);
                joined.fields.push_back({.value = next, .place = next.place});
            }
            joined.place = since(first);
            value = std::move(joined);
        }
        if (continues()) {
            skip_expression();
            return {.kind = LuaKind::other, .place = since(std::min(first, tokens_.size() - 1))};
        }
        return value;
    }

    /// Tells whether the expression goes on in a way that computes.
    bool continues() const {
        static constexpr std::string_view operators[] = {"+",   "-",  "*", "/",  "%",  "^",
                                                         "==",  "~=", "<", ">",  "<=", ">=",
                                                         "and", "or", ".", "[",  "(",  ":",
                                                         "//",  "&",  "|", "<<", ">>"};
        return at_ < tokens_.size() && tokens_[at_]->kind != LuaTokenKind::string &&
               lua_among(operators, tokens_[at_]->text);
    }

    /// Passes over operators and operands until something ends the expression.
    void skip_expression() {
        while (continues()) {
            const bool bracket = is("(") || is("[");
            if (bracket) {
                skip_brackets();
            } else {
                ++at_;
                primary(k_lua_most_depth - 1);
            }
        }
    }

    LuaValue primary(int depth) {
        if (at_ >= tokens_.size()) {
            fault(end_, "a value is missing at the end of the file");
            return {.kind = LuaKind::other, .place = end_};
        }
        const LuaToken& token = *tokens_[at_];
        if (is("{")) {
            return table(depth);
        }
        if (is("function")) {
            const std::size_t first = at_;
            skip_block();
            return {.kind = LuaKind::other, .place = since(first)};
        }
        if (is("(")) {
            const std::size_t first = at_;
            skip_brackets();
            return {.kind = LuaKind::other, .place = since(first)};
        }
        if (is("-") || is("not") || is("#")) {
            return negated(depth);
        }
        if (is("}") || is(")") || is("]") || is(",") || is(";") || is("=")) {
            fault(token.place, "a value is missing");
            return {.kind = LuaKind::other, .place = token.place};
        }
        ++at_;
        return {.kind = kind_of(token), .text = token.text, .place = token.place};
    }

    LuaValue negated(int depth) {
        const std::size_t first = at_;
        while (is("-") || is("not") || is("#")) {
            ++at_;
        }
        primary(std::min(depth + 1, k_lua_most_depth));
        return {.kind = LuaKind::other, .place = since(first)};
    }

    static LuaKind kind_of(const LuaToken& token) {
        switch (token.kind) {
        case LuaTokenKind::string:
            return LuaKind::string;
        case LuaTokenKind::number:
            return LuaKind::number;
        case LuaTokenKind::name:
            return token.text == "nil"                             ? LuaKind::nil
                   : token.text == "true" || token.text == "false" ? LuaKind::boolean
                                                                   : LuaKind::name;
        default:
            return LuaKind::other;
        }
    }

    LuaValue table(int depth) {
        const std::size_t first = at_;
        LuaValue value{.kind = LuaKind::table};
        if (depth >= k_lua_most_depth) {
            fault(here(), "tables are nested too deeply");
            skip_brackets();
            return {.kind = LuaKind::other, .place = since(first)};
        }
        ++at_;
        while (at_ < tokens_.size() && !is("}")) {
            const std::size_t begin = at_;
            value.fields.push_back(field(depth));
            if (at_ == begin || !(is("}") || separated_)) {
                fault(here(), "`}` or `,` is missing in the table");
                break;
            }
        }
        if (is("}")) {
            ++at_;
        } else if (at_ >= tokens_.size()) {
            fault(tokens_[first]->place, "the table is never closed by `}`");
        }
        value.place = since(first);
        return value;
    }

    LuaField field(int depth) {
        const std::size_t first = at_;
        LuaField one;
        if (is_kind(LuaTokenKind::name) && is("=", 1)) {
            one.name = tokens_[at_]->text;
            at_ += 2;
        } else if (is("[") && is("]", 2) && is("=", 3)) {
            one.name = tokens_[at_ + 1]->text;
            at_ += 4;
        }
        one.value = expression(depth + 1);
        separated_ = is(",") || is(";");
        at_ += separated_ ? 1U : 0U;
        one.place = first < tokens_.size() ? since(first) : end_;
        return one;
    }

    LuaFile& result_;
    bool separated_{}; ///< the last field has a `,` or `;` behind it
};

} // namespace

const LuaField* LuaValue::field(std::string_view name) const {
    const LuaField* found = nullptr;
    for (const LuaField& one : fields) {
        found = one.name == name ? &one : found;
    }
    return found;
}

LuaFile read_lua(const Sources& sources, FileId file) {
    LuaFile result;
    const auto tokens = lua_tokens(sources.at(file).bytes, file, result.faults);
    LuaBuilder{sources, tokens, file, result}.build();
    return result;
}

} // namespace tlsdoctor::config
