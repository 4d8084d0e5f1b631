// SPDX-License-Identifier: Apache-2.0
// Connecting, reading and writing. The coroutines are free functions that own the connection
// through their frame: neither a moved Stream nor one destroyed in the middle of a read pulls it
// away.
#include "net/stream.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <fmt/core.h>

#include "base/assume.hpp"
#include "net/connection.hpp"
#include "net/tcp_info.hpp"

namespace tlsdoctor::net {
namespace {

using ReadResult = std::expected<std::size_t, StreamError>;
using WriteResult = std::expected<void, StreamError>;
using ConnectResult = std::expected<Stream, ConnectError>;
using ConnectionPtr = std::shared_ptr<Connection>;

using MaxSegment = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_MAXSEG>;

constexpr auto k_wait_write = tcp::socket::wait_write;

ConnectResult not_connected(const error_code& error, bool v6) {
    return std::unexpected(ConnectError{
        .kind = failure_to_connect(error.value(), v6),
        .text = error.message(),
        .code = error.value()
    });
}

ConnectResult not_connected(Cut why) {
    const bool late = why == Cut::deadline;
    return std::unexpected(ConnectError{
        .kind = late ? ConnectFailure::timed_out : ConnectFailure::cancelled,
        .text = late ? "no answer to the connection request in time" : "interrupted",
    });
}

/// An attempt to connect to a free local port can meet itself: the kernel may choose that very port
/// as the source [RFC 9293 3.5, simultaneous open]. Nobody listens there.
bool met_itself(const tcp::socket& socket, const tcp::endpoint& peer) {
    error_code ignored;
    return socket.local_endpoint(ignored) == peer;
}

ConnectResult connected(ConnectionPtr connection, const tcp::endpoint& peer, error_code error) {
    const bool v6 = peer.address().is_v6();
    if (error == asio::error::operation_aborted) {
        return not_connected(connection->why);
    }
    if (error == asio::error::connection_reset) {
        // Accepted and reset before we looked. The kernel has told us of the RST; what came before
        // it can still be read.
        connection->was_reset = true;
        error.clear();
    }
    if (!error && met_itself(connection->socket, peer)) {
        error = asio::error::connection_refused;
    }
    if (error) {
        return not_connected(error, v6);
    }
    prepare(connection->socket);
    return Stream(std::move(connection));
}

ReadResult read_ended(Connection& connection, const error_code& error, std::size_t count) {
    if (error) {
        return std::unexpected(failure_of(connection, error));
    }
    return count;
}

asio::awaitable<ReadResult>
read_from(ConnectionPtr connection, std::span<std::uint8_t> into, TimePoint deadline) {
    connection->why = connection->loop.cut_before(deadline);
    if (connection->why != Cut::none) {
        co_return std::unexpected(given_up(connection->why));
    }
    const Watch watch(connection->loop, deadline, connection);
    const asio::mutable_buffer buffer(into.data(), into.size());
    const auto result = co_await connection->socket.async_read_some(buffer, k_as_tuple);
    co_return read_ended(*connection, std::get<0>(result), std::get<1>(result));
}

asio::awaitable<WriteResult>
write_to(ConnectionPtr connection, ByteView bytes, TimePoint deadline) {
    while (true) {
        connection->why = connection->loop.cut_before(deadline);
        if (connection->why != Cut::none) {
            co_return std::unexpected(given_up(connection->why));
        }
        // A hello fits the socket's buffer: tried at once, it costs no turn of the loop.
        error_code error;
        const asio::const_buffer rest(bytes.data(), bytes.size());
        bytes = bytes.subspan(connection->socket.write_some(rest, error));
        if (error == asio::error::would_block) {
            const Watch watch(connection->loop, deadline, connection);
            const auto ready = co_await connection->socket.async_wait(k_wait_write, k_as_tuple);
            error = std::get<0>(ready);
        }
        if (error) {
            co_return std::unexpected(failure_of(*connection, error));
        }
        if (bytes.empty()) {
            co_return WriteResult{};
        }
    }
}

} // namespace

std::string_view name_of(ConnectFailure kind) {
    switch (kind) {
    case ConnectFailure::refused:
        return "refused";
    case ConnectFailure::timed_out:
        return "timed_out";
    case ConnectFailure::unreachable:
        return "unreachable";
    case ConnectFailure::exhausted:
        return "exhausted";
    case ConnectFailure::cancelled:
        return "cancelled";
    case ConnectFailure::other:
        break;
    }
    return "other";
}

std::string_view name_of(StreamFailure kind) {
    switch (kind) {
    case StreamFailure::closed:
        return "closed";
    case StreamFailure::reset:
        return "reset";
    case StreamFailure::timed_out:
        return "timed_out";
    case StreamFailure::cancelled:
        return "cancelled";
    case StreamFailure::other:
        break;
    }
    return "other";
}

Stream::Stream(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

Stream::~Stream() {
    if (connection_) {
        close();
    }
}

Stream::Stream(Stream&&) noexcept = default;

Stream& Stream::operator=(Stream&& other) noexcept {
    if (connection_ && this != &other) {
        close();
    }
    connection_ = std::move(other.connection_);
    return *this;
}

asio::awaitable<ReadResult> Stream::read_some(std::span<std::uint8_t> into, TimePoint deadline) {
    assume(!into.empty(), "a read has room for a byte");
    return read_from(connection_, into, deadline);
}

asio::awaitable<WriteResult> Stream::write_all(ByteView bytes, TimePoint deadline) {
    return write_to(connection_, bytes, deadline);
}

void Stream::end_writing() {
    error_code ignored; // not connected any more: the peer has ended already
    connection_->socket.shutdown(tcp::socket::shutdown_send, ignored);
}

void Stream::close() {
    error_code ignored; // closing twice, or after the peer's end
    connection_->socket.close(ignored);
}

void Stream::abort() {
    error_code ignored;
    connection_->socket.set_option(tcp::socket::linger(true, 0), ignored);
    connection_->socket.close(ignored);
}

bool Stream::nothing_acknowledged() const {
    return net::nothing_acknowledged(connection_->socket.native_handle());
}

const Address& Stream::peer() const {
    return connection_->peer;
}

asio::awaitable<ConnectResult>
connect(Loop& loop, Address address, TimePoint deadline, std::uint16_t max_segment) {
    const auto connection = std::make_shared<Connection>(loop);
    connection->peer = address;
    connection->why = loop.cut_before(deadline);
    if (connection->why != Cut::none) {
        co_return not_connected(connection->why);
    }
    error_code error;
    const auto ip = asio::ip::make_address(address.text, error);
    const tcp::endpoint peer(ip, address.port);
    if (!error) {
        connection->socket.open(peer.protocol(), error);
    }
    if (!error && max_segment > 0) {
        const MaxSegment segment(max_segment);
        connection->socket.set_option(segment, error);
    }
    if (error) {
        co_return not_connected(error, ip.is_v6());
    }
    const Watch watch(loop, deadline, connection);
    const auto result = co_await connection->socket.async_connect(peer, k_as_tuple);
    co_return connected(connection, peer, std::get<0>(result));
}

} // namespace tlsdoctor::net
