// SPDX-License-Identifier: Apache-2.0
// The words of HAProxy that decide versions, suites and groups; they stand on bind lines, in the
// brackets of a crt-list and behind ssl-default-bind-options, and mean the same everywhere. Each
// setting remembers who made it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/service.hpp"
#include "config/syntax/haproxy.hpp"

namespace tlsdoctor::config {

/// Who made a setting.
struct HaproxyMaker {
    std::optional<std::size_t> default_line{
    }; ///< number of an ssl-default-bind-* line; else the own line
    std::optional<HaproxyVariable> variable{}; ///< the value is this variable's
    Place value{};                             ///< of the word
};

/// A minimum or maximum; `none` where there is none.
struct HaproxyBound {
    ProtocolVersion version{ProtocolVersion::none};
    HaproxyMaker maker{};
};

/// A text: suites, groups.
struct HaproxyText {
    std::optional<std::string> text{};
    HaproxyMaker maker{};
};

/// All settings of one line, or of the defaults.
struct HaproxyTls {
    HaproxyBound minimum{};
    HaproxyBound maximum{};
    VersionSet excluded{}; ///< by no-tlsv1x
    std::vector<HaproxyMaker> excluders{};
    HaproxyText ciphers{};
    HaproxyText ciphersuites{};
    HaproxyText groups{}; ///< curves, or ecdhe where there are no curves
};

/// Returns `own` with what it lacks from `defaults`.
HaproxyTls merged(HaproxyTls own, const HaproxyTls& defaults);

/// What comes of it.
struct HaproxyVersions {
    VersionSet enabled{};
    bool ignores_excluded{}; ///< no-tlsv1x is there and does not count
};

/// Returns the versions of a bind line. `default_minimum` counts where there is no minimum, unless
/// the maximum is lower: then only the maximum is left.
HaproxyVersions versions_of_bind(const HaproxyTls& tls, ProtocolVersion default_minimum);

/// Returns the versions for a line of a crt-list on a bind whose versions are `of_bind`.
VersionSet versions_of_entry(const HaproxyTls& entry, VersionSet of_bind);

/// What reading a word led to.
enum class HaproxyTaken : std::uint8_t { no, yes, bad };

/// Reads the version words at `words[at]` (ssl-min-ver, no-tlsv13, force-tlsv12 ...) into `tls` and
/// moves `at` to the last word used.
HaproxyTaken take_version_word(
    std::span<const HaproxyWord> words, std::size_t& at, HaproxyTls& tls,
    std::optional<std::size_t> default_line
);

/// Returns `TLSv1.2`, as HAProxy spells it.
std::string_view haproxy_name(ProtocolVersion version);

/// Writes a row of options anew: versions as minimum and maximum, no other way of saying it.
/// nullopt where nothing would be left.
std::optional<std::string> rewrite_haproxy_options(std::string_view old, VersionSet wanted);
/// Write the value of a variable that is a minimum, or a maximum; quotes stay.
std::optional<std::string> rewrite_haproxy_minimum(std::string_view old, VersionSet wanted);
std::optional<std::string> rewrite_haproxy_maximum(std::string_view old, VersionSet wanted);
/// Writes ` ssl-min-ver X ssl-max-ver Y`, what is not needed left out.
std::string haproxy_options_for(VersionSet wanted, bool with_minimum);

} // namespace tlsdoctor::config
