// SPDX-License-Identifier: Apache-2.0
// Reading XML; see the header.
#include "config/syntax/xml.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_xml_faults = 100;
constexpr std::string_view k_xml_blanks = " \t\r\n";

/// What begins with the first string goes to the second and is passed over.
struct XmlSkipped {
    std::string_view begin;
    std::string_view end;
};
constexpr std::array<XmlSkipped, 3> k_xml_skipped{
    {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}}
};

struct XmlEntity {
    std::string_view name;
    std::string_view text;
};
constexpr std::array<XmlEntity, 5> k_xml_entities{
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}}
};

/// `&#65;`; other than ASCII is not needed in what is looked at.
std::optional<std::string> numbered_entity(std::string_view name) {
    if (!name.starts_with('#') || name.size() > 6) {
        return std::nullopt;
    }
    const bool hex = name.starts_with("#x");
    std::uint32_t code = 0;
    for (const char c : name.substr(hex ? 2 : 1)) {
        const std::string_view digits = "0123456789abcdef";
        const std::size_t digit = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
        if (digit == digits.npos || (!hex && digit > 9)) {
            return std::nullopt;
        }
        code = code * (hex ? 16U : 10U) + static_cast<std::uint32_t>(digit);
    }
    return code > 0 && code < 128 ? std::optional{std::string(1, static_cast<char>(code))}
                                  : std::optional<std::string>{"?"};
}

class XmlReader {
public:
    XmlReader(const Sources& sources, FileId file) : file_{file}, bytes_{sources.at(file).bytes} {}

    XmlDocument read() {
        while (at_ < bytes_.size()) {
            const std::size_t tag = std::min(bytes_.find('<', at_), bytes_.size());
            token(tag);
            if (tag < bytes_.size()) {
                markup();
            }
        }
        while (!open_.empty()) {
            fault(
                open_.back().place, fmt::format("<{}> is not closed", harmless(open_.back().name))
            );
            close();
        }
        return std::move(document_);
    }

private:
    void markup();
    void doctype();
    void end_tag();
    void start_tag();
    std::size_t attribute(std::size_t at, std::size_t end, XmlElement& element);
    std::string decoded(Place inside);
    std::size_t end_of_tag(std::size_t from) const;
    std::size_t past(std::string_view wanted, std::size_t from) const;
    std::size_t name_end(std::size_t at, std::size_t end) const;
    void close();
    void token(std::size_t end);
    void fault(Place place, std::string what) {
        if (document_.faults.size() < k_most_xml_faults) {
            document_.faults.push_back({place, std::move(what)});
        }
    }

    FileId file_;
    std::string_view bytes_;
    XmlDocument document_{};
    std::vector<XmlElement> open_{};
    std::size_t too_deep_{};
    std::size_t at_{};
};

void XmlReader::token(std::size_t end) {
    if (end > at_) {
        document_.tokens.push_back({file_, at_, end});
        at_ = end;
    }
}

/// Returns the offset behind the next occurrence; the file's end where there is none.
std::size_t XmlReader::past(std::string_view wanted, std::size_t from) const {
    const std::size_t found = bytes_.find(wanted, from);
    return found == bytes_.npos ? bytes_.size() : found + wanted.size();
}

void XmlReader::markup() {
    const std::string_view rest = bytes_.substr(at_);
    for (const XmlSkipped& one : k_xml_skipped) {
        if (rest.starts_with(one.begin)) {
            const std::size_t end = past(one.end, at_ + one.begin.size());
            if (!bytes_.substr(at_, end - at_).ends_with(one.end)) {
                fault(
                    {file_, at_, at_ + one.begin.size()}, "it is not closed before the file ends"
                );
            }
            return token(end);
        }
    }
    if (rest.starts_with("<!")) {
        doctype();
    } else if (rest.starts_with("</")) {
        end_tag();
    } else {
        start_tag();
    }
}

/// A DOCTYPE may have declarations in brackets; entities of its own are not followed.
void XmlReader::doctype() {
    const std::size_t bracket = bytes_.find_first_of("[>", at_);
    const bool inner = bracket != bytes_.npos && bytes_[bracket] == '[';
    token(inner ? past(">", past("]", bracket)) : past(">", at_));
}

void XmlReader::end_tag() {
    const std::size_t begin = at_;
    const std::size_t end = past(">", at_);
    const std::string_view inside = bytes_.substr(begin + 2, end - begin - 2);
    const std::string_view name = trimmed(inside.substr(0, inside.find('>')));
    const Place place{file_, begin, end};
    token(end);
    if (too_deep_ > 0) {
        --too_deep_;
        return;
    }
    const auto is_meant = [&](const XmlElement& one) {
        return one.name == name;
    };
    if (std::ranges::none_of(open_, is_meant)) {
        return fault(place, fmt::format("</{}> closes nothing", harmless(name)));
    }
    while (!is_meant(open_.back())) {
        fault(place, fmt::format("</{}> was expected", harmless(open_.back().name)));
        close();
    }
    close();
}

/// `>` may stand in an attribute's value.
std::size_t XmlReader::end_of_tag(std::size_t from) const {
    for (std::size_t at = from; at < bytes_.size();) {
        const std::size_t found = bytes_.find_first_of("\"'>", at);
        if (found == bytes_.npos) {
            break;
        }
        if (bytes_[found] == '>') {
            return found + 1;
        }
        at = past(bytes_.substr(found, 1), found + 1);
    }
    return bytes_.size();
}

std::size_t XmlReader::name_end(std::size_t at, std::size_t end) const {
    const std::size_t found = bytes_.find_first_of(" \t\r\n=/>", at);
    return std::min(found, end);
}

void XmlReader::start_tag() {
    const std::size_t begin = at_;
    std::size_t end = end_of_tag(begin + 1);
    XmlElement element{.place = {file_, begin, end}};
    if (bytes_[end - 1] != '>' || end - begin < 2) {
        fault(element.place, "the tag is not closed before the file ends");
        return token(end);
    }
    const bool empty = end - begin > 2 && bytes_[end - 2] == '/';
    const std::size_t inner_end = end - (empty ? 2 : 1);
    std::size_t at = name_end(begin + 1, inner_end);
    element.name = bytes_.substr(begin + 1, at - begin - 1);
    element.name_place = {file_, begin + 1, at};
    while ((at = bytes_.find_first_not_of(k_xml_blanks, at)) < inner_end) {
        at = attribute(at, inner_end, element);
    }
    token(end);
    if (open_.size() >= k_most_xml_depth) {
        fault(element.place, fmt::format("elements are nested deeper than {}", k_most_xml_depth));
        too_deep_ += empty ? 0 : 1;
        return;
    }
    open_.push_back(std::move(element));
    if (empty) {
        close();
    }
}

/// Returns where to go on.
std::size_t XmlReader::attribute(std::size_t at, std::size_t end, XmlElement& element) {
    const std::size_t after_name = name_end(at, end);
    const std::size_t equals = bytes_.find_first_not_of(k_xml_blanks, after_name);
    const std::size_t quote = equals < end && bytes_[equals] == '='
                                  ? bytes_.find_first_not_of(k_xml_blanks, equals + 1)
                                  : end;
    const bool quoted = quote < end && (bytes_[quote] == '"' || bytes_[quote] == '\'');
    const std::size_t close = quoted ? bytes_.find(bytes_[quote], quote + 1) : bytes_.npos;
    if (after_name == at || close >= end) {
        fault({file_, at, end}, "an attribute that cannot be read");
        return end;
    }
    XmlAttribute& added = element.attributes.emplace_back();
    added.name = bytes_.substr(at, after_name - at);
    added.place = {file_, at, close + 1};
    added.inside = {file_, quote + 1, close};
    added.value = decoded(added.inside);
    return close + 1;
}

std::string XmlReader::decoded(Place inside) {
    std::string text;
    for (std::size_t at = inside.begin; at < inside.end;) {
        const std::size_t semicolon = bytes_[at] == '&' ? bytes_.find(';', at) : bytes_.npos;
        if (semicolon >= inside.end) {
            const char c = bytes_[at++];
            text += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
            continue;
        }
        const std::string_view name = bytes_.substr(at + 1, semicolon - at - 1);
        const auto known = std::ranges::find(k_xml_entities, name, &XmlEntity::name);
        const auto number = numbered_entity(name);
        if (known != k_xml_entities.end()) {
            text += known->text;
        } else if (number) {
            text += *number;
        } else {
            fault(
                inside, fmt::format("the entity &{}; is not known", harmless(name.substr(0, 40)))
            );
            text += bytes_.substr(at, semicolon + 1 - at);
        }
        at = semicolon + 1;
    }
    return text;
}

void XmlReader::close() {
    XmlElement done = std::move(open_.back());
    open_.pop_back();
    auto& list = open_.empty() ? document_.roots : open_.back().children;
    list.push_back(std::move(done));
}

} // namespace

const XmlAttribute* XmlElement::find(std::string_view wanted) const {
    const auto found = std::ranges::find(attributes, wanted, &XmlAttribute::name);
    return found == attributes.end() ? nullptr : &*found;
}

std::string XmlElement::value_of(std::string_view wanted, std::string_view otherwise) const {
    const XmlAttribute* const found = find(wanted);
    return found == nullptr ? std::string{otherwise} : found->value;
}

XmlDocument read_xml(const Sources& sources, FileId file) {
    return XmlReader{sources, file}.read();
}

} // namespace tlsdoctor::config
