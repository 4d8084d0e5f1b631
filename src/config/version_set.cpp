// SPDX-License-Identifier: Apache-2.0
// Sets of versions; see the header.
#include "config/version_set.hpp"

namespace tlsdoctor::config {

std::vector<ProtocolVersion> VersionSet::members() const {
    std::vector<ProtocolVersion> members;
    for (const ProtocolVersion version : k_versions) {
        if (has(version)) {
            members.push_back(version);
        }
    }
    return members;
}

ProtocolVersion VersionSet::lowest() const {
    const auto in = members();
    return in.empty() ? ProtocolVersion::none : in.front();
}

ProtocolVersion VersionSet::highest() const {
    const auto in = members();
    return in.empty() ? ProtocolVersion::none : in.back();
}

std::string name_of(VersionSet set) {
    std::string text;
    for (const ProtocolVersion version : set.members()) {
        text += (text.empty() ? "" : ", ") + name_of(version);
    }
    return text.empty() ? "none" : text;
}

std::string_view openssl_name(ProtocolVersion version) {
    switch (version) {
    case ProtocolVersion::ssl_2_0:
        return "SSLv2";
    case ProtocolVersion::ssl_3_0:
        return "SSLv3";
    case ProtocolVersion::tls_1_0:
        return "TLSv1";
    case ProtocolVersion::tls_1_1:
        return "TLSv1.1";
    case ProtocolVersion::tls_1_2:
        return "TLSv1.2";
    case ProtocolVersion::tls_1_3:
        return "TLSv1.3";
    case ProtocolVersion::none:
        break;
    }
    return "";
}

std::string openssl_names(VersionSet set, std::string_view separator) {
    std::string text;
    for (const ProtocolVersion version : set.members()) {
        text += text.empty() ? "" : separator;
        text += openssl_name(version);
    }
    return text;
}

} // namespace tlsdoctor::config
