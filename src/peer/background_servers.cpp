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
#include "net/pause.hpp"
#include "peer/loopback.hpp"
#include "peer/serve.hpp"

namespace tlsdoctor::peer {

namespace {

/// Where no descriptor is left for `accept`, others must end first.
constexpr milliseconds k_breath{20};

/// One server: its way, its ports, and what it met.
struct Station {
    std::shared_ptr<const Prepared> prepared{};
    Listeners listeners{};
    std::vector<asio::ip::tcp::socket> holders{}; ///< keep a port that refuses connections
    std::uint16_t port{};
    std::size_t connections{};
    std::size_t busy{};        ///< under the lock
    std::deque<Meeting> met{}; ///< under the lock
};

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
            } else {
                const TimePoint then = Clock::now() + k_breath;
                co_await net::pause(loop, then);
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
        auto listeners = both ? open_loopback(loop, port) : open_ipv4(loop, port);
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
    const bool both = limits.both_families;
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
