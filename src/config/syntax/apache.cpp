// SPDX-License-Identifier: Apache-2.0
// Reading the syntax of Apache; see the header.
#include "config/syntax/apache.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_section_faults = 100;

bool is_section_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Returns the length of a `\` with its line end; 0 where there is none.
std::size_t join_at(std::string_view bytes, std::size_t at) {
    const std::string_view rest = bytes.substr(at, 3);
    if (rest.starts_with("\\\n")) {
        return 2;
    }
    return rest == "\\\r\n" ? 3 : 0;
}

/// A word and where it ends.
struct RawWord {
    std::string text{};
    std::size_t end{};
    bool quoted{};
};

/// Reads the word that begins at `at`, which is no blank, and ends before `end`.
RawWord
word_at(std::string_view bytes, std::size_t at, std::size_t end, const SectionDialect& dialect) {
    RawWord word;
    const char quote = dialect.quotes.contains(bytes[at]) ? bytes[at] : '\0';
    word.quoted = quote != '\0';
    std::size_t i = word.quoted ? at + 1 : at;
    while (i < end) {
        if (const std::size_t join = join_at(bytes, i); join != 0) {
            i += join;
            continue;
        }
        const char c = bytes[i];
        if (word.quoted ? c == quote : is_section_blank(c)) {
            break;
        }
        const char next = i + 1 < end ? bytes[i + 1] : '\0';
        const bool escape =
            next == '\\' ? join_at(bytes, i + 1) == 0 : word.quoted && next == quote;
        if (c == '\\' && escape) {
            ++i;
        }
        word.text += bytes[i++];
    }
    word.end = std::min(word.quoted && i < end ? i + 1 : i, end);
    return word;
}

/// Reads a file once, from the first byte to the last.
class SectionReader {
public:
    SectionReader(const Sources& sources, FileId file, const SectionDialect& dialect)
        : file_{file}, bytes_{sources.at(file).bytes}, dialect_{dialect} {}

    Document read() {
        for (std::size_t at = 0; at < bytes_.size();) {
            const std::size_t end = end_of_line(at);
            line(at, end);
            at = end;
        }
        while (!open_.empty()) {
            fault(open_.back().place, fmt::format("<{}> is not closed", name_of_open()));
            close({});
        }
        cover(bytes_.size(), bytes_.size());
        return std::move(document_);
    }

private:
    std::size_t end_of_line(std::size_t begin) const;
    std::size_t skip_blanks(std::size_t at, std::size_t end) const;
    std::size_t trimmed_end(std::size_t begin, std::size_t end) const;
    void line(std::size_t begin, std::size_t end);
    std::vector<Word> words(std::size_t at, std::size_t end, std::size_t bracket);
    void open(std::size_t begin, std::size_t end);
    void closing(std::size_t begin, std::size_t end);
    void close(Place by);
    void add(Statement statement);
    void fault(Place place, std::string what);
    void cover(std::size_t begin, std::size_t end);
    std::string name_of_open() const { return harmless(open_.back().words.front().text); }

    FileId file_;
    std::string_view bytes_;
    const SectionDialect& dialect_;
    Document document_{};
    std::vector<Statement> open_{};
    std::size_t too_deep_{}; ///< sections that were opened below the deepest
    std::size_t covered_{};  ///< the tokens reach so far
};

/// Returns where the line that begins here ends, its continuations and its line end in it.
std::size_t SectionReader::end_of_line(std::size_t begin) const {
    const std::size_t first = std::min(bytes_.find_first_not_of(" \t", begin), bytes_.size());
    const bool comment = !dialect_.comments_continue && bytes_.substr(first).starts_with('#');
    for (std::size_t at = begin;;) {
        const std::size_t newline = bytes_.find('\n', at);
        if (newline == bytes_.npos) {
            return bytes_.size();
        }
        std::size_t last = newline;
        if (last > at && bytes_[last - 1] == '\r') {
            --last;
        }
        if (comment || last == at || bytes_[last - 1] != '\\') {
            return newline + 1;
        }
        at = newline + 1;
    }
}

std::size_t SectionReader::skip_blanks(std::size_t at, std::size_t end) const {
    while (at < end) {
        const std::size_t join = join_at(bytes_, at);
        if (join == 0 && !is_section_blank(bytes_[at])) {
            break;
        }
        at += std::max<std::size_t>(join, 1);
    }
    return std::min(at, end);
}

std::size_t SectionReader::trimmed_end(std::size_t begin, std::size_t end) const {
    while (end > begin && (is_section_blank(bytes_[end - 1]) || join_at(bytes_, end - 1) != 0)) {
        --end;
    }
    return end;
}

void SectionReader::line(std::size_t begin, std::size_t end) {
    const std::size_t first = skip_blanks(begin, end);
    const std::size_t last = trimmed_end(first, end);
    if (first == last || bytes_[first] == '#') {
        return;
    }
    const std::string_view content = bytes_.substr(first, last - first);
    if (content.contains('\0')) {
        fault({file_, first, last}, "the line has a zero byte: this is no text");
        return;
    }
    if (content.starts_with("</")) {
        closing(first, last);
    } else if (content.starts_with('<')) {
        open(first, last);
    } else {
        Statement statement{.words = words(first, last, first)};
        if (!statement.words.empty()) {
            statement.place = {file_, first, statement.words.back().place.end};
            add(std::move(statement));
        }
    }
}

/// The first word begins at `bracket`, which is before `at` where it has a `<`.
std::vector<Word> SectionReader::words(std::size_t at, std::size_t end, std::size_t bracket) {
    std::vector<Word> words;
    for (at = skip_blanks(at, end); at < end; at = skip_blanks(at, end)) {
        if (dialect_.comment_words && bytes_[at] == '#') {
            break;
        }
        RawWord word = word_at(bytes_, at, end, dialect_);
        const std::size_t begin = words.empty() ? bracket : at;
        cover(begin, word.end);
        words.push_back({std::move(word.text), {file_, begin, word.end}, word.quoted});
        at = word.end;
    }
    return words;
}

void SectionReader::open(std::size_t begin, std::size_t end) {
    std::size_t close = bytes_.substr(begin, end - begin).rfind('>');
    if (close == bytes_.npos) {
        fault({file_, begin, end}, "the section's line has no `>`");
        close = end - begin;
    }
    close += begin;
    std::vector<Word> list = words(std::min(begin + 1, close), close, begin);
    if (list.empty()) {
        fault({file_, begin, end}, "a section without a name");
        return;
    }
    const std::size_t tail = std::min(close + 1, end);
    Statement statement{.words = std::move(list), .place = {file_, begin, tail}, .section = true};
    if (open_.size() >= k_most_section_depth) {
        fault(
            statement.place, fmt::format("sections are nested deeper than {}", k_most_section_depth)
        );
        ++too_deep_;
        add(std::move(statement));
        return;
    }
    open_.push_back(std::move(statement));
}

void SectionReader::closing(std::size_t begin, std::size_t end) {
    const Place place{file_, begin, end};
    cover(begin, end);
    const std::string_view text = bytes_.substr(begin + 2, end - begin - 2);
    const std::string_view name = trimmed(text.substr(0, text.find_first_of("> \t")));
    if (too_deep_ > 0) {
        --too_deep_;
        return;
    }
    const auto is_meant = [&](const Statement& one) {
        return same_ignoring_case(one.words.front().text, name);
    };
    if (std::ranges::none_of(open_, is_meant)) {
        fault(place, fmt::format("</{}> closes no section", harmless(name)));
        return;
    }
    while (!is_meant(open_.back())) {
        fault(place, fmt::format("</{}> was expected, not </{}>", name_of_open(), harmless(name)));
        close({file_, begin, begin});
    }
    close(place);
}

void SectionReader::close(Place by) {
    Statement done = std::move(open_.back());
    open_.pop_back();
    done.closing = by;
    add(std::move(done));
}

void SectionReader::add(Statement statement) {
    auto& list = open_.empty() ? document_.statements : open_.back().body;
    list.push_back(std::move(statement));
}

void SectionReader::fault(Place place, std::string what) {
    if (document_.faults.size() < k_most_section_faults) {
        document_.faults.push_back({place, std::move(what)});
    }
}

void SectionReader::cover(std::size_t begin, std::size_t end) {
    if (begin > covered_) {
        document_.tokens.push_back({file_, covered_, begin});
    }
    if (end > begin) {
        document_.tokens.push_back({file_, begin, end});
    }
    covered_ = std::max(covered_, end);
}

} // namespace

Document read_sections(const Sources& sources, FileId file, const SectionDialect& dialect) {
    return SectionReader{sources, file, dialect}.read();
}

std::vector<std::string> section_words(std::string_view value, const SectionDialect& dialect) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < value.size();) {
        if (is_section_blank(value[at])) {
            ++at;
            continue;
        }
        if (dialect.comment_words && value[at] == '#') {
            break;
        }
        RawWord word = word_at(value, at, value.size(), dialect);
        words.push_back(std::move(word.text));
        at = word.end;
    }
    return words;
}

std::string joined_lines(std::string_view bytes) {
    std::string text;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t join = join_at(bytes, at);
        if (join == 0) {
            text += bytes[at];
        }
        at += std::max<std::size_t>(join, 1);
    }
    return text;
}

} // namespace tlsdoctor::config
