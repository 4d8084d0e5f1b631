// SPDX-License-Identifier: Apache-2.0
// Lines of key and value. A statement is first put together from the lines that it goes over, with
// the offset of each of its bytes, and then cut into words; so words know their places in the file
// whatever lies between.
#include "config/syntax/key_value.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_longest_statement = 1 << 20;
constexpr std::string_view k_line_blanks = " \t\v\f\r";

bool is_line_blank(char byte) {
    return k_line_blanks.contains(byte);
}

/// Lines that belong together, without their ends and what joins them.
struct Logical {
    std::string text{};
    std::vector<std::size_t> offsets{}; ///< of each byte of the text, and of what follows it
};

class KeyValueReader {
public:
    KeyValueReader(const Sources& sources, FileId file, const KeyValueDialect& dialect)
        : bytes_{sources.at(file).bytes}, file_{file}, dialect_{dialect} {}

    Document read();

private:
    std::string_view line_at(std::size_t at) const {
        const std::size_t end = bytes_.find('\n', at);
        return std::string_view{bytes_}.substr(at, end == bytes_.npos ? end : end - at);
    }
    bool is_comment(std::string_view line) const {
        const std::size_t first = line.find_first_not_of(k_line_blanks);
        return first != line.npos && dialect_.comments.contains(line[first]);
    }
    bool continues(std::string_view line) const;
    bool collect();
    void append(std::size_t begin, std::string_view piece);
    void join_backslashed(std::string_view line);
    void join_indented();

    void read_statement();
    void read_section(std::size_t open);
    std::size_t end_of_key(std::size_t begin, bool marked) const;
    std::size_t skip(std::size_t at) const;
    std::size_t read_value(std::size_t at, Statement& statement);
    std::size_t read_quoted(std::size_t at, std::string& text);
    bool escapes(std::size_t at, char quote) const;
    Place place(std::size_t begin, std::size_t end) const {
        // An empty range stands where its byte would; what precedes a join must not be covered.
        return {
            file_, now_.offsets[begin],
            end > begin ? now_.offsets[end - 1] + 1 : now_.offsets[begin]
        };
    }
    void fault(std::size_t begin, std::size_t end, std::string what) {
        document_.faults.push_back({place(begin, end), std::move(what)});
    }

    const std::string& bytes_;
    FileId file_;
    const KeyValueDialect& dialect_;
    Document document_{};
    Logical now_{};
    std::size_t at_{}; ///< where the next line begins
};

bool KeyValueReader::continues(std::string_view line) const {
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    std::size_t slashes = 0;
    while (slashes < line.size() && line[line.size() - 1 - slashes] == '\\') {
        ++slashes;
    }
    return slashes % 2 == 1;
}

void KeyValueReader::append(std::size_t begin, std::string_view piece) {
    now_.offsets.pop_back();
    for (std::size_t i = 0; i <= piece.size(); ++i) {
        now_.offsets.push_back(begin + i);
    }
    now_.text += piece;
}

void KeyValueReader::join_backslashed(std::string_view line) {
    while (continues(line) && at_ < bytes_.size() && now_.text.size() < k_longest_statement) {
        const std::size_t slash = line.rfind('\\');
        const std::size_t dropped = line.size() - slash;
        now_.text.resize(now_.text.size() - dropped);
        now_.offsets.resize(now_.offsets.size() - dropped);
        line = line_at(at_);
        append(at_, line);
        at_ += line.size() + 1;
    }
}

void KeyValueReader::join_indented() {
    while (at_ < bytes_.size() && now_.text.size() < k_longest_statement) {
        std::size_t next = at_;
        std::string_view line = line_at(next);
        const auto between = [&] {
            return line.find_first_not_of(k_line_blanks) == line.npos ||
                   (!dialect_.comments_continue && is_comment(line));
        };
        while (between() && next + line.size() < bytes_.size()) {
            next += line.size() + 1;
            line = line_at(next);
        }
        if (line.empty() || !is_line_blank(line[0]) || between()) {
            return;
        }
        append(next, line);
        at_ = next + line.size() + 1;
    }
}

/// Puts the next statement together; false at the end.
bool KeyValueReader::collect() {
    if (at_ >= bytes_.size()) {
        return false;
    }
    const std::size_t begin = at_;
    const std::string_view line = line_at(at_);
    at_ += line.size() + 1;
    now_.text.clear();
    now_.offsets.assign(1, begin);
    if (line.size() > k_longest_statement) {
        fault(0, 0, "a line of more than 1 MB is not read");
        return true;
    }
    append(begin, line);
    const bool blank = line.find_first_not_of(k_line_blanks) == line.npos;
    if (blank || (is_comment(line) && !dialect_.comments_continue)) {
        return true;
    }
    switch (dialect_.continuation) {
    case Continuation::none:
        break;
    case Continuation::backslash:
        join_backslashed(line);
        break;
    case Continuation::leading_blank:
        join_indented();
        break;
    }
    return true;
}

std::size_t KeyValueReader::skip(std::size_t at) const {
    while (at < now_.text.size() && is_line_blank(now_.text[at])) {
        ++at;
    }
    return at;
}

/// Tells whether the byte at `at` is a backslash, or a quote that another follows, that makes the
/// next byte plain.
bool KeyValueReader::escapes(std::size_t at, char quote) const {
    if (at + 1 >= now_.text.size()) {
        return false;
    }
    const char byte = now_.text[at];
    switch (dialect_.escape) {
    case Escape::none:
        return false;
    case Escape::backslash:
        return byte == '\\';
    case Escape::in_double_quotes:
        return byte == '\\' && quote == '"';
    case Escape::doubled_quote:
        return quote != 0 && (byte == '\\' || (byte == quote && now_.text[at + 1] == quote));
    }
    return false;
}

/// Reads from an opening quote; returns the offset behind the closing one.
std::size_t KeyValueReader::read_quoted(std::size_t at, std::string& text) {
    const std::size_t open = at;
    const char quote = now_.text[at++];
    while (at < now_.text.size()) {
        if (escapes(at, quote)) {
            text += now_.text[at + 1];
            at += 2;
        } else if (now_.text[at] == quote) {
            return at + 1;
        } else {
            text += now_.text[at++];
        }
    }
    fault(open, now_.text.size(), "a quote is opened and not closed");
    return at;
}

/// Reads one value; returns the offset behind it, the end where a comment follows.
std::size_t KeyValueReader::read_value(std::size_t at, Statement& statement) {
    Word word;
    const std::size_t begin = at;
    std::size_t end = at;   // behind the last byte that counts
    std::size_t length = 0; // of the text up to there
    bool comment = false;
    while (at < now_.text.size() && !comment) {
        const char byte = now_.text[at];
        const bool blank = is_line_blank(byte);
        if (blank && dialect_.many_values) {
            break;
        }
        const bool may_open = !dialect_.quotes_whole || at == begin;
        if (dialect_.trailing_comments.contains(byte)) {
            comment = true;
            continue;
        }
        if (dialect_.quotes.contains(byte) && may_open) {
            word.quoted = true;
            at = read_quoted(at, word.text);
        } else {
            at += escapes(at, 0) ? 1U : 0U;
            word.text += now_.text[at++];
        }
        if (dialect_.exact || !blank) {
            end = at;
            length = word.text.size();
        }
    }
    word.text.resize(length);
    if (end > begin) {
        word.place = place(begin, end);
        statement.place.end = word.place.end;
        statement.words.push_back(std::move(word));
    }
    return comment ? now_.text.size() : at;
}

std::size_t KeyValueReader::end_of_key(std::size_t begin, bool marked) const {
    const std::string& text = now_.text;
    std::size_t end = begin;
    while (end < text.size() && !dialect_.separators.contains(text[end]) &&
           !dialect_.trailing_comments.contains(text[end]) &&
           !((dialect_.blank_separates || marked) && is_line_blank(text[end]))) {
        ++end;
    }
    return end;
}

void KeyValueReader::read_section(std::size_t open) {
    const std::string& text = now_.text;
    const std::size_t close = text.find(']', open);
    if (close == text.npos) {
        fault(open, text.size(), "`[` without `]`");
        return;
    }
    const std::size_t begin = skip(open + 1);
    std::size_t end = close;
    while (end > begin && is_line_blank(text[end - 1])) {
        --end;
    }
    Statement& statement = document_.statements.emplace_back();
    statement.section = true;
    statement.place = place(open, close + 1);
    if (begin < end) {
        statement.words.push_back({text.substr(begin, end - begin), place(begin, end), false});
    } else {
        statement.words.push_back({"", place(open, close + 1), false});
    }
}

void KeyValueReader::read_statement() {
    const std::string& text = now_.text;
    const std::size_t begin = skip(0);
    if (begin >= text.size() || dialect_.comments.contains(text[begin])) {
        return;
    }
    if (dialect_.sections && text[begin] == '[') {
        read_section(begin);
        return;
    }
    Statement statement;
    const std::size_t separator = end_of_key(begin, dialect_.markers.contains(text[begin]));
    std::size_t end = separator;
    while (!dialect_.exact && end > begin && is_line_blank(text[end - 1])) {
        --end;
    }
    if (end == begin) {
        fault(begin, text.size(), "a value without a key");
        return;
    }
    statement.words.push_back({text.substr(begin, end - begin), place(begin, end), false});
    statement.place = statement.words[0].place;
    std::size_t at = dialect_.exact ? separator : skip(separator);
    if (at < text.size() && dialect_.separators.contains(text[at])) {
        statement.place.end = place(at, at + 1).end;
        at = dialect_.exact ? at + 1 : skip(at + 1);
    }
    while (at < text.size()) {
        at = skip(read_value(at, statement));
    }
    const bool in_section = !document_.statements.empty() && document_.statements.back().section;
    (in_section ? document_.statements.back().body : document_.statements)
        .push_back(std::move(statement));
}

Document KeyValueReader::read() {
    if (bytes_.starts_with("\xEF\xBB\xBF")) {
        at_ = 3;
    }
    while (collect()) {
        read_statement();
    }
    document_.tokens = tokens_around(file_, bytes_.size(), words_of(document_));
    return std::move(document_);
}

} // namespace

Document read_key_value(const Sources& sources, FileId file, const KeyValueDialect& dialect) {
    return KeyValueReader{sources, file, dialect}.read();
}

std::string_view value_of(const Statement& statement) {
    return statement.words.size() > 1 ? std::string_view{statement.words[1].text} : "";
}

Place values_of(const Statement& statement) {
    if (statement.words.size() < 2) {
        return {statement.place.file, statement.place.end, statement.place.end};
    }
    return {statement.place.file, statement.words[1].place.begin, statement.words.back().place.end};
}

} // namespace tlsdoctor::config
