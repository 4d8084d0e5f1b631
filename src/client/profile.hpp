// SPDX-License-Identifier: Apache-2.0
// Known clients: at this stage the range of versions that each can speak, from data/clients/. Who
// is locked out of a server follows from it and the versions that the server accepts.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "evidence/visit.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::client {

/// A known client; the texts live as long as the program.
struct Profile {
    std::string_view id{};       ///< `cap-curl-debian12`
    std::string_view name{};     ///< `curl 7.88.1 (OpenSSL 3.0)`
    std::string_view platform{}; ///< `Debian 12 (bookworm)`
    std::string_view category{}; ///< `browser`, `cli`, `runtime` ...
    std::uint16_t released{};    ///< year, 0 where unknown
    ProtocolVersion lowest{};    ///< `none` where nobody recorded it
    ProtocolVersion highest{};
    bool telling{}; ///< among the few dozen names that stand for all on one screen
};

/// Returns all profiles, in the file's order.
std::span<const Profile> profiles();

/// Finds a profile by id, or by a unique abbreviation of it (`java-8u161` for `ts-java-8u161`).
const Profile* find_profile(std::string_view id);

/// Returns the ids nearest to a word that `find_profile` did not find, best first, at most five.
std::vector<std::string_view> similar_ids(std::string_view word);

/// Tells for every profile whether it has a version in common with the accepted ones, and which.
std::vector<evidence::ClientOutcome> outcomes(std::span<const ProtocolVersion> accepted);

} // namespace tlsdoctor::client
