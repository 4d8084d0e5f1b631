// SPDX-License-Identifier: Apache-2.0
// From what a server's directives say to what it accepts on the wire: the library beneath, its
// version, its security level, its own configuration file, and whether suites, key, groups and
// primes fit together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"

namespace tlsdoctor::config {

/// Why a version is not accepted.
enum class Obstacle : std::uint8_t {
    none,             ///< it is accepted
    not_enabled,      ///< the server's own directives, or its default, leave it out
    system_policy,    ///< the library's configuration file forbids it
    not_built,        ///< the library cannot speak it
    security_level,   ///< it could not sign: OpenSSL's security level (or Java's, GnuTLS's policy)
    no_suite,         ///< no cipher suite that is enabled can be used with it
    key_mismatch,     ///< suites are there, and none fits the key of the certificate
    no_dh_parameters, ///< only DHE suites, and no parameters for them
    no_group,         ///< no group for the key exchange
    door,             ///< nobody answers with TLS: see Service::door
    not_starting,     ///< the server refuses its configuration
};

/// One version.
struct VersionState {
    ProtocolVersion version{};
    bool accepted{};
    Obstacle obstacle{};
};

/// What a client meets that connects to one address and asks for one name.
struct Effective {
    std::vector<VersionState> versions{}; ///< the six, oldest first
    std::vector<CipherSuite> suites{};    ///< of TLS 1.2 and older, as they can be negotiated
    std::vector<CipherSuite> tls13_suites{};
    std::vector<NamedGroup> groups{}; ///< by preference
    std::string certificate_key{};    ///< `rsa`, `ecdsa`, `rsa ecdsa`; empty where it is not known
    std::vector<Line> lines{};        ///< the service's, and those of files beneath the server
    VersionSet accepted() const;
};

/// What stands beneath the server.
struct Beneath {
    std::string library_version{}; ///< `3.0.15`
    std::string openssl_conf{};    ///< absolute path; empty: none
    std::string gnutls_conf{};
    std::vector<std::string> java_security{}; ///< the later override the earlier
};

/// Finds out what stands beneath: the start command's environment, then the distribution's places.
Beneath beneath(const Input& input, const Server& server);

/// Judges every service of the reading, in order. Files that are read join its sources.
std::vector<Effective>
judge_all(const Server& server, const Beneath& beneath, const Input& input, Reading& reading);

} // namespace tlsdoctor::config
