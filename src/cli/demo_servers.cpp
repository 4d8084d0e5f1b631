// SPDX-License-Identifier: Apache-2.0
// Accepts on each port and lets crypto's ServerSession, or a fixed text, answer.
#include "cli/demo_servers.hpp"

#include <array>
#include <optional>
#include <thread>

#include <boost/asio/post.hpp>

#include "net/listener.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::cli {

namespace {

/// A client of the demonstration is quick or gone.
constexpr std::chrono::seconds k_patience{10};

asio::awaitable<void> converse(net::Stream& stream, crypto::ServerSession& session) {
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> into(buffer);
    const TimePoint deadline = Clock::now() + k_patience;
    while (session.state() != crypto::SessionState::failed) {
        const auto size = co_await stream.read_some(into, deadline);
        if (!size) {
            co_return;
        }
        const ByteView bytes = into.first(*size);
        session.feed(bytes);
        const Bytes output = session.take_output();
        const ByteView reply = output;
        const auto sent = co_await stream.write_all(reply, deadline);
        if (!sent) {
            co_return;
        }
    }
}

asio::awaitable<void> answer_in_tls(net::Stream stream, crypto::ServerContext context) {
    auto session = context.accept();
    if (session) {
        co_await converse(stream, *session);
    }
    stream.end_writing();
}

asio::awaitable<void> answer_in_clear(net::Stream stream, std::string reply) {
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> into(buffer);
    const TimePoint deadline = Clock::now() + k_patience;
    const auto size = co_await stream.read_some(into, deadline);
    if (size) {
        const ByteView bytes = as_bytes(reply);
        co_await stream.write_all(bytes, deadline);
    }
    stream.end_writing();
}

} // namespace

struct DemoServers::Running {
    struct Server {
        net::Listener listener;
        std::optional<crypto::ServerContext> context;
        std::string plain_reply;
    };

    net::Loop loop{};
    std::vector<Server> servers{};
    std::thread thread{};

    asio::awaitable<void> accept_all(Server& server) {
        for (;;) {
            auto stream = co_await server.listener.accept();
            if (!stream) {
                co_return;
            }
            net::Stream taken = std::move(*stream);
            if (server.context) {
                loop.spawn(answer_in_tls(std::move(taken), *server.context));
            } else {
                loop.spawn(answer_in_clear(std::move(taken), server.plain_reply));
            }
        }
    }

    ~Running() {
        if (thread.joinable()) {
            asio::post(loop.context(), [this] { loop.cancel_all(); });
            thread.join();
        }
    }
};

std::expected<DemoServers, std::string>
DemoServers::start(const std::vector<DemoBehaviour>& behaviours) {
    auto running = std::make_unique<Running>();
    for (const DemoBehaviour& behaviour : behaviours) {
        auto listener = net::Listener::open(running->loop);
        if (!listener) {
            return std::unexpected("cannot listen on loopback: " + listener.error().text);
        }
        std::optional<crypto::ServerContext> context;
        if (behaviour.plain_reply.empty()) {
            auto made = crypto::ServerContext::create(behaviour.tls);
            if (!made) {
                return std::unexpected(made.error().what + ": " + made.error().cause);
            }
            context = std::move(*made);
        }
        running->servers.push_back(
            {.listener = std::move(*listener),
             .context = std::move(context),
             .plain_reply = behaviour.plain_reply}
        );
    }
    for (Running::Server& server : running->servers) {
        running->loop.spawn(running->accept_all(server));
    }
    running->thread = std::thread([loop = &running->loop] { loop->run(); });
    return DemoServers(std::move(running));
}

DemoServers::DemoServers(std::unique_ptr<Running> running) : running_(std::move(running)) {}
DemoServers::DemoServers(DemoServers&&) noexcept = default;
DemoServers::~DemoServers() = default;

std::uint16_t DemoServers::port(std::size_t index) const {
    return running_->servers.at(index).listener.port();
}

} // namespace tlsdoctor::cli
