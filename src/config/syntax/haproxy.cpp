// SPDX-License-Identifier: Apache-2.0
// Words of HAProxy's lines, after parse_line() of its src/tools.c (2.6).
#include "config/syntax/haproxy.hpp"

#include <algorithm>
#include <cctype>

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_longest_haproxy_line = 1 << 20;
constexpr std::string_view k_haproxy_blanks = " \t\v\f";

bool is_name_byte(char byte) {
    return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '.';
}

class HaproxyLines {
public:
    HaproxyLines(const Sources& sources, FileId file)
        : bytes_{sources.at(file).bytes}, file_{file} {}

    Document read() {
        while (at_ < bytes_.size()) {
            read_line();
        }
        document_.tokens = tokens_around(file_, bytes_.size(), words_of(document_));
        return std::move(document_);
    }

private:
    void read_line();
    void read_word(std::size_t end, Statement& statement);

    const std::string& bytes_;
    FileId file_;
    Document document_{};
    std::size_t at_{};
};

void HaproxyLines::read_word(std::size_t end, Statement& statement) {
    const std::size_t begin = at_;
    std::size_t open = begin;
    char quote = 0;
    bool quoted = false;
    while (at_ < end) {
        const char byte = bytes_[at_];
        if (quote == 0 && (byte == '#' || k_haproxy_blanks.contains(byte))) {
            break;
        }
        if (byte == '\\' && quote != '\'' && at_ + 1 < end) {
            ++at_;
        } else if (byte == quote) {
            quote = 0;
        } else if (quote == 0 && (byte == '"' || byte == '\'')) {
            quote = byte;
            open = at_;
            quoted = true;
        }
        ++at_;
    }
    if (quote != 0) {
        document_.faults.push_back({{file_, open, end}, "a quote is opened and not closed"});
    }
    if (at_ > begin) {
        const Place place{file_, begin, at_};
        statement.words.push_back({bytes_.substr(begin, at_ - begin), place, quoted});
    }
}

void HaproxyLines::read_line() {
    const std::size_t newline = bytes_.find('\n', at_);
    const std::size_t next = newline == bytes_.npos ? bytes_.size() : newline + 1;
    // A carriage return ends the line wherever it stands.
    const std::size_t end =
        std::min(newline == bytes_.npos ? next : newline, bytes_.find('\r', at_));
    if (end - at_ > k_longest_haproxy_line) {
        document_.faults.push_back({{file_, at_, at_}, "a line of more than 1 MB is not read"});
        at_ = next;
        return;
    }
    Statement statement;
    while (at_ < end && bytes_[at_] != '#') {
        if (k_haproxy_blanks.contains(bytes_[at_])) {
            ++at_;
        } else {
            read_word(end, statement);
        }
    }
    at_ = next;
    if (!statement.words.empty()) {
        statement.place = {
            file_, statement.words.front().place.begin, statement.words.back().place.end
        };
        document_.statements.push_back(std::move(statement));
    }
}

/// One `$NAME` or `${NAME[*]-default}`.
struct Reference {
    std::string_view name{};
    std::string_view otherwise{}; ///< the default
    bool many{};                  ///< its blanks separate words
    std::size_t length{};         ///< of all of it; 0 where it is none
};

Reference reference_at(std::string_view text) {
    const bool brace = text.size() > 1 && text[1] == '{';
    const std::size_t begin = brace ? 2 : 1;
    std::size_t end = begin;
    while (end < text.size() && is_name_byte(text[end])) {
        ++end;
    }
    Reference reference{.name = text.substr(std::min(begin, text.size()), end - begin)};
    if (reference.name.empty()) {
        return {};
    }
    if (!brace) {
        reference.length = end;
        return reference;
    }
    if (text.substr(end).starts_with("[*]")) {
        reference.many = true;
        end += 3;
    }
    const std::size_t close = text.find('}', end);
    if (close == text.npos) {
        return {};
    }
    if (text[end] == '-') {
        reference.otherwise = text.substr(end + 1, close - end - 1);
    }
    reference.length = close + 1;
    return reference;
}

class HaproxyResolver {
public:
    HaproxyResolver(
        const Word& word, const HaproxyEnvironment& environment, std::vector<std::string>& missing
    )
        : text_{word.text}, environment_{environment}, missing_{missing} {
        words_.push_back({.place = word.place});
    }

    std::vector<HaproxyWord> resolve();

private:
    void put_reference(const Reference& reference);
    std::size_t put_escape(std::size_t at);

    std::string_view text_;
    const HaproxyEnvironment& environment_;
    std::vector<std::string>& missing_;
    std::vector<HaproxyWord> words_{};
};

std::vector<HaproxyWord> HaproxyResolver::resolve() {
    char quote = 0;
    for (std::size_t at = 0; at < text_.size();) {
        const char byte = text_[at];
        if (byte == '\\' && quote != '\'' && at + 1 < text_.size()) {
            at += put_escape(at);
            continue;
        }
        if (byte == '$' && quote == '"') {
            const Reference reference = reference_at(text_.substr(at));
            if (reference.length != 0) {
                put_reference(reference);
                at += reference.length;
                continue;
            }
        }
        if (byte == quote) {
            quote = 0;
        } else if (quote == 0 && (byte == '"' || byte == '\'')) {
            quote = byte;
        } else {
            words_.back().text += byte;
        }
        ++at;
    }
    return std::move(words_);
}

std::size_t HaproxyResolver::put_escape(std::size_t at) {
    constexpr std::string_view k_escapes = "ntr";
    constexpr std::string_view k_escaped = "\n\t\r";
    const char next = text_[at + 1];
    std::string& text = words_.back().text;
    if (const std::size_t known = k_escapes.find(next); known != k_escapes.npos) {
        text += k_escaped[known];
    } else {
        if (!std::string_view{" \\#'\"$"}.contains(next)) {
            text += '\\';
        }
        text += next;
    }
    return 2;
}

void HaproxyResolver::put_reference(const Reference& reference) {
    const auto found = environment_.find(reference.name);
    const bool known = found != environment_.end();
    const std::string_view value =
        known ? std::string_view{found->second.text} : reference.otherwise;
    if (!known && reference.otherwise.empty()) {
        missing_.emplace_back(reference.name);
    }
    if (known && text_.size() == reference.length + 2) {
        words_.back().variable = found->second;
    }
    for (const char byte : value) {
        if (reference.many && k_haproxy_blanks.contains(byte)) {
            if (!words_.back().text.empty()) {
                words_.push_back({.place = words_.back().place});
            }
        } else {
            words_.back().text += byte;
        }
    }
}

} // namespace

Document read_haproxy_lines(const Sources& sources, FileId file) {
    return HaproxyLines{sources, file}.read();
}

std::vector<HaproxyWord> resolve_haproxy(
    const Word& word, const HaproxyEnvironment& environment, std::vector<std::string>& missing
) {
    return HaproxyResolver{word, environment, missing}.resolve();
}

std::string resolve_haproxy_address(std::string_view text, const HaproxyEnvironment& environment) {
    std::string out;
    while (!text.empty()) {
        const Reference reference = text[0] == '$' ? reference_at(text) : Reference{};
        if (reference.length == 0) {
            out += text[0];
            text.remove_prefix(1);
            continue;
        }
        const auto found = environment.find(reference.name);
        out += found == environment.end() ? reference.otherwise : found->second.text;
        text.remove_prefix(reference.length);
    }
    return out;
}

} // namespace tlsdoctor::config
