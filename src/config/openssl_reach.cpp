// SPDX-License-Identifier: Apache-2.0
// Which settings of openssl.cnf reach which server, and how their values read; see
// openssl_policy.hpp.
#include "config/openssl_policy.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_highest_level = 5;

// clang-format off
constexpr std::array k_reach = {
    //          server         min    max    level  groups suites protocol
    PolicyReach{"nginx",       false, false, true,  true,  true,  false},
    PolicyReach{"apache",      false, false, true,  true,  true,  true},
    PolicyReach{"haproxy",     false, false, true,  true,  true,  true},
    PolicyReach{"dovecot",     false, true,  true,  true,  true,  true},
    PolicyReach{"lighttpd",    false, true,  false, true,  true,  true},
    PolicyReach{"postgresql",  false, true,  true,  false, true,  true},
    PolicyReach{"stunnel",     true,  true,  false, false, false, true}, // min: where sslVersionMin is not set
    PolicyReach{"postfix",     false, false, false, false, true,  true},
    PolicyReach{"prosody",     false, false, false, false, false, true},
    PolicyReach{"vsftpd",      true,  true,  true,  false, true,  true},
    PolicyReach{"proftpd",     true,  true,  true,  true,  true,  false},
};
// clang-format on

constexpr PolicyReach k_reaches_all{"", true, true, true, true, true, true};

} // namespace

const PolicyReach& reach_of(std::string_view server) {
    const auto row = std::ranges::find(k_reach, server, &PolicyReach::server);
    return row == k_reach.end() ? k_reaches_all : *row;
}

VersionSet at_least(std::string_view value) {
    const auto lowest = version_named(trimmed(value));
    return lowest ? VersionSet::range(*lowest, ProtocolVersion::tls_1_3) : VersionSet::all();
}

VersionSet at_most(std::string_view value) {
    const auto highest = version_named(trimmed(value));
    return highest ? VersionSet::range(ProtocolVersion::ssl_2_0, *highest) : VersionSet::all();
}

VersionSet protocols_in(std::string_view list) {
    VersionSet set = VersionSet::all();
    for (std::string_view word : split(list, ',')) {
        word = trimmed(word);
        const bool minus = word.starts_with('-');
        if (minus || word.starts_with('+')) {
            word.remove_prefix(1);
        }
        const auto version = version_named(word);
        VersionSet named = version ? VersionSet{*version} : VersionSet{};
        if (same_ignoring_case(word, "ALL")) {
            named = VersionSet::all();
        }
        set = minus ? set - named : set | named;
    }
    return set;
}

std::optional<int> security_level_in(std::string_view cipher_string) {
    constexpr std::string_view k_word = "@SECLEVEL=";
    const std::size_t at = cipher_string.rfind(k_word);
    if (at == cipher_string.npos) {
        return std::nullopt;
    }
    const std::string_view rest = cipher_string.substr(at + k_word.size());
    const auto level = number_in(rest.substr(0, 1), k_highest_level);
    return level ? std::optional{static_cast<int>(*level)} : std::nullopt;
}

} // namespace tlsdoctor::config
