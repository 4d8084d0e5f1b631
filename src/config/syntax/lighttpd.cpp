// SPDX-License-Identifier: Apache-2.0
// Tokens of lighttpd's files, after config_tokenizer() of its src/configfile.c (1.4.69): a
// statement ends at the end of the line, unless a bracket is open.
#include "config/syntax/lighttpd.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_deepest_lighttpd_block = 64;
constexpr std::size_t k_longest_lighttpd_string = 1 << 20;
constexpr std::string_view k_lighttpd_operators[] = {"+=", ":=", "=>", "==", "=~", "=^", "=$",
                                                     "!=", "!~", "=",  "(",  ")",  ",",  "+"};
constexpr std::string_view k_lighttpd_special = " \t\v\f\r\n#\"{}()=+,:!";

class LighttpdReader {
public:
    LighttpdReader(const Sources& sources, FileId file)
        : bytes_{sources.at(file).bytes}, file_{file} {}

    Document read() {
        open_.push_back(&document_.statements);
        while (at_ < bytes_.size()) {
            step();
        }
        end_statement();
        for (const Place brace : braces_) {
            document_.faults.push_back({brace, "`{` without `}`"});
        }
        document_.tokens = tokens_around(file_, bytes_.size(), places_);
        return std::move(document_);
    }

private:
    void step();
    void end_statement();
    void open_block();
    void close_block();
    void read_string();
    void read_plain(std::size_t length);
    std::size_t plain_length() const;
    void put(std::string text, std::size_t begin, bool quoted) {
        const Place place{file_, begin, at_};
        places_.push_back(place);
        now_.words.push_back({std::move(text), place, quoted});
    }

    const std::string& bytes_;
    FileId file_;
    Document document_{};
    std::vector<std::vector<Statement>*> open_{}; ///< the blocks that are open, the file first
    std::vector<Place> braces_{};
    std::vector<Place> places_{};
    Statement now_{};
    std::size_t at_{};
    std::size_t brackets_{};
    std::size_t ignored_{}; ///< braces that were out of place and are open
};

void LighttpdReader::end_statement() {
    brackets_ = 0;
    if (now_.words.empty()) {
        return;
    }
    now_.place = {file_, now_.words.front().place.begin, now_.words.back().place.end};
    open_.back()->push_back(std::exchange(now_, {}));
}

void LighttpdReader::open_block() {
    const Place brace{file_, at_, at_ + 1};
    ++at_;
    end_statement();
    auto& siblings = *open_.back();
    if (siblings.empty() || siblings.back().section || open_.size() > k_deepest_lighttpd_block) {
        document_.faults.push_back({brace, "`{` is out of place"});
        ++ignored_;
        return;
    }
    siblings.back().section = true;
    braces_.push_back(brace);
    open_.push_back(&siblings.back().body);
}

void LighttpdReader::close_block() {
    const Place brace{file_, at_, at_ + 1};
    end_statement();
    ++at_;
    if (ignored_ > 0) {
        --ignored_;
        return;
    }
    if (open_.size() < 2) {
        document_.faults.push_back({brace, "`}` without `{`"});
        return;
    }
    open_.pop_back();
    braces_.pop_back();
    open_.back()->back().closing = brace;
}

void LighttpdReader::read_string() {
    const std::size_t begin = at_++;
    std::string text;
    while (at_ < bytes_.size() && bytes_[at_] != '"' && text.size() < k_longest_lighttpd_string) {
        // Only \" is an escape; any other backslash stays.
        at_ += bytes_[at_] == '\\' && at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '"' ? 1U : 0U;
        text += bytes_[at_++];
    }
    if (at_ >= bytes_.size() || bytes_[at_] != '"') {
        document_.faults.push_back({{file_, begin, begin + 1}, "a string is opened and not closed"}
        );
    } else {
        ++at_;
    }
    put(std::move(text), begin, true);
}

/// The length of an operator or a plain word that begins here.
std::size_t LighttpdReader::plain_length() const {
    const std::string_view rest = std::string_view{bytes_}.substr(at_);
    for (const std::string_view one : k_lighttpd_operators) {
        if (rest.starts_with(one)) {
            return one.size();
        }
    }
    if (rest[0] == '$') {
        const std::size_t close = rest.substr(0, 200).find(']');
        if (close != rest.npos && rest.substr(0, close).find('\n') == rest.npos) {
            return close + 1;
        }
    }
    return std::max<std::size_t>(1, std::min(rest.find_first_of(k_lighttpd_special), rest.size()));
}

void LighttpdReader::read_plain(std::size_t length) {
    const std::size_t begin = at_;
    at_ += length;
    std::string text = bytes_.substr(begin, length);
    if (text == "(") {
        ++brackets_;
    } else if (text == ")") {
        brackets_ -= brackets_ > 0 ? 1U : 0U;
    }
    put(std::move(text), begin, false);
}

void LighttpdReader::step() {
    const char byte = bytes_[at_];
    if (byte == '\n') {
        ++at_;
        if (brackets_ == 0) {
            end_statement();
        }
    } else if (byte == '#') {
        at_ = std::min(bytes_.find('\n', at_), bytes_.size());
    } else if (std::string_view{" \t\v\f\r"}.contains(byte)) {
        ++at_;
    } else if (byte == '"') {
        read_string();
    } else if (byte == '{') {
        open_block();
    } else if (byte == '}') {
        close_block();
    } else {
        read_plain(plain_length());
    }
}

} // namespace

Document read_lighttpd_syntax(const Sources& sources, FileId file) {
    return LighttpdReader{sources, file}.read();
}

} // namespace tlsdoctor::config
