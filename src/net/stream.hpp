// SPDX-License-Identifier: Apache-2.0
// TCP connections. How a connection failed or ended is data here, told apart as finely as the
// kernel lets us: the diagnosis stands on it. At most one read and one write at a time; a deadline
// that passes ends both. Operations hold the connection themselves, so a Stream may be moved while
// one is under way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::net {

/// Why no connection came about.
enum class ConnectFailure : std::uint8_t {
    refused,     ///< RST to the SYN: nothing listens
    timed_out,   ///< no answer to the SYN until the deadline
    unreachable, ///< no route, or an ICMP error
    exhausted, ///< this machine has no descriptor, port or memory left: says nothing about the peer
    cancelled, ///< `Loop::cancel_all`
    other,     ///< a bad address, or an error that we do not know
};

/// Returns `refused` ... .
std::string_view name_of(ConnectFailure kind);

/// What `connect` met.
struct ConnectError {
    ConnectFailure kind{};
    std::string text{}; ///< the system's words, or ours where we gave up
    int code{};         ///< errno; 0 where we gave up
};

/// How a read or a write ended without success.
enum class StreamFailure : std::uint8_t {
    closed,    ///< FIN: the peer has ended the connection in order
    reset,     ///< RST
    timed_out, ///< the deadline passed
    cancelled, ///< `Loop::cancel_all`, or we closed it ourselves
    other,
};

/// Returns `closed` ... .
std::string_view name_of(StreamFailure kind);

/// What an operation on a stream met.
struct StreamError {
    StreamFailure kind{};
    std::string text{}; ///< the system's words, or ours
    int code{};         ///< errno; 0 for FIN and where we gave up
};

struct Connection; // the socket; private to stream.cpp

/// One connection, with TCP_NODELAY. Its destructor closes it in order.
class Stream final {
public:
    explicit Stream(std::shared_ptr<Connection> connection);
    ~Stream();
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Reads what is there, at least one byte; `into` must not be empty and must outlive the
    /// operation.
    ///
    /// Bytes that came before a RST are read first (Linux keeps them queued), then comes `reset`;
    /// the way the peer ended is reported by every later read too. After a failed write, read on:
    /// what the peer said before it hung up, such as an alert, is still there.
    asio::awaitable<std::expected<std::size_t, StreamError>>
    read_some(std::span<std::uint8_t> into, TimePoint deadline);

    /// Writes everything; `bytes` must outlive the operation. Success means that the kernel took
    /// the bytes. `closed` (EPIPE): the peer had sent FIN and then refused our bytes; `reset`
    /// (ECONNRESET): it sent RST without a FIN.
    asio::awaitable<std::expected<void, StreamError>> write_all(ByteView bytes, TimePoint deadline);

    /// Sends FIN and reads on: says that we are done, so that the peer can end in order.
    void end_writing();

    /// Closes; the peer sees FIN, or RST where unread bytes of its are left (the kernel's rule).
    void close();

    /// Closes with RST and without TIME_WAIT: for a handshake that is abandoned on purpose.
    void abort();

    /// Tells whether the peer's kernel acknowledged none of the bytes that were written: they were
    /// lost on the way. False where the kernel cannot say.
    bool nothing_acknowledged() const;

    /// Returns the peer's address.
    const Address& peer() const;

private:
    std::shared_ptr<Connection> connection_;
};

/// Connects to an IP address, from the SYN to `deadline` at most.
///
/// A peer that accepts and resets at once is connected: the stream's first read says `reset`.
/// `max_segment` bounds the TCP segments of both directions in bytes (TCP_MAXSEG); 0 leaves it to
/// the kernel.
asio::awaitable<std::expected<Stream, ConnectError>>
connect(Loop& loop, Address address, TimePoint deadline, std::uint16_t max_segment = 0);

} // namespace tlsdoctor::net
