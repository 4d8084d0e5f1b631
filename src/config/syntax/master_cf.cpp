// SPDX-License-Identifier: Apache-2.0
// Cutting master.cf into services and words; see the header.
#include "config/syntax/master_cf.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_master_blanks = " \t\r\v\f";

/// Goes over the file line by line; a service stays open until a line begins without white space.
class MasterReader {
public:
    MasterReader(const Sources& sources, FileId file)
        : bytes_{sources.at(file).bytes}, file_{file} {}

    Document read();

private:
    void read_line(std::size_t begin, std::size_t end);
    void read_words(std::size_t at, std::size_t end);
    std::size_t read_braces(std::size_t at);
    void add_word(std::size_t begin, std::size_t end);

    std::string_view bytes_;
    FileId file_;
    Document document_{};
    std::size_t next_{}; ///< where the next line begins; braces may go over several
};

Document MasterReader::read() {
    while (next_ < bytes_.size()) {
        const std::size_t begin = next_;
        const std::size_t end = std::min(bytes_.find('\n', begin), bytes_.size());
        next_ = std::min(end + 1, bytes_.size());
        read_line(begin, end);
    }
    document_.tokens = tokens_around(file_, bytes_.size(), words_of(document_));
    return std::move(document_);
}

void MasterReader::read_line(std::size_t begin, std::size_t end) {
    const std::size_t first = bytes_.find_first_not_of(k_master_blanks, begin);
    if (first == bytes_.npos || first >= end || bytes_[first] == '#') {
        return;
    }
    if (first == begin) {
        document_.statements.push_back({.place = {file_, first, first}});
    } else if (document_.statements.empty()) {
        document_.faults.push_back({{file_, first, end}, "this line continues nothing"});
        return;
    }
    read_words(first, end);
}

void MasterReader::read_words(std::size_t at, std::size_t end) {
    while (at < end) {
        if (k_master_blanks.contains(bytes_[at])) {
            ++at;
        } else if (bytes_[at] == '{') {
            at = read_braces(at);
            // What stands behind them is on the line of the closing brace.
            end = std::max(end, std::min(bytes_.find('\n', at), bytes_.size()));
            next_ = std::max(next_, std::min(end + 1, bytes_.size()));
        } else {
            const std::size_t stop = std::min(bytes_.find_first_of(" \t\r\v\f\n", at), end);
            add_word(at, stop);
            at = stop;
        }
    }
}

/// Returns the offset behind the closing brace. Lines within belong to it while they begin with
/// white space.
std::size_t MasterReader::read_braces(std::size_t at) {
    std::size_t depth = 0;
    for (std::size_t i = at; i < bytes_.size(); ++i) {
        const bool new_line = i > 0 && bytes_[i - 1] == '\n';
        if (new_line && !k_master_blanks.contains(bytes_[i])) {
            break;
        }
        if (bytes_[i] == '{') {
            ++depth;
        } else if (bytes_[i] == '}' && --depth == 0) {
            add_word(at, i + 1);
            Word& word = document_.statements.back().words.back();
            word.text = trimmed(bytes_.substr(at + 1, i - at - 1));
            std::ranges::replace(word.text, '\n', ' ');
            word.quoted = true;
            return i + 1;
        }
    }
    const std::size_t end = std::min(bytes_.find('\n', at), bytes_.size());
    document_.faults.push_back({{file_, at, end}, "the brace is not closed"});
    add_word(at, end);
    return end;
}

void MasterReader::add_word(std::size_t begin, std::size_t end) {
    Statement& service = document_.statements.back();
    service.words.push_back(
        {.text = std::string{bytes_.substr(begin, end - begin)}, .place = {file_, begin, end}}
    );
    service.place.end = end;
}

} // namespace

Document read_master_cf(const Sources& sources, FileId file) {
    return MasterReader{sources, file}.read();
}

} // namespace tlsdoctor::config
