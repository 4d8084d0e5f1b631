// SPDX-License-Identifier: Apache-2.0
// The servers of module `peer`, in the words of these tests.
#include "doctor/servers.hpp"

#include <utility>

#include "base/assume.hpp"
#include "peer/background_servers.hpp"

namespace tlsdoctor::doctor::test {
namespace {

/// Longer than any test takes.
constexpr milliseconds k_patience{60'000};

peer::Behaviour peer_of(Behaviour behaviour) {
    peer::Behaviour does;
    does.at_connection = std::move(behaviour.at_connection);
    does.answers = behaviour.silent ? 0 : behaviour.answers;
    does.tls = std::move(behaviour.tls);
    if (!does.tls) {
        does.script = [reply = std::move(behaviour.reply)](ByteView) {
            const ByteView bytes = as_bytes(reply);
            return Bytes(bytes.begin(), bytes.end());
        };
    }
    return does;
}

peer::BackgroundServers started(std::vector<Behaviour> behaviours) {
    std::vector<peer::Behaviour> all;
    for (Behaviour& behaviour : behaviours) {
        all.push_back(peer_of(std::move(behaviour)));
    }
    all.push_back({.listens = false});
    auto servers = peer::BackgroundServers::start(
        std::move(all), {.patience = k_patience, .idle = k_patience}
    );
    assume(servers.has_value(), "a test's servers are possible");
    return std::move(*servers);
}

} // namespace

struct Servers::Running {
    explicit Running(std::vector<Behaviour> behaviours)
        : count(behaviours.size()), servers(started(std::move(behaviours))) {}

    std::size_t count;
    peer::BackgroundServers servers;
};

Servers::Servers(std::vector<Behaviour> behaviours)
    : running_(std::make_unique<Running>(std::move(behaviours))) {}

Servers::~Servers() = default;

std::uint16_t Servers::port(std::size_t index) const {
    return running_->servers.port(index);
}

std::uint16_t Servers::closed_port() const {
    return running_->servers.port(running_->count);
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
