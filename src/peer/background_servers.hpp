// SPDX-License-Identifier: Apache-2.0
// Servers of this process on loopback. They run on a thread of their own, with a loop of their
// own, because the doctor's event loop, or a program that is waited for, occupies the caller's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "peer/behaviour.hpp"

namespace tlsdoctor::peer {

/// The servers, from `start` until destruction.
class BackgroundServers final {
public:
    /// Starts one server for each behaviour. The error says what could not be started.
    static std::expected<BackgroundServers, std::string>
    start(std::vector<Behaviour> behaviours, const Limits& limits = {});
    ~BackgroundServers();
    BackgroundServers(BackgroundServers&&) noexcept;
    BackgroundServers& operator=(BackgroundServers&&) = delete;
    BackgroundServers(const BackgroundServers&) = delete;
    BackgroundServers& operator=(const BackgroundServers&) = delete;

    /// Returns the port of the server for the behaviour at `index`.
    std::uint16_t port(std::size_t index) const;

    /// Returns what that server met since the last call, as soon as its connections have ended or
    /// at most `patience` from now.
    std::vector<Meeting> take_meetings(std::size_t index, milliseconds patience = {});

private:
    struct Running;
    explicit BackgroundServers(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

} // namespace tlsdoctor::peer
