// SPDX-License-Identifier: Apache-2.0
// What the files of a server say that it does: evidence of the kind "configured", never seen on the
// wire. For each address and server name which versions are accepted, and which lines decide it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/cipher_suite.hpp"
#include "registry/named_group.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// What part a line has in an outcome.
enum class LineRole : std::uint8_t {
    effective, ///< it decides
    guilty,    ///< it decides, and what it decides hurts
    inert,     ///< it looks as if it decided
};

/// A line of a file.
struct ConfigLine {
    std::string file{};
    std::size_t line{}; ///< from 1
    std::string text{}; ///< without blanks around it, safe to print
    LineRole role{};
    std::string why{};   ///< half a sentence; may be empty
    std::string about{}; ///< `versions`, `ciphers`, `listen` ...; empty where that is not known

    bool operator==(const ConfigLine&) const = default;
};

/// Why a version is not accepted; the words of the JSON.
enum class ConfigObstacle : std::uint8_t {
    none,
    not_enabled,
    system_policy,
    not_built,
    security_level,
    no_suite,
    key_mismatch,
    no_dh_parameters,
    no_group,
    door,
    not_starting,
};

/// What answers at an address for a name.
enum class ConfigDoor : std::uint8_t {
    tls,
    plain,
    starttls_not_offered,
    not_listening,
    name_refused,
    no_certificate,
    closes,
};

/// One version.
struct ConfiguredVersion {
    ProtocolVersion version{};
    bool accepted{};
    ConfigObstacle obstacle{};
};

/// What one address does for one name.
struct ConfiguredEndpoint {
    std::string address{};            ///< `0.0.0.0:443`, `[::]:443`
    std::optional<std::string> sni{}; ///< nullopt: no name sent; `*`: any other name
    std::optional<std::string> starttls{};
    ConfigDoor door{};
    bool meant_for_tls{true};                  ///< its clear text, where it has any, is a mistake
    std::vector<ConfiguredVersion> versions{}; ///< the six, oldest first
    std::vector<CipherSuite> suites{};         ///< of TLS 1.2 and older
    std::vector<CipherSuite> tls13_suites{};
    std::vector<NamedGroup> groups{};
    std::string certificate_key{}; ///< `rsa`, `ecdsa`, ...; empty where not known
    std::vector<ConfigLine> decided_by{};
};

/// A remark about a line.
struct ConfigRemark {
    ConfigLine line{}; ///< `line` 0: about the whole file; empty `file`: about none
    std::string what{};
};

/// A server's configuration.
struct Configuration {
    std::string server{};  ///< `nginx`
    std::string product{}; ///< `nginx`, `Apache`: as people write it
    std::string server_version{};
    std::string version_source{}; ///< `given`, `detected`, `assumed`
    std::string library{};        ///< `OpenSSL`, `GnuTLS`, `Java`, `Go`
    std::string library_version{};
    std::vector<std::string> files{};
    std::vector<ConfiguredEndpoint> endpoints{};
    std::vector<ConfigRemark> fatal{}; ///< with these the server does not start
    std::vector<ConfigRemark> warnings{};
    std::vector<ConfigRemark> not_understood{};
};

/// Returns the words of the JSON: `effective`, `security_level`, `name_refused` ...
std::string_view name_of(LineRole role);
std::string_view name_of(ConfigObstacle obstacle);
std::string_view name_of(ConfigDoor door);

/// Returns the versions that an endpoint accepts, oldest first.
std::vector<ProtocolVersion> accepted_versions(const ConfiguredEndpoint& endpoint);

} // namespace tlsdoctor::evidence
