// SPDX-License-Identifier: Apache-2.0
// Cutting Dovecot's configuration into settings and sections; see the header. The rules are those
// of Dovecot 2.3: a line is one thing, and a comment needs a blank in front of it.
#include "config/syntax/dovecot.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_dovecot_blanks = " \t\r";
constexpr std::size_t k_most_dovecot_depth = 64;

class DovecotReader {
public:
    DovecotReader(const Sources& sources, FileId file)
        : bytes_{sources.at(file).bytes}, file_{file} {}

    Document read();

private:
    void read_line(std::size_t begin, std::size_t end);
    void setting(std::size_t begin, std::size_t equals, std::size_t end);
    void open_section(std::size_t begin, std::size_t brace);
    void close_section(std::size_t at);
    std::size_t end_of_line(std::size_t begin) const;
    std::size_t without_comment(std::size_t begin, std::size_t end) const;
    Word word(std::size_t begin, std::size_t end) const;
    std::vector<Statement>& open_list() {
        return open_.empty() ? document_.statements : open_.back().body;
    }

    std::string_view bytes_;
    FileId file_;
    Document document_{};
    std::vector<Statement> open_{}; ///< sections that are not closed yet
};

/// A backslash at its end joins the next line.
std::size_t DovecotReader::end_of_line(std::size_t begin) const {
    std::size_t end = begin;
    while (true) {
        end = std::min(bytes_.find('\n', end), bytes_.size());
        std::size_t last = end;
        while (last > begin && bytes_[last - 1] == '\r') {
            --last;
        }
        if (end >= bytes_.size() || last == begin || bytes_[last - 1] != '\\') {
            return end;
        }
        ++end;
    }
}

Document DovecotReader::read() {
    for (std::size_t at = 0; at < bytes_.size();) {
        const std::size_t first = std::min(bytes_.find_first_not_of(" \t\r\n", at), bytes_.size());
        if (first == bytes_.size()) {
            break;
        }
        // A comment is never continued.
        const bool comment = bytes_[first] == '#';
        const std::size_t end =
            comment ? std::min(bytes_.find('\n', first), bytes_.size()) : end_of_line(first);
        if (!comment) {
            read_line(first, end);
        }
        at = end;
    }
    while (!open_.empty()) {
        document_.faults.push_back({open_.back().place, "the brace of this section is not closed"});
        Statement section = std::move(open_.back());
        open_.pop_back();
        open_list().push_back(std::move(section));
    }
    document_.tokens = tokens_around(file_, bytes_.size(), words_of(document_));
    return std::move(document_);
}

/// Cuts off ` # comment` and blanks; not within quotes.
std::size_t DovecotReader::without_comment(std::size_t begin, std::size_t end) const {
    char quote = 0;
    for (std::size_t i = begin; i < end; ++i) {
        const char byte = bytes_[i];
        if (quote != 0) {
            i += byte == '\\' ? 1U : 0U;
            quote = byte == quote ? '\0' : quote;
        } else if ((byte == '"' || byte == '\'') && i == begin) {
            quote = byte;
        } else if (byte == '#' && (i == begin || k_dovecot_blanks.contains(bytes_[i - 1]))) {
            end = i;
        }
    }
    while (end > begin && std::string_view{" \t\r\n"}.contains(bytes_[end - 1])) {
        --end;
    }
    return end;
}

Word DovecotReader::word(std::size_t begin, std::size_t end) const {
    Word word{.place = {file_, begin, end}};
    const std::string_view raw = bytes_.substr(begin, end - begin);
    word.quoted =
        raw.size() > 1 && (raw.front() == '"' || raw.front() == '\'') && raw.back() == raw.front();
    const std::string_view inner = word.quoted ? raw.substr(1, raw.size() - 2) : raw;
    for (std::size_t i = 0; i < inner.size(); ++i) {
        const std::size_t line =
            inner[i] == '\\' ? inner.find_first_not_of('\r', i + 1) : inner.npos;
        if (line != inner.npos && inner[line] == '\n') {
            // The joined line loses the blanks on both sides.
            word.text = std::string{trimmed(word.text)} + ' ';
            i = std::min(inner.find_first_not_of(" \t\r", line + 1), inner.size()) - 1;
        } else if (word.quoted && inner[i] == '\\' && i + 1 < inner.size()) {
            word.text += inner[++i];
        } else {
            word.text += inner[i];
        }
    }
    return word;
}

void DovecotReader::setting(std::size_t begin, std::size_t equals, std::size_t end) {
    std::size_t key_end = equals;
    while (key_end > begin && k_dovecot_blanks.contains(bytes_[key_end - 1])) {
        --key_end;
    }
    const std::size_t value = std::min(bytes_.find_first_not_of(" \t\r", equals + 1), end);
    const std::size_t value_end = without_comment(value, end);
    Statement statement{.place = {file_, begin, std::max(value_end, equals + 1)}};
    if (key_end > begin) {
        statement.words.push_back(word(begin, key_end));
    }
    if (value_end > value) {
        statement.words.push_back(word(value, value_end));
    }
    if (statement.words.empty() || key_end == begin) {
        document_.faults.push_back({statement.place, "there is no key in front of ="});
    }
    open_list().push_back(std::move(statement));
}

void DovecotReader::open_section(std::size_t begin, std::size_t brace) {
    Statement section{.place = {file_, begin, brace + 1}, .section = true};
    std::size_t at = begin;
    while (at < brace) {
        at = bytes_.find_first_not_of(" \t\r\n\\", at);
        if (at >= brace) {
            break;
        }
        const bool quoted = bytes_[at] == '"';
        std::size_t end =
            quoted ? bytes_.find('"', at + 1) : bytes_.find_first_of(" \t\r\n{\"", at);
        end = std::min(quoted && end < brace ? end + 1 : end, brace);
        section.words.push_back(word(at, end));
        at = end;
    }
    if (open_.size() >= k_most_dovecot_depth) {
        document_.faults.push_back({section.place, "sections are nested too deeply"});
        open_list().push_back(std::move(section));
        return;
    }
    open_.push_back(std::move(section));
}

void DovecotReader::close_section(std::size_t at) {
    if (open_.empty()) {
        document_.faults.push_back({{file_, at, at + 1}, "this brace closes nothing"});
        return;
    }
    Statement section = std::move(open_.back());
    open_.pop_back();
    section.closing = {file_, at, at + 1};
    open_list().push_back(std::move(section));
}

void DovecotReader::read_line(std::size_t begin, std::size_t end) {
    const std::string_view line = bytes_.substr(begin, end - begin);
    if (line.front() == '}') {
        close_section(begin);
        return;
    }
    if (line.starts_with("!include")) {
        const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
        const std::size_t pattern = std::min(line.find_first_not_of(" \t", blank), line.size());
        const std::size_t stop = without_comment(begin + pattern, end);
        Statement statement{.place = {file_, begin, std::max(stop, begin + blank)}};
        statement.words.push_back(word(begin, begin + blank));
        if (stop > begin + pattern) {
            statement.words.push_back(word(begin + pattern, stop));
        }
        open_list().push_back(std::move(statement));
        return;
    }
    const std::size_t equals = line.find('=');
    const std::size_t brace = line.find('{');
    if (equals != line.npos && equals < brace) {
        setting(begin, begin + equals, end);
    } else if (brace != line.npos) {
        open_section(begin, begin + brace);
    } else {
        const std::size_t stop = without_comment(begin, end);
        document_.faults.push_back({{file_, begin, stop}, "neither a setting nor a section"});
    }
}

} // namespace

Document read_dovecot_syntax(const Sources& sources, FileId file) {
    return DovecotReader{sources, file}.read();
}

} // namespace tlsdoctor::config
