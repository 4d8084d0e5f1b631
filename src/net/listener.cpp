// SPDX-License-Identifier: Apache-2.0
// The acceptor waits like any connection, so that an interrupt ends it too.
#include "net/listener.hpp"

#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "net/connection.hpp"

namespace tlsdoctor::net {

struct Acceptor final : Waiter {
    explicit Acceptor(Loop& on) : loop(on), socket(on.context()) {}

    void cut(Cut reason) override {
        why = reason;
        error_code ignored;
        socket.cancel(ignored);
    }

    Loop& loop;
    tcp::acceptor socket;
    Address address{};
    Cut why{};
};

namespace {

using AcceptResult = std::expected<Stream, StreamError>;

StreamError local_failure(const error_code& error) {
    return {.kind = StreamFailure::other, .text = error.message(), .code = error.value()};
}

error_code listen_on(Acceptor& acceptor, const ListenOptions& options) {
    error_code error;
    const char* const loopback = options.v6 ? "::1" : "127.0.0.1";
    const auto ip =
        asio::ip::make_address(options.address.empty() ? loopback : options.address.c_str(), error);
    const tcp::endpoint endpoint(ip, options.port);
    if (!error) {
        acceptor.socket.open(endpoint.protocol(), error);
    }
    if (!error) {
        if (ip.is_v6()) { // `::` would take the port on IPv4 as well
            acceptor.socket.set_option(asio::ip::v6_only(true), error);
        }
        // A fixed port must be free again at once after the last run's connections (TIME_WAIT).
        acceptor.socket.set_option(tcp::acceptor::reuse_address(true), error);
        acceptor.socket.bind(endpoint, error);
    }
    if (!error) {
        acceptor.socket.listen(options.backlog, error);
    }
    if (error) {
        return error;
    }
    acceptor.address = address_of(acceptor.socket.local_endpoint(error));
    return error;
}

AcceptResult accepted(
    const Acceptor& acceptor, std::shared_ptr<Connection> connection, const error_code& error
) {
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
        return std::unexpected(given_up(acceptor.why));
    }
    if (error) {
        return std::unexpected(local_failure(error));
    }
    prepare(connection->socket);
    error_code ignored; // reset meanwhile: no address, and the first read says so
    connection->peer = address_of(connection->socket.remote_endpoint(ignored));
    return Stream(std::move(connection));
}

asio::awaitable<AcceptResult> accept_from(std::shared_ptr<Acceptor> acceptor) {
    acceptor->why = acceptor->loop.cut_before(TimePoint::max());
    if (acceptor->why != Cut::none) {
        co_return std::unexpected(given_up(acceptor->why));
    }
    const Watch watch(acceptor->loop, TimePoint::max(), acceptor);
    const auto connection = std::make_shared<Connection>(acceptor->loop);
    const auto result = co_await acceptor->socket.async_accept(connection->socket, k_as_tuple);
    co_return accepted(*acceptor, connection, std::get<0>(result));
}

} // namespace

Listener::Listener(std::shared_ptr<Acceptor> acceptor) : acceptor_(std::move(acceptor)) {}

Listener::~Listener() {
    if (acceptor_) {
        close();
    }
}

Listener::Listener(Listener&&) noexcept = default;

Listener& Listener::operator=(Listener&& other) noexcept {
    if (acceptor_ && this != &other) {
        close();
    }
    acceptor_ = std::move(other.acceptor_);
    return *this;
}

std::expected<Listener, StreamError> Listener::open(Loop& loop, ListenOptions options) {
    auto acceptor = std::make_shared<Acceptor>(loop);
    if (const error_code error = listen_on(*acceptor, options)) {
        return std::unexpected(local_failure(error));
    }
    return Listener(std::move(acceptor));
}

asio::awaitable<AcceptResult> Listener::accept() {
    return accept_from(acceptor_);
}

void Listener::close() {
    error_code ignored;
    acceptor_->socket.close(ignored);
}

const Address& Listener::address() const {
    return acceptor_->address;
}

} // namespace tlsdoctor::net
