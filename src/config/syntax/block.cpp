// SPDX-License-Identifier: Apache-2.0
// Reading nginx's block syntax; see the header.
#include "config/syntax/block.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "config/syntax/lua_block.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_block_blanks = " \t\r\n";
constexpr std::string_view k_block_bom = "\xef\xbb\xbf";

/// What nginx makes of a word's escapes; unknown ones keep their backslash.
std::string block_text(std::string_view raw) {
    constexpr std::string_view k_escaped = "\"'\\trn";
    constexpr std::string_view k_meant = "\"'\\\t\r\n";
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const std::size_t which =
            raw[i] == '\\' && i + 1 < raw.size() ? k_escaped.find(raw[i + 1]) : raw.npos;
        if (which == raw.npos) {
            text += raw[i];
        } else {
            text += k_meant[which];
            ++i;
        }
    }
    return text;
}

/// One pass over a file. Sections that are open stand on a stack of their own, so hostile nesting
/// cannot exhaust the machine's.
class BlockReader final {
public:
    BlockReader(std::string_view bytes, FileId file) : bytes_{bytes}, file_{file} {}

    Document read() {
        if (bytes_.starts_with(k_block_bom)) {
            take(k_block_bom.size());
        }
        while (at_ < bytes_.size() && open_.size() <= k_most_block_depth) {
            step();
        }
        if (at_ < bytes_.size()) {
            fault(open_.back().place, "sections are nested too deeply here; the rest is not read");
            take(bytes_.size() - at_);
        }
        finish();
        return std::move(document_);
    }

private:
    void step() {
        const char next = bytes_[at_];
        if (k_block_blanks.contains(next)) {
            take(run_of(k_block_blanks));
        } else if (next == '#') {
            take(std::min(bytes_.find('\n', at_), bytes_.size()) - at_);
        } else if (next == ';') {
            end_statement();
        } else if (next == '{') {
            open_section();
        } else if (next == '}') {
            close_section();
        } else if (next == '"' || next == '\'') {
            take_quoted(next);
        } else {
            take_word();
        }
    }

    std::size_t run_of(std::string_view letters) const {
        return std::min(bytes_.find_first_not_of(letters, at_), bytes_.size()) - at_;
    }

    Place take(std::size_t size) {
        const Place place{file_, at_, at_ + size};
        if (size > 0) {
            document_.tokens.push_back(place);
        }
        at_ += size;
        return place;
    }

    void fault(Place place, std::string what) {
        document_.faults.push_back({place, std::move(what)});
    }

    void add_word(Place place, std::string_view raw, bool quoted) {
        if (current_.words.empty()) {
            current_.place = place;
        }
        current_.place.end = place.end;
        current_.words.push_back({block_text(raw), place, quoted});
    }

    void take_quoted(char quote) {
        std::size_t end = at_ + 1;
        while (end < bytes_.size() && bytes_[end] != quote) {
            end += bytes_[end] == '\\' ? 2U : 1U;
        }
        if (end >= bytes_.size()) {
            const Place rest = take(bytes_.size() - at_);
            fault({file_, rest.begin, rest.begin + 1}, "this quote is never closed");
            add_word(rest, bytes_.substr(rest.begin + 1), true);
            return;
        }
        const Place place = take(end + 1 - at_);
        add_word(place, bytes_.substr(place.begin + 1, place.end - place.begin - 2), true);
        constexpr std::string_view k_may_follow = " \t\r\n;{)";
        if (at_ < bytes_.size() && !k_may_follow.contains(bytes_[at_])) {
            fault({file_, at_, at_ + 1}, "a blank or \";\" is missing after the closing quote");
        }
    }

    void take_word() {
        std::size_t end = at_;
        for (bool variable = false; end < bytes_.size(); ++end) {
            const char c = bytes_[end];
            if (c == '{' && variable) {
                continue;
            }
            if (c == ';' || c == '{' || k_block_blanks.contains(c)) {
                break;
            }
            variable = c == '$';
            end += c == '\\' ? 1U : 0U;
        }
        const Place place = take(std::min(end, bytes_.size()) - at_);
        add_word(place, bytes_.substr(place.begin, place.end - place.begin), false);
    }

    /// Puts the statement that was read into the section that is open.
    void store(Statement statement) {
        auto& body = open_.empty() ? document_.statements : open_.back().body;
        body.push_back(std::move(statement));
    }

    void end_statement() {
        const Place end = take(1);
        if (current_.words.empty()) {
            fault(end, "unexpected \";\"");
            return;
        }
        current_.place.end = end.end;
        store(std::exchange(current_, {}));
    }

    void open_section() {
        const Place brace = take(1);
        if (current_.words.empty()) {
            fault(brace, "unexpected \"{\"");
            current_.place = brace;
        }
        current_.place.end = brace.end;
        current_.section = true;
        const bool lua =
            !current_.words.empty() && current_.words.front().text.ends_with("_by_lua_block");
        open_.push_back(std::exchange(current_, {}));
        if (lua) {
            take(end_of_lua(bytes_, at_) - at_);
        }
    }

    void close_section() {
        const Place brace = take(1);
        if (!current_.words.empty()) {
            fault(brace, "unexpected \"}\": the directive before it has no \";\"");
            store(std::exchange(current_, {}));
        }
        if (open_.empty()) {
            fault(brace, "unexpected \"}\": no section is open");
            return;
        }
        Statement section = std::move(open_.back());
        open_.pop_back();
        section.closing = brace;
        store(std::move(section));
    }

    void finish() {
        if (!current_.words.empty()) {
            fault(current_.place, "the file ends in this directive: its \";\" is missing");
            store(std::exchange(current_, {}));
        }
        if (!open_.empty()) {
            fault(open_.back().place, "the file ends in this section: its \"}\" is missing");
        }
        while (!open_.empty()) {
            Statement section = std::move(open_.back());
            open_.pop_back();
            section.closing = {file_, bytes_.size(), bytes_.size()};
            store(std::move(section));
        }
    }

    std::string_view bytes_;
    FileId file_;
    std::size_t at_{};
    Statement current_{};
    std::vector<Statement> open_{};
    Document document_{};
};

} // namespace

Document read_block(const Sources& sources, FileId file) {
    return BlockReader{sources.at(file).bytes, file}.read();
}

} // namespace tlsdoctor::config
