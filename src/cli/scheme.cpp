// SPDX-License-Identifier: Apache-2.0
// The table of schemes. Ports are IANA's; where custom differs from the registry (submission,
// xmpp), custom wins.
#include "cli/scheme.hpp"

#include <algorithm>
#include <array>

namespace tlsdoctor::cli {

namespace {

// clang-format off
constexpr std::array k_schemes = {
    Scheme{"https",       443,  {}},
    Scheme{"wss",         443,  {}},
    Scheme{"tls",         443,  {}},
    Scheme{"ssl",         443,  {}},
    Scheme{"http",        80,   {}}, // no TLS is expected there, and the diagnosis says so
    Scheme{"ws",          80,   {}},
    Scheme{"smtp",        25,   "smtp"},
    Scheme{"submission",  587,  "smtp"},
    Scheme{"smtps",       465,  {}},
    Scheme{"submissions", 465,  {}},
    Scheme{"imap",        143,  "imap"},
    Scheme{"imaps",       993,  {}},
    Scheme{"pop3",        110,  "pop3"},
    Scheme{"pop3s",       995,  {}},
    Scheme{"sieve",       4190, "sieve"},
    Scheme{"ftp",         21,   "ftp"},
    Scheme{"ftps",        990,  {}},
    Scheme{"nntp",        119,  "nntp"},
    Scheme{"nntps",       563,  {}},
    Scheme{"ldap",        389,  "ldap"},
    Scheme{"ldaps",       636,  {}},
    Scheme{"xmpp",        5222, "xmpp"},
    Scheme{"xmpps",       5223, {}},
    Scheme{"irc",         6667, "irc"},
    Scheme{"ircs",        6697, {}},
    Scheme{"postgres",    5432, "postgres"},
    Scheme{"postgresql",  5432, "postgres"},
    Scheme{"mysql",       3306, "mysql"},
    Scheme{"mariadb",     3306, "mysql"},
    Scheme{"rdp",         3389, "rdp"},
    Scheme{"rediss",      6379, {}},
    Scheme{"mqtts",       8883, {}},
    Scheme{"amqps",       5671, {}},
    Scheme{"sips",        5061, {}},
    Scheme{"telnets",     992,  {}},
    Scheme{"dot",         853,  {}},
};
// clang-format on

} // namespace

std::span<const Scheme> schemes() {
    return k_schemes;
}

const Scheme* find_scheme(std::string_view name) {
    const auto row = std::find_if(k_schemes.begin(), k_schemes.end(), [&](const Scheme& scheme) {
        return scheme.name == name;
    });
    return row == k_schemes.end() ? nullptr : &*row;
}

} // namespace tlsdoctor::cli
