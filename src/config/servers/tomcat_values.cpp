// SPDX-License-Identifier: Apache-2.0
// Values of Tomcat's attributes; see the header.
#include "config/servers/tomcat_values.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/java_policy.hpp"
#include "registry/cipher_suite.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_tomcat_ciphers = "HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!kRSA";
constexpr VersionSet k_tomcat_all =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

VersionSet tomcat_meaning(std::string_view word) {
    if (same_ignoring_case(word, "all")) {
        return k_tomcat_all;
    }
    for (const ProtocolVersion version : k_versions) {
        if (word == openssl_name(version)) {
            return {version};
        }
    }
    return {};
}

} // namespace

TomcatValues::TomcatValues(const Input& input, Reading& reading) : input_{input} {
    const std::string folder = folder_of(input.main);
    base_ = folder.ends_with("/conf") ? folder_of(folder) : folder;
    for (const std::string_view debian : {"/var/lib/tomcat10", "/var/lib/tomcat9"}) {
        if (folder == "/etc/" + std::string{debian.substr(9)}) {
            base_ = debian;
        }
    }
    base_ = java_system_property(input.start, "catalina.base").value_or(base_);
    const std::string path = joined_path(folder, "catalina.properties");
    if (auto bytes = input.files.read(path)) {
        const FileId file = reading.sources.add(input.files.real_path(path), std::move(*bytes));
        for (const JavaProperty& one : java_properties(reading.sources, file)) {
            properties_[one.key] = one.value;
        }
    }
    properties_["catalina.base"] = base_;
}

std::string TomcatValues::expanded(const std::string& text) const {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end =
            text.compare(at, 2, "${") == 0 ? text.find('}', at) : std::string::npos;
        if (end == text.npos) {
            result += text[at++];
            continue;
        }
        const std::string inside = text.substr(at + 2, end - at - 2);
        const std::size_t dash = inside.find(":-");
        const std::string name = inside.substr(0, dash);
        const auto set = java_system_property(input_.start, name);
        const auto property = properties_.find(name);
        if (set) {
            result += *set;
        } else if (property != properties_.end()) {
            result += property->second;
        } else {
            result += dash == inside.npos ? text.substr(at, end + 1 - at) : inside.substr(dash + 2);
        }
        at = end + 1;
    }
    return result;
}

VersionSet tomcat_protocols(std::string_view list) {
    VersionSet set;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t next = std::min(list.find_first_of("+-,", at + 1), list.size());
        std::string_view word = trimmed(list.substr(at, next - at));
        const bool minus = word.starts_with('-');
        word.remove_prefix(word.find_first_of("+-,") == 0 ? 1 : 0);
        const VersionSet meant = tomcat_meaning(trimmed(word));
        set = minus ? set - meant : set | meant;
        at = next;
    }
    return set;
}

std::optional<std::string> rewritten_tomcat_list(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || wanted.lowest() < ProtocolVersion::tls_1_0) {
        return std::nullopt;
    }
    const bool spaced = old.contains(", ");
    const bool commas = old.contains(',') && !old.contains('+') && !old.contains('-');
    return openssl_names(wanted, commas ? (spaced ? ", " : ",") : "+");
}

std::string tomcat_ciphers(std::string_view list) {
    if (trimmed(list).empty()) {
        return std::string{k_tomcat_ciphers};
    }
    if (list.contains(':')) {
        return std::string{list};
    }
    std::string names;
    for (const std::string_view part : split(list, ',')) {
        const std::string_view word = trimmed(part);
        const auto suites = tlsdoctor::cipher_suites();
        const auto found = std::ranges::find(suites, word, &CipherSuiteInfo::name);
        const std::string_view name =
            found == suites.end() || found->openssl_name.empty() ? word : found->openssl_name;
        if (!word.empty() &&
            !(found != suites.end() && found->first_version == ProtocolVersion::tls_1_3)) {
            names += (names.empty() ? "" : ":") + std::string{name};
        }
    }
    return names;
}

} // namespace tlsdoctor::config
