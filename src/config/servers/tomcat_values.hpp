// SPDX-License-Identifier: Apache-2.0
// Values of Tomcat's attributes: `${property}`, lists of versions, lists of ciphers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// Puts in properties of the command line and of catalina.properties.
class TomcatValues {
public:
    TomcatValues(const Input& input, Reading& reading);

    /// Returns the text with `${name}` and `${name:-default}` put in; what is not known stays.
    std::string expanded(const std::string& text) const;
    /// catalina.base: relative names of files are below it.
    const std::string& base() const { return base_; }

private:
    const Input& input_;
    std::string base_{};
    std::map<std::string, std::string> properties_{};
};

/// Reads `TLSv1.2+TLSv1.3`, `all,-TLSv1`; a comma adds. Small letters matter.
VersionSet tomcat_protocols(std::string_view list);

/// Writes such a list; see Rewrite.
std::optional<std::string> rewritten_tomcat_list(std::string_view old, VersionSet wanted);

/// Returns a cipher list in OpenSSL's language: Tomcat takes that and lists of Java's names; empty
/// is its default.
std::string tomcat_ciphers(std::string_view list);

} // namespace tlsdoctor::config
