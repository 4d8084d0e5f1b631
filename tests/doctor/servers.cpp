// SPDX-License-Identifier: Apache-2.0
// The servers and their thread.
#include "doctor/servers.hpp"

#include <array>
#include <thread>

#include <boost/asio/post.hpp>

#include "base/assume.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::doctor::test {
namespace {

/// Longer than any test takes.
constexpr std::chrono::seconds k_patience{60};

struct Server {
    net::Listener listener;
    Behaviour behaviour;
    std::optional<crypto::ServerContext> context;
    std::size_t connections{};
};

net::Listener listener_on(net::Loop& loop) {
    auto listener = net::Listener::open(loop);
    assume(listener.has_value(), "a loopback port is free");
    return std::move(*listener);
}

std::optional<crypto::ServerContext> context_of(const Behaviour& behaviour) {
    if (!behaviour.tls) {
        return std::nullopt;
    }
    auto context = crypto::ServerContext::create(*behaviour.tls);
    assume(context.has_value(), "a test's server options are possible");
    return std::move(*context);
}

asio::awaitable<void> serve(net::Stream stream, const Server& server, bool silent) {
    std::optional<crypto::ServerSession> session;
    if (server.context) {
        auto made = server.context->accept();
        assume(made.has_value(), "a session can be made");
        session = std::move(*made);
    }
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> room(buffer);
    const TimePoint deadline = Clock::now() + k_patience;
    bool over = false;
    while (!over) {
        const auto got = co_await stream.read_some(room, deadline);
        if (!got) {
            co_return;
        }
        if (silent) {
            continue;
        }
        Bytes output;
        if (session) {
            session->feed(room.first(*got));
            output = session->take_output();
            over = session->state() == crypto::SessionState::failed;
        } else {
            const ByteView reply = as_bytes(server.behaviour.reply);
            output.assign(reply.begin(), reply.end());
            over = true;
        }
        const ByteView bytes = output;
        co_await stream.write_all(bytes, deadline);
    }
    stream.end_writing();
    co_await stream.read_some(room, deadline); // the client leaves first, or FIN could be RST
}

} // namespace

struct Servers::Running {
    net::Loop loop{};
    std::vector<Server> servers{};
    net::Listener closed{listener_on(loop)};
    std::uint16_t closed_port{closed.port()};
    std::thread thread{};

    asio::awaitable<void> accept_all(Server& server) {
        for (;;) {
            auto stream = co_await server.listener.accept();
            if (!stream) {
                co_return;
            }
            if (server.behaviour.at_connection) {
                server.behaviour.at_connection();
            }
            const Behaviour& does = server.behaviour;
            const bool silent = does.silent || ++server.connections > does.answers;
            net::Stream taken = std::move(*stream);
            loop.spawn(serve(std::move(taken), server, silent));
        }
    }
};

Servers::Servers(std::vector<Behaviour> behaviours) : running_(std::make_unique<Running>()) {
    running_->closed.close();
    for (Behaviour& behaviour : behaviours) {
        auto context = context_of(behaviour);
        running_->servers.push_back(
            {.listener = listener_on(running_->loop),
             .behaviour = std::move(behaviour),
             .context = std::move(context)}
        );
    }
    for (Server& server : running_->servers) {
        running_->loop.spawn(running_->accept_all(server));
    }
    running_->thread = std::thread([loop = &running_->loop] { loop->run(); });
}

Servers::~Servers() {
    net::Loop& loop = running_->loop;
    asio::post(loop.context(), [&loop] { loop.cancel_all(); });
    running_->thread.join();
}

std::uint16_t Servers::port(std::size_t index) const {
    return running_->servers.at(index).listener.port();
}

std::uint16_t Servers::closed_port() const {
    return running_->closed_port;
}

Behaviour tls(ProtocolVersion lowest, ProtocolVersion highest) {
    return {.tls = crypto::ServerOptions{.min_version = lowest, .max_version = highest}};
}

evidence::Target local(std::uint16_t port) {
    return {.input = "127.0.0.1", .host = "127.0.0.1", .port = port, .literal = true};
}

Options patient() {
    return {
        .answer_timeout = milliseconds(30'000),
        .connect_timeout = milliseconds(30'000),
        .deadline = milliseconds(60'000),
        .random = seeded_random(1),
    };
}

std::vector<advise::CaseFile>
visited(const std::vector<evidence::Target>& targets, const Options& options) {
    std::vector<advise::CaseFile> files;
    check(targets, options, {.on_case = [&](const advise::CaseFile& file) {
              files.push_back(file);
          }});
    return files;
}

} // namespace tlsdoctor::doctor::test
