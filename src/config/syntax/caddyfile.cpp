// SPDX-License-Identifier: Apache-2.0
// Reading Caddyfiles; see the header.
#include "config/syntax/caddyfile.hpp"

#include <algorithm>
#include <utility>

#include "config/syntax/block.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_caddy_blanks = " \t\r";

/// A word with `{$NAME:default}` replaced.
std::string caddy_text(std::string_view raw, const Environment& environment) {
    std::string text;
    while (!raw.empty()) {
        const std::size_t begin = std::min(raw.find("{$"), raw.size());
        text += raw.substr(0, begin);
        raw.remove_prefix(begin);
        const std::size_t end = raw.find('}');
        if (raw.empty() || end == raw.npos) {
            break;
        }
        const std::string_view inside = raw.substr(2, end - 2);
        const std::size_t colon = std::min(inside.find(':'), inside.size());
        const auto value = environment ? environment(inside.substr(0, colon)) : std::nullopt;
        text += value.value_or(
            std::string{colon < inside.size() ? inside.substr(colon + 1) : std::string_view{}}
        );
        raw.remove_prefix(end + 1);
    }
    return text + std::string{raw};
}

class CaddyfileReader final {
public:
    CaddyfileReader(std::string_view bytes, FileId file, const Environment& environment)
        : bytes_{bytes}, file_{file}, environment_{environment} {}

    Document read() {
        while (at_ < bytes_.size() && open_.size() <= k_most_block_depth) {
            step();
        }
        if (at_ < bytes_.size()) {
            fault(open_.back().place, "blocks are nested too deeply here; the rest is not read");
            take(bytes_.size() - at_);
        }
        finish();
        return std::move(document_);
    }

private:
    void step() {
        const char next = bytes_[at_];
        if (next == '\n') {
            take(1);
            end_line();
        } else if (k_caddy_blanks.contains(next)) {
            take(std::min(bytes_.find_first_not_of(k_caddy_blanks, at_), bytes_.size()) - at_);
        } else if (next == '#') {
            take(std::min(bytes_.find('\n', at_), bytes_.size()) - at_);
        } else if (continues()) {
            take(bytes_.find('\n', at_) + 1 - at_);
        } else if (next == '"' || next == '`') {
            take_quoted(next);
        } else if (bytes_.substr(at_).starts_with("<<") && heredoc_end() != 0) {
            take_heredoc();
        } else {
            take_word();
        }
    }

    /// A backslash at the end of a line joins it with the next.
    bool continues() const {
        const std::string_view rest = bytes_.substr(at_);
        return rest.starts_with("\\\n") || rest.starts_with("\\\r\n");
    }

    Place take(std::size_t size) {
        const Place place{file_, at_, at_ + size};
        document_.tokens.push_back(place);
        at_ += size;
        return place;
    }

    void fault(Place place, std::string what) {
        document_.faults.push_back({place, std::move(what)});
    }

    void add_word(Place place, std::string text, bool quoted) {
        if (current_.words.empty()) {
            current_.place = place;
        }
        current_.place.end = place.end;
        current_.words.push_back({caddy_text(text, environment_), place, quoted});
    }

    void take_quoted(char quote) {
        std::string text;
        std::size_t end = at_ + 1;
        for (; end < bytes_.size() && bytes_[end] != quote; ++end) {
            const bool escaped = quote == '"' && bytes_[end] == '\\' && end + 1 < bytes_.size() &&
                                 bytes_[end + 1] == '"';
            end += escaped ? 1U : 0U;
            text += bytes_[end];
        }
        if (end >= bytes_.size()) {
            fault({file_, at_, at_ + 1}, "this quote is never closed");
        }
        const Place place = take(std::min(end + 1, bytes_.size()) - at_);
        add_word(place, std::move(text), true);
    }

    /// Returns the offset behind a heredoc that begins here; 0 where none does.
    std::size_t heredoc_end() const {
        const std::size_t line = bytes_.find('\n', at_);
        if (line == bytes_.npos) {
            return 0;
        }
        std::string_view marker = bytes_.substr(at_ + 2, line - at_ - 2);
        marker = marker.substr(0, std::min(marker.find('\r'), marker.size()));
        if (marker.empty() || marker.find_first_of(" \t") != marker.npos) {
            return 0;
        }
        for (std::size_t begin = line + 1; begin < bytes_.size();) {
            const std::size_t end = std::min(bytes_.find('\n', begin), bytes_.size());
            const std::size_t text =
                std::min(bytes_.find_first_not_of(" \t", begin), bytes_.size());
            if (bytes_.substr(text).starts_with(marker)) {
                return text + marker.size();
            }
            begin = end + 1;
        }
        return bytes_.size();
    }

    void take_heredoc() {
        const Place place = take(heredoc_end() - at_);
        add_word(place, std::string{bytes_.substr(place.begin, place.end - place.begin)}, true);
    }

    void take_word() {
        std::size_t end = at_;
        while (end < bytes_.size() && bytes_[end] != '\n' && !k_caddy_blanks.contains(bytes_[end])
        ) {
            ++end;
        }
        const Place place = take(std::max(end, at_ + 1) - at_);
        const std::string_view raw = bytes_.substr(place.begin, place.end - place.begin);
        if (raw == "{") {
            open_block(place);
        } else if (raw == "}" && current_.words.empty()) {
            close_block(place);
        } else {
            add_word(place, std::string{raw}, false);
        }
    }

    void store(Statement statement) {
        auto& body = open_.empty() ? document_.statements : open_.back().body;
        body.push_back(std::move(statement));
    }

    /// Names of a site may go on behind a comma on the next line.
    void end_line() {
        if (current_.words.empty() ||
            (open_.empty() && current_.words.back().text.ends_with(','))) {
            return;
        }
        store(std::exchange(current_, {}));
    }

    void open_block(Place brace) {
        if (current_.words.empty()) {
            current_.place = brace;
        }
        current_.place.end = brace.end;
        current_.section = true;
        open_.push_back(std::exchange(current_, {}));
    }

    void close_block(Place brace) {
        if (open_.empty()) {
            fault(brace, "unexpected \"}\": no block is open");
            return;
        }
        Statement section = std::move(open_.back());
        open_.pop_back();
        section.closing = brace;
        store(std::move(section));
    }

    void finish() {
        if (!current_.words.empty()) {
            store(std::exchange(current_, {}));
        }
        if (!open_.empty()) {
            fault(open_.back().place, "the file ends in this block: its \"}\" is missing");
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
    const Environment& environment_;
    std::size_t at_{};
    Statement current_{};
    std::vector<Statement> open_{};
    Document document_{};
};

} // namespace

Document read_caddyfile(const Sources& sources, FileId file, const Environment& environment) {
    return CaddyfileReader{sources.at(file).bytes, file, environment}.read();
}

} // namespace tlsdoctor::config
