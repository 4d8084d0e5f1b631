// SPDX-License-Identifier: Apache-2.0
// Known clients, from data/clients/: who they are, how we know them, and the range of versions that
// each can speak. Their hellos are in client/replay.hpp, their limits in client/limits.hpp.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "registry/version.hpp"

namespace tlsdoctor::client {

/// How well a client's hello is known, best first.
enum class Fidelity : std::uint8_t {
    captured,        ///< from the program itself, on loopback
    published_bytes, ///< somebody published its bytes
    published_lists, ///< somebody published what stands in it, or telemetry recorded it
    parrot,          ///< a library's imitation of it
    documented,      ///< put together from the vendor's documentation
};

/// Returns `captured` ... as in the table.
std::string_view name_of(Fidelity fidelity);

/// A known client; the texts live as long as the program.
struct Profile {
    std::string_view id{};       ///< `cap-curl-debian12`
    std::string_view name{};     ///< `curl 7.88.1 (OpenSSL 3.0)`
    std::string_view platform{}; ///< `Debian 12 (bookworm)`
    std::string_view category{}; ///< `browser`, `cli`, `runtime` ...
    std::uint16_t released{};    ///< year, 0 where unknown
    ProtocolVersion lowest{};    ///< `none` where nobody recorded it
    ProtocolVersion highest{};
    bool telling{};                 ///< among the few dozen names that stand for all on one screen
    std::string_view hello_class{}; ///< equal for equal hellos (client/fingerprint.hpp)
    std::string_view ja4{};
    std::string_view library{}; ///< `OpenSSL`, empty where it is not known
    Fidelity fidelity{};
    bool permutes_extensions{}; ///< in another order with each connection
    std::string_view source{};  ///< where it comes from
};

/// Returns all profiles, in the file's order.
std::span<const Profile> profiles();

/// Finds a profile by id, or by a unique abbreviation of it (`java-8u161` for `ts-java-8u161`).
const Profile* find_profile(std::string_view id);

/// Returns the ids nearest to a word that `find_profile` did not find, best first, at most five.
std::vector<std::string_view> similar_ids(std::string_view word);

} // namespace tlsdoctor::client
