// SPDX-License-Identifier: Apache-2.0
// Counts braces outside of strings. JSON has no line break inside a string, so one there is the
// place where a line was torn.
#include "cli/document_reader.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "evidence/result.hpp"

namespace tlsdoctor::cli {

std::expected<void, std::string> DocumentReader::refuse(std::string_view what) const {
    return std::unexpected(fmt::format("{}: {}", depth_ == 0 ? line_ : first_line_, what));
}

std::expected<void, std::string> DocumentReader::feed(std::string_view block) {
    for (const char c : block) {
        auto read = depth_ == 0 ? between(c) : inside(c);
        if (!read) {
            return read;
        }
        line_ += c == '\n' ? 1 : 0;
    }
    return {};
}

std::expected<void, std::string> DocumentReader::between(char c) {
    if (c == '{') {
        document_ = c;
        depth_ = 1;
        first_line_ = line_;
        return {};
    }
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    return space ? std::expected<void, std::string>{}
                 : refuse("results of 'tlsdoctor check --json' or 'scan' are wanted here");
}

std::expected<void, std::string> DocumentReader::inside(char c) {
    document_ += c;
    if (document_.size() > evidence::k_most_result_bytes) {
        return refuse("the result that begins here is too long");
    }
    if (quoted_) {
        if (c == '\n') {
            return refuse("the line is torn");
        }
        quoted_ = escaped_ || c != '"';
        escaped_ = !escaped_ && c == '\\';
        return {};
    }
    quoted_ = c == '"';
    if (c == '{' || c == '[') {
        ++depth_;
    } else if (c == '}' || c == ']') {
        --depth_;
    }
    return depth_ == 0 ? end_document() : std::expected<void, std::string>{};
}

std::expected<void, std::string> DocumentReader::end_document() {
    const std::string wrong = take_(document_, first_line_);
    if (!wrong.empty()) {
        return std::unexpected(fmt::format("{}: {}", first_line_, wrong));
    }
    ++count_;
    document_.clear();
    return {};
}

std::expected<bool, std::string> DocumentReader::finish() {
    if (depth_ != 0 && count_ == 0) {
        return std::unexpected(fmt::format("{}: the result is not complete", first_line_));
    }
    return depth_ == 0;
}

} // namespace tlsdoctor::cli
