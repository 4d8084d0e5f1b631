// SPDX-License-Identifier: Apache-2.0
// What the tests of sessions share: two ends in one process, and certificates made once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "crypto/client_session.hpp"
#include "crypto/server_session.hpp"

namespace tlsdoctor::crypto::test {

inline constexpr std::size_t k_whole = std::numeric_limits<std::size_t>::max();

/// Feeds `bytes` in pieces of at most `piece` bytes.
inline void feed_in_pieces(Session& session, ByteView bytes, std::size_t piece) {
    while (!bytes.empty()) {
        const std::size_t size = std::min(piece, bytes.size());
        session.feed(bytes.first(size));
        bytes = bytes.subspan(size);
    }
}

/// Carries bytes between two ends until neither has anything to say.
inline void converse(Session& one, Session& other, std::size_t piece = k_whole) {
    for (int round = 0; round < 50; ++round) {
        const Bytes there = one.take_output();
        feed_in_pieces(other, there, piece);
        const Bytes back = other.take_output();
        feed_in_pieces(one, back, piece);
        if (there.empty() && back.empty()) {
            return;
        }
    }
    FAIL("the two ends never come to rest");
}

/// Returns what `result` holds; the test ends with the error where it holds none.
template <typename T>
T must(std::expected<T, CryptoError> result) {
    if (!result) {
        FAIL(result.error().what << ": " << result.error().cause);
    }
    return std::move(*result);
}

/// The private CA of all tests.
inline const TestAuthority& authority() {
    static const TestAuthority made = must(make_authority("Private root"));
    return made;
}

/// A certificate for localhost, 127.0.0.1 and ::1 from that CA.
inline const Identity& localhost(KeyType type = KeyType::ecdsa_p256) {
    static const std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
    static const Identity ecdsa = must(issue(authority(), names));
    static const Identity rsa = must(issue(authority(), names, {.key_type = KeyType::rsa_2048}));
    static const Identity ed25519 = must(issue(authority(), names, {.key_type = KeyType::ed25519}));
    return type == KeyType::rsa_2048 ? rsa : type == KeyType::ed25519 ? ed25519 : ecdsa;
}

/// Options of a client that knows the private CA.
inline ClientOptions trusting(const std::string& name = "localhost") {
    return {.server_name = name, .ca_pem = authority().certificate_pem};
}

inline ServerSession serve(const ServerOptions& options) {
    return must(must(ServerContext::create(options)).accept());
}

inline ClientSession ask(const ClientOptions& options) {
    return must(ClientSession::create(options));
}

} // namespace tlsdoctor::crypto::test
