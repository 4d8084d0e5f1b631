// SPDX-License-Identifier: Apache-2.0
// Elements and attributes of an XML file with their places. Lossless and bounded: comments, CDATA,
// processing instructions and a DOCTYPE are covered by tokens and otherwise passed over; nothing is
// ever fetched. Text between elements is not kept: configurations have none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// `protocols="TLSv1.2"`.
struct XmlAttribute {
    std::string name{};
    std::string value{}; ///< entities replaced
    Place place{};       ///< from the name to the closing quote
    Place inside{};      ///< between the quotes
};

/// An element.
struct XmlElement {
    std::string name{};
    std::vector<XmlAttribute> attributes{};
    Place place{};      ///< the start tag, `<` to `>`
    Place name_place{}; ///< the name in it
    std::vector<XmlElement> children{};

    /// Returns the attribute, or null.
    const XmlAttribute* find(std::string_view name) const;
    /// Returns its value, or `otherwise`.
    std::string value_of(std::string_view name, std::string_view otherwise = {}) const;
};

/// A file.
struct XmlDocument {
    std::vector<Place> tokens{}; ///< tags, and what is between them: cover the file in order
    std::vector<XmlElement> roots{};
    std::vector<Remark> faults{};
};

/// Elements go no deeper; what does is a fault.
inline constexpr std::size_t k_most_xml_depth = 64;

/// Reads a file; what cannot be read is a fault with its place.
XmlDocument read_xml(const Sources& sources, FileId file);

} // namespace tlsdoctor::config
