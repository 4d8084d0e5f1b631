// SPDX-License-Identifier: Apache-2.0
// The bytes with which a known client, or a recorded one, opens a connection: everything as that
// client sends it, but what must be fresh is fresh, and the name is the one that is asked for.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "client/hello.hpp"
#include "client/profile.hpp"
#include "wire/key_share.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::client {

/// What differs from one connection to the next.
struct Fresh {
    RandomSource random{};
    std::optional<std::string> server_name{};  ///< A-label form; nullopt removes server_name
    std::vector<wire::KeyShareEntry> shares{}; ///< public keys whose secrets the caller keeps
};

/// Returns the client's hello as a stream of records: random, session id (where it sends one), host
/// name and key shares fresh, pre_shared_key and its companions left out, padding as the client
/// pads. A share of a group for which `fresh` has none is a public key whose secret nobody has, so
/// a server that picks it can be followed to its ServerHello only. Clients that send no server_name
/// get none.
Bytes replay_bytes(const Profile& profile, const Fresh& fresh);

/// Does the same to a recorded hello; an error where `record_stream` does not begin with one.
std::expected<Bytes, wire::ParseError> refreshed(ByteView record_stream, const Fresh& fresh);

/// Returns the hellos that the client sends after an alert 40, in their order; most send none.
std::vector<Bytes> fallback_bytes(const Profile& profile, const Fresh& fresh);

/// Returns the lists of a known client's hello, its SNI `www.example.com`.
HelloFields hello_of(const Profile& profile);

/// Returns those, and then the lists of the hellos with which it tries again after an alert 40.
std::vector<HelloFields> hellos_of(const Profile& profile);

} // namespace tlsdoctor::client
