// SPDX-License-Identifier: Apache-2.0
// What a URL's scheme says about a target: its default port, and whether its protocol begins in
// clear text and upgrades to TLS.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tlsdoctor::cli {

/// A row of the table.
struct Scheme {
    std::string_view name{};
    std::uint16_t port{};
    std::string_view starttls{}; ///< the protocol to upgrade with; empty for implicit TLS
};

/// Returns the whole table.
std::span<const Scheme> schemes();

/// Finds a scheme by its name in lower case; null where there is none.
const Scheme* find_scheme(std::string_view name);

} // namespace tlsdoctor::cli
