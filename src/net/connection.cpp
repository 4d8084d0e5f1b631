// SPDX-License-Identifier: Apache-2.0
// What the kernel's errors on an open connection mean. Linux reports a RST once: as ECONNRESET to
// the first call that has nothing better to return, be it a read or a write; afterwards reads see
// an end of file as if a FIN had come. A RST that follows a FIN is EPIPE to a write, and reads see
// the FIN.
#include "net/connection.hpp"

#include <boost/asio/error.hpp>

namespace tlsdoctor::net {

void Connection::cut(Cut reason) {
    why = reason;
    error_code ignored; // nothing to cancel where the operation has just ended
    socket.cancel(ignored);
}

void prepare(tcp::socket& socket) {
    error_code
        ignored; // both can only fail where the connection is gone, as the next call will say
    socket.non_blocking(true, ignored);
    socket.set_option(tcp::no_delay(true), ignored);
}

ConnectFailure failure_to_connect(int code, bool v6) {
    switch (code) {
    case ECONNREFUSED:
        return ConnectFailure::refused;
    case ETIMEDOUT:
        return ConnectFailure::timed_out;
    case EADDRNOTAVAIL: // IPv6 switched off on the interface; with IPv4, no source port is left
        return v6 ? ConnectFailure::unreachable : ConnectFailure::exhausted;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return ConnectFailure::exhausted;
    case EAFNOSUPPORT: // a kernel without IPv6
    case ENETUNREACH:
    case ENETDOWN:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENOPROTOOPT: // ICMP protocol unreachable
    case EACCES:      // a `prohibit` route or a local firewall
    case EPERM:
        return ConnectFailure::unreachable;
    default:
        return ConnectFailure::other;
    }
}

Address address_of(const tcp::endpoint& endpoint) {
    return Address{.text = endpoint.address().to_string(), .port = endpoint.port()};
}

StreamError given_up(Cut why) {
    switch (why) {
    case Cut::deadline:
        return {.kind = StreamFailure::timed_out, .text = "no answer in time"};
    case Cut::cancelled:
        return {.kind = StreamFailure::cancelled, .text = "interrupted"};
    case Cut::none:
        break;
    }
    return {.kind = StreamFailure::cancelled, .text = "closed by ourselves"};
}

StreamError failure_of(Connection& connection, const error_code& error) {
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
        return given_up(connection.why);
    }
    if (error == asio::error::eof && !connection.was_reset) {
        return {.kind = StreamFailure::closed, .text = "closed by the peer"};
    }
    if (error == asio::error::eof || error == asio::error::connection_reset) {
        connection.was_reset = true;
        return {
            .kind = StreamFailure::reset, .text = "Connection reset by peer", .code = ECONNRESET
        };
    }
    StreamFailure kind = StreamFailure::other;
    if (error == asio::error::broken_pipe) {
        kind = connection.was_reset ? StreamFailure::reset : StreamFailure::closed;
    } else if (error == asio::error::timed_out) {
        kind = StreamFailure::timed_out; // the kernel gave up resending
    }
    return {.kind = kind, .text = error.message(), .code = error.value()};
}

} // namespace tlsdoctor::net
