// SPDX-License-Identifier: Apache-2.0
// What makes results ones of the same target. Two targets must never look alike, whatever stands in
// their names.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "evidence/result.hpp"

namespace tlsdoctor::evidence {

namespace {

/// Keeps the parts of an identity apart whatever they hold.
std::string identity_part(std::string_view text) {
    std::string part;
    for (const char c : lower(text)) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = byte > 0x20 && byte != 0x7F && c != '%' && c != '[' && c != ']';
        part += plain ? std::string(1, c) : fmt::format("%{:02x}", byte);
    }
    return part;
}

bool is_address(std::string_view host) {
    const auto of_ipv4 = [](char c) {
        return (c >= '0' && c <= '9') || c == '.';
    };
    return host.contains(':') || std::ranges::all_of(host, of_ipv4);
}

} // namespace

std::string identity_of(const Result& result) {
    const std::string host = identity_part(result.host);
    std::string identity = host.contains(':') ? fmt::format("[{}]:{}", host, result.port)
                                              : fmt::format("{}:{}", host, result.port);
    const bool sends_none = is_address(result.host);
    if (!result.sni) {
        identity += sends_none ? "" : " no-sni";
    } else if (sends_none || !same_ignoring_case(*result.sni, result.host)) {
        identity += " sni=" + identity_part(*result.sni);
    }
    if (result.starttls) {
        identity += " starttls=" + identity_part(*result.starttls);
    }
    return identity;
}

} // namespace tlsdoctor::evidence
