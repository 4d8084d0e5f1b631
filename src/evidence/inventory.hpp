// SPDX-License-Identifier: Apache-2.0
// Everything that a server accepts, as far as its answers to the hellos of an enumeration show it
// (`check --full`). Derived from `Endpoint::inventory` and the version probes, and from nothing
// else, so that a recording gives the same lists again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/handshake.hpp"
#include "evidence/visit.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/extension_type.hpp"
#include "registry/named_group.hpp"
#include "registry/signature_scheme.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// What is known of one thing that a server may accept. "Refused" rests on an answer; a silence
/// leaves it `undecided`.
enum class Acceptance : std::uint8_t { untested, accepted, refused, undecided };

/// Whose order decides where both sides have several things in common.
enum class Preference : std::uint8_t {
    unknown, ///< one thing in common, or not asked
    server,
    client,
};

/// A cipher suite that was chosen, and what came with it.
struct AcceptedSuite {
    CipherSuite suite{};
    std::optional<NamedGroup> group{}; ///< of the key exchange, where there was one
    std::uint16_t dh_bits{};           ///< of the DHE prime; 0: no DHE
    std::string exchange{};            ///< the answer that shows it
};

/// The cipher suites of one version.
struct VersionSuites {
    ProtocolVersion version{};
    std::vector<AcceptedSuite> accepted{}; ///< in the server's order where `preference` is `server`
    Preference preference{};
    std::vector<CipherSuite> undecided{}; ///< offered, and no answer decides
    bool complete{}; ///< every suite of the registry was accepted or refused by an answer
    bool ordered{};  ///< the server's order is shown from the first to the last
};

/// A group of one family of versions: TLS 1.3 and the ones before choose by different rules.
struct AcceptedGroup {
    NamedGroup group{};
    ProtocolVersion version{}; ///< that it was chosen in
    std::string exchange{};
};

/// The groups of one version.
struct VersionGroups {
    ProtocolVersion version{};
    std::vector<AcceptedGroup> accepted{}; ///< in the server's order where `preference` is `server`
    Preference preference{};
    std::vector<NamedGroup> undecided{};
};

/// The signature schemes that the server signs with, in one version.
struct VersionSchemes {
    ProtocolVersion version{};
    std::vector<SignatureScheme> accepted{}; ///< by number where no order shows
    std::vector<SignatureScheme> undecided{};
};

/// The parameters of finite-field Diffie-Hellman.
struct DhParameters {
    std::uint16_t bits{};
    std::string prime{}; ///< `ffdhe2048`, `RFC 3526 group 14`, `Apache 2.2's` ...; empty: its own
    std::string exchange{}; ///< that shows it
};

/// A leaf certificate, of which a server may have one for each kind of key.
struct SeenCertificate {
    std::string key{};      ///< `RSA 2048`, `EC P-256`
    Certificate leaf{};     ///< what could be read of it
    std::string exchange{}; ///< that showed it
};

/// An extension or a feature that the server takes up, or does not.
struct Feature {
    std::string_view name{}; ///< `extended_master_secret`, `session_ticket`, `compression` ...
    Acceptance state{};
    std::string exchange{};
};

/// Everything that was enumerated. Empty lists of a version that is not accepted.
struct Inventory {
    std::vector<VersionSuites> suites{}; ///< oldest version first, TLS and SSL 3.0
    std::vector<std::uint32_t> ssl2_cipher_kinds{};
    std::vector<VersionGroups> groups{};
    std::vector<VersionSchemes> signature_schemes{};
    std::vector<SeenCertificate> certificates{};
    std::vector<DhParameters> dh_parameters{};
    std::vector<std::string> alpn{};
    bool alpn_asked{}; ///< an empty `alpn` says something
    std::vector<Feature> features{};
};

/// Returns what the exchanges of an enumeration show; nullopt where there was none.
std::optional<Inventory> inventory_of(const Endpoint& endpoint);

/// Returns `untested` ... and `server` ... as results carry them.
std::string_view name_of(Acceptance acceptance);
std::string_view name_of(Preference preference);

} // namespace tlsdoctor::evidence
