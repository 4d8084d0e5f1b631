// SPDX-License-Identifier: Apache-2.0
// Cuts the stream into lines, or hands it to the XML reader.
#include "fleet/list_reader.hpp"

#include <algorithm>
#include <utility>

namespace tlsdoctor::fleet {

namespace {

constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view k_utf16_marks[] = {"\xff\xfe", "\xfe\xff"};
constexpr std::string_view k_spaces = " \t\r\n";

/// So many bytes say what a list is; blank space before XML may be longer than any list has.
constexpr std::size_t k_telling_bytes = 4'096;

} // namespace

void ListReader::add(std::vector<ListItem> items) {
    std::ranges::move(items, std::back_inserter(items_));
}

void ListReader::recognise(bool last) {
    const std::string_view text = begun_;
    if (text.size() < k_byte_order_mark.size() && !last) {
        return;
    }
    for (const std::string_view mark : k_utf16_marks) {
        if (text.starts_with(mark)) {
            format_ = Format::refused;
            items_.emplace_back(
                ListProblem{.line = 1, .what = "the list is UTF-16; it is read as UTF-8 or ASCII"}
            );
            return;
        }
    }
    const std::size_t from = text.starts_with(k_byte_order_mark) ? k_byte_order_mark.size() : 0;
    const std::size_t first = text.find_first_not_of(k_spaces, from);
    if (first == std::string_view::npos && !last && text.size() < k_telling_bytes) {
        return;
    }
    const bool is_xml = first != std::string_view::npos && text[first] == '<';
    format_ = is_xml ? Format::xml : Format::lines;
    const std::string begin = std::exchange(begun_, {}).substr(from);
    if (is_xml) {
        xml_ = std::make_unique<NmapXml>();
        xml_->feed(begin);
    } else {
        read_lines(begin);
    }
}

void ListReader::end_line(std::string_view line) {
    ++line_number_;
    if (std::exchange(too_long_, false)) {
        return; // reported when it became too long
    }
    add(lines_.read(line, line_number_));
}

void ListReader::read_lines(std::string_view bytes) {
    for (;;) {
        const std::size_t end = bytes.find('\n');
        const std::string_view part = bytes.substr(0, end);
        if (!too_long_ && begun_.size() + part.size() > k_longest_line) {
            too_long_ = true;
            begun_.clear();
            items_.emplace_back(ListProblem{
                .line = line_number_ + 1, .what = "a line of more than 64 KiB is no target"
            });
        }
        if (!too_long_ && (end == std::string_view::npos || !begun_.empty())) {
            begun_ += part;
        }
        if (end == std::string_view::npos) {
            return;
        }
        end_line(begun_.empty() ? part : std::string_view(begun_));
        begun_.clear();
        bytes.remove_prefix(end + 1);
    }
}

void ListReader::feed(std::string_view bytes) {
    switch (format_) {
    case Format::unknown:
        begun_ += bytes;
        recognise(false);
        break;
    case Format::lines:
        read_lines(bytes);
        break;
    case Format::xml:
        xml_->feed(bytes);
        break;
    case Format::refused:
        break;
    }
    if (xml_) {
        add(xml_->take());
    }
}

void ListReader::finish() {
    if (format_ == Format::unknown) {
        recognise(true);
    }
    if (format_ == Format::lines && (!begun_.empty() || too_long_)) {
        const std::string line = std::exchange(begun_, {});
        end_line(line);
    }
    if (xml_) {
        xml_->finish();
        add(xml_->take());
    }
}

std::optional<ListItem> ListReader::take() {
    if (items_.empty()) {
        return std::nullopt;
    }
    ListItem item = std::move(items_.front());
    items_.pop_front();
    return item;
}

} // namespace tlsdoctor::fleet
