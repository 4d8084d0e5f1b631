// SPDX-License-Identifier: Apache-2.0
// One thread, one loop, two listeners at most for each server. What they met is the only thing
// that both threads touch, under one lock.
#include "peer/background_servers.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "net/listener.hpp"
#include "net/loop.hpp"
#include "peer/serve.hpp"

namespace tlsdoctor::peer {

namespace {

constexpr int k_attempts = 32; ///< to find a port that is free in both families

/// One server: its way, its ports, and what it met.
struct Station {
    std::shared_ptr<const Prepared> prepared{};
    std::vector<net::Listener> listeners{};
    std::vector<asio::ip::tcp::socket> holders{}; ///< keep a port that refuses connections
    std::uint16_t port{};
    std::size_t connections{};
    std::size_t busy{};        ///< under the lock
    std::deque<Meeting> met{}; ///< under the lock
};

bool has_ipv6(net::Loop& loop) {
    return net::Listener::open(loop, {.v6 = true}).has_value();
}

using Listeners = std::expected<std::vector<net::Listener>, std::string>;

/// Opens one port in the families that are wanted.
Listeners listen_on_port(net::Loop& loop, std::uint16_t port, bool both) {
    std::vector<net::Listener> made;
    auto first = net::Listener::open(loop, {.port = port});
    if (!first) {
        return std::unexpected(first.error().text);
    }
    const std::uint16_t taken = first->port();
    made.push_back(std::move(*first));
    if (both) {
        auto second = net::Listener::open(loop, {.v6 = true, .port = taken});
        if (!second) {
            return std::unexpected(second.error().text);
        }
        made.push_back(std::move(*second));
    }
    return made;
}

Listeners listeners_for(net::Loop& loop, std::uint16_t port, bool both) {
    auto made = listen_on_port(loop, port, both);
    for (int i = 0; !made && port == 0 && i < k_attempts; ++i) {
        made = listen_on_port(loop, port, both);
    }
    return made;
}

/// Binds to a port without listening: it refuses connections and nobody else can take it.
asio::ip::tcp::socket hold(net::Loop& loop, const net::Address& address) {
    boost::system::error_code ignored;
    asio::ip::tcp::socket socket(loop.context());
    const asio::ip::tcp::endpoint at(asio::ip::make_address(address.text, ignored), address.port);
    socket.open(at.protocol(), ignored);
    socket.set_option(asio::socket_base::reuse_address(true), ignored);
    socket.bind(at, ignored);
    return socket;
}

/// Makes of listeners what refuses connections.
void stop_listening(net::Loop& loop, Station& station) {
    for (net::Listener& listener : station.listeners) {
        const net::Address address = listener.address();
        listener.close();
        station.holders.push_back(hold(loop, address));
    }
    station.listeners.clear();
}

} // namespace

struct BackgroundServers::Running {
    net::Loop loop{};
    Limits limits{};
    std::size_t under_way{};
    std::deque<Station> stations{}; ///< coroutines hold references
    std::mutex lock{};
    std::condition_variable changed{};
    std::thread thread{};

    asio::awaitable<void> attend(Station& station, net::Stream stream, bool silent) {
        Meeting met;
        net::Stream taken = std::move(stream);
        const auto prepared = station.prepared;
        co_await serve(loop, std::move(taken), prepared, silent, met);
        --under_way;
        const std::scoped_lock held(lock);
        --station.busy;
        station.met.push_back(std::move(met));
        if (station.met.size() > limits.meetings) {
            station.met.pop_front();
        }
        changed.notify_all();
    }

    void welcome(Station& station, net::Stream stream) {
        if (under_way == limits.at_once) {
            stream.abort();
            return;
        }
        ++under_way;
        {
            const std::scoped_lock held(lock);
            ++station.busy;
        }
        const Behaviour& does = station.prepared->behaviour;
        if (does.at_connection) {
            does.at_connection();
        }
        const bool silent = ++station.connections > does.answers;
        loop.spawn(attend(station, std::move(stream), silent));
    }

    asio::awaitable<void> accept_all(Station& station, net::Listener& listener) {
        for (;;) {
            auto stream = co_await listener.accept();
            if (stream) {
                welcome(station, std::move(*stream));
            } else if (stream.error().kind == net::StreamFailure::cancelled) {
                co_return;
            }
        }
    }

    std::expected<void, std::string> add(Behaviour behaviour, std::uint16_t port, bool both) {
        Prepared prepared{.behaviour = std::move(behaviour), .limits = limits};
        if (prepared.behaviour.tls) {
            auto made = crypto::ServerContext::create(*prepared.behaviour.tls);
            if (!made) {
                return std::unexpected(made.error().what + ": " + made.error().cause);
            }
            prepared.context = std::move(*made);
        }
        auto listeners = listeners_for(loop, port, both);
        if (!listeners) {
            return std::unexpected(
                "cannot listen on port " + std::to_string(port) +
                " of loopback: " + listeners.error()
            );
        }
        Station& station = stations.emplace_back();
        station.port = listeners->front().port();
        station.listeners = std::move(*listeners);
        station.prepared = std::make_shared<const Prepared>(std::move(prepared));
        if (!station.prepared->behaviour.listens) {
            stop_listening(loop, station);
        }
        return {};
    }

    void go() {
        for (Station& station : stations) {
            for (net::Listener& listener : station.listeners) {
                loop.spawn(accept_all(station, listener));
            }
        }
        thread = std::thread([this] { loop.run(); });
    }

    ~Running() {
        if (thread.joinable()) {
            asio::post(loop.context(), [this] { loop.cancel_all(); });
            thread.join();
        }
    }
};

std::expected<BackgroundServers, std::string>
BackgroundServers::start(std::vector<Behaviour> behaviours, const Limits& limits) {
    auto running = std::make_unique<Running>();
    running->limits = limits;
    const bool both = limits.both_families && has_ipv6(running->loop);
    std::uint16_t port = limits.first_port;
    for (Behaviour& behaviour : behaviours) {
        const auto added = running->add(std::move(behaviour), port, both);
        if (!added) {
            return std::unexpected(added.error());
        }
        port = port == 0 ? port : static_cast<std::uint16_t>(port + 1);
    }
    running->go();
    return BackgroundServers(std::move(running));
}

BackgroundServers::BackgroundServers(std::unique_ptr<Running> running)
    : running_(std::move(running)) {}
BackgroundServers::BackgroundServers(BackgroundServers&&) noexcept = default;
BackgroundServers::~BackgroundServers() = default;

std::uint16_t BackgroundServers::port(std::size_t index) const {
    return running_->stations.at(index).port;
}

std::vector<Meeting> BackgroundServers::take_meetings(std::size_t index, milliseconds patience) {
    Station& station = running_->stations.at(index);
    std::unique_lock held(running_->lock);
    running_->changed.wait_for(held, patience, [&] {
        return station.busy == 0 && !station.met.empty();
    });
    std::deque<Meeting> met = std::exchange(station.met, {});
    return {std::make_move_iterator(met.begin()), std::make_move_iterator(met.end())};
}

} // namespace tlsdoctor::peer
