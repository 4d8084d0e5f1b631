// SPDX-License-Identifier: Apache-2.0
// Whether a known client goes on with what a server chose. A ServerHello is no connection: clients
// refuse versions, key sizes, curves and signatures that their hellos do not speak of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/choice.hpp"
#include "client/hello.hpp"
#include "client/limits.hpp"
#include "client/profile.hpp"
#include "registry/alert.hpp"

namespace tlsdoctor::client {

/// What the client does not put up with.
enum class Objection : std::uint8_t {
    version,
    cipher_suite,
    group,
    dh_too_small,
    dh_too_large,
    rsa_too_small,
    rsa_too_large,
    certificate_type,
    certificate_curve,
    certificate_digest,
    signature_scheme,
    secure_renegotiation,
    static_rsa,
    old_version_signature, ///< TLS 1.0 and 1.1 sign with SHA-1, which its security level forbids
};

/// Returns `dh_too_small` ...
std::string_view name_of(Objection objection);

/// Why a client ends the handshake.
struct Refusal {
    Objection objection{};
    std::string why{};    ///< `it refuses DH primes below 2048 bits, ...`
    std::string source{}; ///< one sentence: how that is known
    Basis basis{};
    std::optional<AlertDescription> alert{}; ///< the one it sends, where that was recorded
};

/// Returns why this client would refuse, nullopt where nothing speaks against it. What was not seen
/// of the choice is not judged. `hello` is the one that the server answered.
std::optional<Refusal>
refusal(const Profile& profile, const HelloFields& hello, const ServerChoice& choice);

} // namespace tlsdoctor::client
