// SPDX-License-Identifier: Apache-2.0
// What is left of a list of cipher suites on a real server: the security level takes some away, the
// key of the certificate others, missing parameters the rest [SSL_CTX_set_security_level(3)].
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"

namespace tlsdoctor::config {

/// What a server has to go with its suites.
struct Equipment {
    int security_level{};
    std::vector<std::string> keys{}; ///< `rsa`, `ecdsa` ...; empty: not known, any may be there
    bool keys_known{};
    bool dh_parameters{};
    std::vector<NamedGroup> groups{};
};

/// Tells whether a suite of TLS 1.2 and older survives the security level.
bool survives_level(const CipherSuiteInfo& suite, int level);
/// Tells whether one of the keys can authenticate with it.
bool has_key(const CipherSuiteInfo& suite, const Equipment& equipment);
/// Tells whether its key exchange can be done: a group for ECDHE, parameters for DHE.
bool has_exchange(const CipherSuiteInfo& suite, const Equipment& equipment);

/// Returns why OpenSSL refuses a list of suites of TLS 1.2 and older; nullopt where it takes it.
std::optional<std::string> refusal_of_ciphers(const Knowledge& knowledge, const std::string& list);

/// The groups of a list as OpenSSL reads it: names with colons; the unknown ones are told apart.
struct GroupList {
    std::vector<NamedGroup> groups{};
    std::vector<std::string> unknown{}; ///< OpenSSL refuses the whole list because of these
};

/// Reads `X25519:prime256v1`, with `?`, `*` and `/` of OpenSSL 3.5; empty: the library's default.
GroupList groups_in(std::string_view list, std::string_view library_version);

/// Returns the suites of TLS 1.3 in a list; empty: the library's default three. Unknown names are
/// left out.
std::vector<CipherSuite> tls13_suites_in(std::string_view list);

} // namespace tlsdoctor::config
