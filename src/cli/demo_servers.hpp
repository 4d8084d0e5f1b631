// SPDX-License-Identifier: Apache-2.0
// Broken servers inside this process, on loopback ports that the system chooses, for `tlsdoctor
// demo`. They run on a thread of their own, because the doctor's event loop occupies the caller's.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "crypto/server_session.hpp"

namespace tlsdoctor::cli {

/// What a demonstration server does: TLS with these options, or plain text where `plain_reply` is
/// set.
struct DemoBehaviour {
    crypto::ServerOptions tls{};
    std::string plain_reply{}; ///< sent to whatever comes, then the connection is closed
};

/// The servers, from `start` until destruction.
class DemoServers final {
public:
    /// Starts one server for each behaviour. The error says what could not be started.
    static std::expected<DemoServers, std::string>
    start(const std::vector<DemoBehaviour>& behaviours);
    ~DemoServers();
    DemoServers(DemoServers&&) noexcept;
    DemoServers& operator=(DemoServers&&) = delete;
    DemoServers(const DemoServers&) = delete;
    DemoServers& operator=(const DemoServers&) = delete;

    /// Returns the port of the server for the behaviour at `index`.
    std::uint16_t port(std::size_t index) const;

private:
    struct Running;
    explicit DemoServers(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

} // namespace tlsdoctor::cli
