// SPDX-License-Identifier: Apache-2.0
// Reads what a server of TLS 1.3 says in cipher after its ServerHello: a ServerHello is not
// success, for the refusal may come behind it. The client sends nothing more and proves nothing;
// that the certificate is the server's own is not checked here either.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/error.hpp"
#include "crypto/key_share.hpp"
#include "crypto/record_opener.hpp"
#include "wire/alert.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"

namespace tlsdoctor::crypto {

/// What came in cipher.
using FlightItem = std::variant<wire::HandshakeMessage, wire::Alert>;

/// What went before the ServerHello where a HelloRetryRequest did, whole messages with their
/// headers; empty where none did.
struct Retry {
    Bytes first_client_hello{};
    Bytes request{};
};

/// The first flight of one server.
class FirstFlight final {
public:
    /// How much of a flight is read, in bytes on the wire.
    static constexpr std::size_t k_most = 256 * 1024UL;

    /// Works out the keys. The hellos are whole messages with their headers of four bytes; one of
    /// `keys` is the pair whose share the server took. Fails where the ServerHello is unreadable, a
    /// HelloRetryRequest or no TLS 1.3, where its suite, its group or its share is none of ours,
    /// and where it goes on from a pre-shared key. After a HelloRetryRequest `retry` is what went
    /// before: the first ClientHello and that request; `client_hello` is the second one.
    static std::expected<FirstFlight, CryptoError> open(
        std::span<const KeyShare> keys, ByteView client_hello, ByteView server_hello,
        const Retry& retry = {}
    );

    /// Takes the next record after the ServerHello. ChangeCipherSpec says nothing
    /// [RFC 8446 D.4]; anything else in clear, and what cannot be opened, is a failure.
    void take(const wire::Record& record);

    /// Returns the next message or alert, nullopt where more records are needed.
    std::optional<FlightItem> next();

    /// Returns why no more can be read: `a record that the keys do not open`. Empty while it can
    /// be.
    const std::string& failure() const { return failure_; }

private:
    explicit FirstFlight(RecordOpener opener) : opener_(std::move(opener)) {}
    void take_plaintext(const InnerPlaintext& inner);

    RecordOpener opener_;
    wire::HandshakeReader messages_{k_most};
    std::vector<FlightItem> items_{};
    std::size_t given_{};
    std::size_t taken_{};
    std::string failure_{};
};

} // namespace tlsdoctor::crypto
