// SPDX-License-Identifier: Apache-2.0
// What would come of a known client's connection to a server of which the facts were enumerated:
// for `--what-if` and recordings, where no hello can be sent. What was not asked leaves it unsure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/accept.hpp"
#include "client/choice.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"

namespace tlsdoctor::client {

/// Values that a server accepts, best first where it has an order of its own.
template <typename T>
struct Enumerated {
    std::vector<T> values{};
    bool complete{}; ///< all were asked for: what is not here is refused
};

/// A certificate that the server may show.
struct ServerCertificate {
    CertificateKey key{};
    std::optional<ChainDigest> chain{};
};

/// What is known of a server.
struct ServerFacts {
    Enumerated<ProtocolVersion> versions{};
    Enumerated<CipherSuite> cipher_suites{}; ///< of all versions together
    Enumerated<NamedGroup> groups{};
    std::vector<ServerCertificate> certificates{}; ///< empty: not known, and not judged
    std::optional<std::uint32_t> dh_bits{};
    std::optional<bool> secure_renegotiation{};
    std::optional<SignatureScheme> signature{}; ///< the only one it signs with, where it has one
    bool own_order{true};                       ///< its preference decides, not the client's
};

/// How it ends.
enum class Ending : std::uint8_t { connects, server_refuses, client_refuses, unsure };

/// Returns `connects`, `server_refuses`, `client_refuses` or `unsure`.
std::string_view name_of(Ending ending);

/// The end of a connection and how it came.
struct Negotiation {
    Ending ending{};
    ServerChoice choice{};                   ///< as far as it came
    std::size_t attempt{};                   ///< 0 the first hello, 1 the first fallback ...
    std::optional<AlertDescription> alert{}; ///< that ends it
    std::string why{};                       ///< one sentence; empty where it connects
    std::optional<Refusal> refusal{};        ///< where the client refuses
};

/// Plays one hello through.
Negotiation negotiate(const Profile& profile, const HelloFields& hello, const ServerFacts& server);

/// Plays the client's hello through, and after a refusal those with which it tries again.
Negotiation negotiate(const Profile& profile, const ServerFacts& server);

} // namespace tlsdoctor::client
