// SPDX-License-Identifier: Apache-2.0
// Fingerprints of hellos: JA3 and JA4 as other tools print them, our own class of equal hellos, and
// which known clients a hello looks like. A near one is never called the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/hello.hpp"

namespace tlsdoctor::client {

/// Returns JA3's text: `771,4865-4866,0-23,29-23,0`, decimal, without GREASE.
std::string ja3_text(const HelloFields& fields);

/// Returns JA3: the MD5 of that text.
std::string ja3(const HelloFields& fields);

/// Returns JA4 with its lists instead of their digests, sorted as JA4 sorts (FoxIO's `ja4_r`).
std::string ja4_text(const HelloFields& fields);

/// Returns JA4: `t13d1516h2_8daaf6152771_b1ff8ab2d16f`.
std::string ja4(const HelloFields& fields);

/// Returns 12 digits that are equal for equal hellos: GREASE, padding and the order of extensions
/// set aside.
std::string hello_class(const HelloFields& fields);

/// How much a hello and a known client's agree, best first.
enum class Likeness : std::uint8_t {
    exact,      ///< every list in its order; GREASE's values, sizes and keys set aside
    same_class, ///< the same `hello_class`
    same_ja4,   ///< the same JA4, host name and ALPN set aside
    near,       ///< most suites and extensions are the same, which points at the library
};

/// Returns `exact`, `same_class`, `same_ja4` or `near`.
std::string_view name_of(Likeness likeness);

/// A known client whose hello is like the one in question.
struct Lookalike {
    std::string_view id{};
    Likeness likeness{};

    bool operator==(const Lookalike&) const = default;
};

/// Returns the known clients that a hello is like, best first, telling ones before others, at most
/// `most`. Where one is exact, or of the same class, no weaker likeness is listed.
std::vector<Lookalike> looks_like(const HelloFields& fields, std::size_t most = 8);

} // namespace tlsdoctor::client
