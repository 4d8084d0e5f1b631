// SPDX-License-Identifier: Apache-2.0
// One coroutine accepts on each address, one hears each client. What is shared with the caller's
// thread stands behind one mutex; all else belongs to the loop's thread.
#include "peer/recorder.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/core.h>

#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/pause.hpp"
#include "peer/loopback.hpp"
#include "peer/refusal.hpp"

namespace tlsdoctor::peer {

namespace {

/// Where no descriptor is left for `accept`, others must end first.
constexpr milliseconds k_pause_after_failure{20};
/// After the answer the client has this long to read it and to close.
constexpr milliseconds k_farewell{500};
/// A client's connections may still wait for `accept` when the client has ended.
constexpr milliseconds k_quiet{50};

/// A client that is being heard.
struct Client {
    explicit Client(net::Stream taken) : stream(std::move(taken)) {}

    net::Stream stream;
    Heard heard{};
    bool displaced{};
};

HeardEnd end_of(const net::StreamError& error, bool displaced) {
    if (displaced) {
        return HeardEnd::displaced;
    }
    switch (error.kind) {
    case net::StreamFailure::closed:
        return HeardEnd::closed;
    case net::StreamFailure::timed_out:
    case net::StreamFailure::cancelled:
        return HeardEnd::timed_out;
    case net::StreamFailure::reset:
    case net::StreamFailure::other:
        break;
    }
    return HeardEnd::reset;
}

std::expected<Listeners, std::string> open_one(net::Loop& loop, const RecorderOptions& options) {
    auto listener = net::Listener::open(
        loop, {.port = options.port, .backlog = k_backlog, .address = options.address}
    );
    if (!listener) {
        return std::unexpected(listener.error().text);
    }
    Listeners listeners;
    listeners.push_back(std::move(*listener));
    return listeners;
}

} // namespace

std::string_view name_of(HeardEnd end) {
    switch (end) {
    case HeardEnd::answered:
        return "answered";
    case HeardEnd::closed:
        return "closed";
    case HeardEnd::reset:
        return "reset";
    case HeardEnd::timed_out:
        return "timed_out";
    case HeardEnd::displaced:
        return "displaced";
    }
    std::unreachable();
}

struct Recorder::Running {
    explicit Running(const RecorderOptions& wanted) : options(wanted) {}

    ~Running() {
        if (thread.joinable()) {
            asio::post(loop.context(), [this] { loop.cancel_all(); });
            thread.join();
        }
    }

    asio::awaitable<void> accept_all(net::Listener& listener) {
        for (;;) {
            auto stream = co_await listener.accept();
            if (stream) {
                admit(std::move(*stream));
                continue;
            }
            if (stream.error().kind == net::StreamFailure::cancelled) {
                co_return;
            }
            const TimePoint later = Clock::now() + k_pause_after_failure;
            co_await net::pause(loop, later);
        }
    }

    void admit(net::Stream stream) {
        if (clients.size() >= options.limits.at_once) {
            const auto oldest = clients.extract(clients.begin());
            oldest.mapped()->displaced = true;
            oldest.mapped()->stream.abort();
        }
        auto client = std::make_shared<Client>(std::move(stream));
        {
            const std::lock_guard lock(mutex);
            client->heard.number = ++accepted;
            ++active;
        }
        client->heard.from = client->stream.peer();
        client->heard.at = Clock::now();
        clients.emplace(client->heard.number, client);
        loop.spawn(serve(std::move(client)));
    }

    asio::awaitable<void> serve(std::shared_ptr<Client> client) {
        const std::size_t number = client->heard.number;
        wire::OpeningReader reader(options.limits.bytes);
        co_await hear(*client, reader);
        Heard& heard = client->heard;
        heard.kind = reader.kind();
        heard.bytes.assign(reader.bytes().begin(), reader.bytes().end());
        const Bytes answer = reader.complete() ? refusal_of(heard, options.alert) : Bytes{};
        keep(std::move(heard));
        if (reader.complete()) {
            co_await dismiss(client->stream, answer);
        }
        client->stream.close();
        clients.erase(number);
        const std::lock_guard lock(mutex);
        --active;
        last_end = Clock::now();
        changed.notify_all();
    }

    asio::awaitable<void> hear(Client& client, wire::OpeningReader& reader) const {
        std::array<std::uint8_t, 4096> buffer{};
        const std::span<std::uint8_t> into(buffer);
        const TimePoint deadline = client.heard.at + options.limits.patience;
        while (!reader.complete()) {
            const auto size = co_await client.stream.read_some(into, deadline);
            if (!size) {
                client.heard.end = end_of(size.error(), client.displaced);
                co_return;
            }
            reader.feed(into.first(*size));
        }
        client.heard.end = HeardEnd::answered;
    }

    /// Reads on until the client closes: with bytes unread the kernel would send RST, and the
    /// client might never see the answer.
    asio::awaitable<void> dismiss(net::Stream& stream, const Bytes& answer) const {
        const TimePoint deadline = Clock::now() + k_farewell;
        const ByteView bytes = answer;
        if (!answer.empty()) {
            const auto written = co_await stream.write_all(bytes, deadline);
            if (!written) {
                co_return;
            }
        }
        stream.end_writing();
        std::array<std::uint8_t, 4096> buffer{};
        const std::span<std::uint8_t> into(buffer);
        for (std::size_t left = options.limits.bytes; left > 0;) {
            const auto size = co_await stream.read_some(into, deadline);
            if (!size) {
                co_return;
            }
            left -= std::min(left, *size);
        }
    }

    void keep(Heard heard) {
        const std::lock_guard lock(mutex);
        const std::size_t size = heard.bytes.size();
        const RecorderLimits& limits = options.limits;
        if (kept.size() >= limits.kept || kept_bytes + size > limits.kept_bytes) {
            ++dropped;
        } else {
            kept_bytes += size;
            kept.push_back(std::move(heard));
        }
        changed.notify_all();
    }

    /// Under the lock.
    std::vector<Heard> take() {
        std::vector<Heard> all(std::move_iterator(kept.begin()), std::move_iterator(kept.end()));
        kept.clear();
        kept_bytes = 0;
        std::ranges::sort(all, {}, &Heard::number);
        return all;
    }

    RecorderOptions options;
    net::Loop loop{};
    Listeners listeners{};
    std::map<std::size_t, std::shared_ptr<Client>> clients{}; ///< oldest first
    std::thread thread{};

    std::mutex mutex{}; ///< guards everything below
    std::condition_variable changed{};
    std::vector<Heard> kept{};
    std::size_t kept_bytes{};
    std::size_t accepted{};
    std::size_t active{};
    std::size_t dropped{};
    TimePoint last_end{};
};

std::expected<Recorder, std::string> Recorder::start(const RecorderOptions& options) {
    auto running = std::make_unique<Running>(options);
    auto listeners = options.address.empty() ? open_loopback(running->loop, options.port)
                                             : open_one(running->loop, options);
    if (!listeners) {
        return std::unexpected(fmt::format(
            "cannot listen on {}: {}",
            net::to_string({options.address.empty() ? "localhost" : options.address, options.port}),
            listeners.error()
        ));
    }
    running->listeners = std::move(*listeners);
    for (net::Listener& listener : running->listeners) {
        running->loop.spawn(running->accept_all(listener));
    }
    running->thread = std::thread([loop = &running->loop] { loop->run(); });
    return Recorder(std::move(running));
}

Recorder::Recorder(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Recorder::Recorder(Recorder&&) noexcept = default;
Recorder::~Recorder() = default;

std::uint16_t Recorder::port() const {
    return running_->listeners.front().port();
}

std::vector<Heard> Recorder::wait(TimePoint until) {
    std::unique_lock lock(running_->mutex);
    running_->changed.wait_until(lock, until, [this] { return !running_->kept.empty(); });
    return running_->take();
}

std::vector<Heard> Recorder::settle(TimePoint until) {
    std::unique_lock lock(running_->mutex);
    const TimePoint from = Clock::now();
    for (TimePoint now = from; now < until; now = Clock::now()) {
        const TimePoint quiet_at = std::max(from, running_->last_end) + k_quiet;
        if (running_->active == 0 && now >= quiet_at) {
            break;
        }
        running_->changed.wait_until(
            lock, running_->active == 0 ? std::min(quiet_at, until) : until
        );
    }
    return running_->take();
}

std::size_t Recorder::connections() const {
    const std::lock_guard lock(running_->mutex);
    return running_->accepted;
}

std::size_t Recorder::dropped() const {
    const std::lock_guard lock(running_->mutex);
    return running_->dropped;
}

} // namespace tlsdoctor::peer
