// SPDX-License-Identifier: Apache-2.0
// Line by line: each line says what it is by its beginning, and paragraphs are gathered until one
// that begins something else.
#include "report/markdown.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

constexpr std::size_t k_indent = 2;
constexpr std::size_t k_code = 4;
constexpr std::string_view k_code_mark =
    "    "; ///< begins a line of code that stands outside a paragraph

enum class Kind { empty, heading, fence, item, row, comment, text };

bool is_numbered_item(std::string_view line) {
    const std::size_t digits = line.find_first_not_of("0123456789");
    return digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(". ");
}

Kind kind_of(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (text.empty()) {
        return Kind::empty;
    }
    if (text.starts_with("```")) {
        return Kind::fence;
    }
    if (text.starts_with("#")) {
        return Kind::heading;
    }
    if (text.starts_with("<!--")) {
        return Kind::comment;
    }
    if (text.starts_with("|")) {
        return Kind::row;
    }
    return text.starts_with("- ") || text.starts_with("* ") || is_numbered_item(text) ? Kind::item
                                                                                      : Kind::text;
}

std::vector<std::string> cells_of(std::string_view row) {
    row = trimmed(row);
    row.remove_prefix(1);
    if (row.ends_with('|')) {
        row.remove_suffix(1);
    }
    std::vector<std::string> cells;
    for (const std::string_view cell : split(row, '|')) {
        cells.push_back(plain_text(trimmed(cell)));
    }
    return cells;
}

bool is_rule(std::string_view row) {
    return row.find_first_not_of("|-: \t") == std::string_view::npos;
}

/// Collects a document's parts and writes each when it is complete.
class Writer final {
public:
    explicit Writer(Page& page) : page_{page} {}

    void take(std::string_view line) {
        const Kind kind = kind_of(line);
        if (kind == Kind::fence) {
            finish();
            in_code_ = !in_code_;
        } else if (in_code_) {
            page_.exact({.hang = k_code}, line);
        } else if (paragraph_.empty() && line.starts_with(k_code_mark)) {
            finish();
            page_.exact({.hang = k_code}, line.substr(k_code_mark.size()));
        } else {
            take(kind, line);
        }
    }

    void finish() {
        if (!paragraph_.empty()) {
            page_.put({.indent = indent_, .word = bullet_, .hang = hang_}, plain_text(paragraph_));
        }
        write_rows();
        paragraph_.clear();
        bullet_.clear();
        indent_ = k_indent;
        hang_ = k_indent;
    }

private:
    void take(Kind kind, std::string_view line) {
        switch (kind) {
        case Kind::heading:
            finish();
            page_.blank();
            page_.put({.word = heading_text(line), .paint = Paint::heading}, "");
            break;
        case Kind::item:
            finish();
            begin_item(line);
            break;
        case Kind::row:
            rows_.push_back(std::string{line});
            break;
        case Kind::text:
            paragraph_ += (paragraph_.empty() ? "" : " ") + std::string{trimmed(line)};
            break;
        case Kind::empty:
            finish();
            page_.blank();
            break;
        default:
            break;
        }
    }

    static std::string heading_text(std::string_view line) {
        return plain_text(trimmed(line.substr(line.find_first_not_of("# "))));
    }

    void begin_item(std::string_view line) {
        const std::size_t depth = line.find_first_not_of(' ');
        const std::string_view text = trimmed(line);
        const std::size_t end = text.find(' ');
        const std::string_view mark = text.substr(0, end);
        bullet_ = mark == "*" ? "-" : std::string{mark};
        indent_ = k_indent + depth;
        hang_ = indent_ + bullet_.size() + 1;
        paragraph_ = trimmed(text.substr(end));
    }

    void write_rows() {
        std::vector<std::vector<std::string>> table;
        for (const std::string& row : rows_) {
            if (!is_rule(row)) {
                table.push_back(cells_of(row));
            }
        }
        rows_.clear();
        std::size_t first = 0;
        for (const auto& cells : table) {
            first = std::max(first, std::min<std::size_t>(width(cells.front()), 30));
        }
        for (const auto& cells : table) {
            const std::vector<std::string> rest(cells.begin() + 1, cells.end());
            page_.put(
                {.indent = k_indent, .word = cells.front(), .hang = k_indent + first + 2},
                joined(rest, "  ")
            );
        }
    }

    Page& page_;
    std::vector<std::string> rows_{};
    std::string paragraph_{};
    std::string bullet_{};
    std::size_t indent_{k_indent};
    std::size_t hang_{k_indent};
    bool in_code_{};
};

/// Returns the bytes of `[text](target)` at the front, 0 where there is no link.
std::size_t link_length(std::string_view text, std::string_view& label) {
    const std::size_t close = text.find("](");
    const std::size_t end = close == std::string_view::npos ? close : text.find(')', close);
    if (end == std::string_view::npos ||
        text.substr(1, close - 1).find('[') != std::string_view::npos) {
        return 0;
    }
    label = text.substr(1, close - 1);
    return end + 1;
}

} // namespace

std::string plain_text(std::string_view markdown) {
    std::string result;
    bool in_code = false;
    while (!markdown.empty()) {
        std::string_view label;
        std::size_t length = 1;
        in_code ^= markdown.front() == '`';
        if (!in_code && markdown.starts_with("**")) {
            length = 2;
        } else if (const std::size_t link =
                       !in_code && markdown.starts_with('[') ? link_length(markdown, label) : 0;
                   link > 0) {
            result += plain_text(label);
            length = link;
        } else {
            result += markdown.front();
        }
        markdown.remove_prefix(length);
    }
    return result;
}

void write_markdown(Page& page, std::string_view text) {
    Writer writer{page};
    for (const std::string_view line : split(text, '\n')) {
        writer.take(line);
    }
    writer.finish();
}

} // namespace tlsdoctor::report
