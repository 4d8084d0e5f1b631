// SPDX-License-Identifier: Apache-2.0
// Host names as the DNS and server_name carry them: ASCII, lower case, without a trailing dot.
// Internationalised names become A-labels (IDNA2008 with UTS #46 mapping, non-transitional, like
// browsers).
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace tlsdoctor::net {

/// Why a text cannot be a host name.
struct IdnError {
    std::string text{}; ///< for the user, safe to print: `a label of 64 bytes; 63 is the limit`
};

/// Returns the ASCII form of a host name in UTF-8. Underscores are let through, as service names
/// have them; an empty label, a label of more than 63 bytes, a name of more than 253, and white
/// space or punctuation are errors. IP literals are not names: ask is_ip_literal first.
std::expected<std::string, IdnError> to_ascii(std::string_view host);

} // namespace tlsdoctor::net
