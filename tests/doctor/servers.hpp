// SPDX-License-Identifier: Apache-2.0
// Servers for the tests of whole visits: they run on a thread of their own, because the doctor's
// loop occupies the test's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "advise/case_file.hpp"
#include "crypto/server_session.hpp"
#include "doctor/doctor.hpp"

namespace tlsdoctor::doctor::test {

/// What a server does with each connection.
struct Behaviour {
    std::optional<crypto::ServerOptions> tls{}; ///< a handshake; without it:
    std::string reply{};                        ///< said to the first bytes, then FIN
    bool silent{};                              ///< reads, and says nothing
    std::size_t answers{SIZE_MAX};              ///< after so many connections, silent
    std::function<void()> at_connection{};      ///< called on the servers' thread; may be empty
};

/// Servers on loopback ports that the system chooses, until destruction.
class Servers final {
public:
    explicit Servers(std::vector<Behaviour> behaviours);
    ~Servers();
    Servers(const Servers&) = delete;
    Servers& operator=(const Servers&) = delete;

    /// Returns the port of the server at `index`.
    std::uint16_t port(std::size_t index) const;

    /// Returns a port on which nobody listens.
    std::uint16_t closed_port() const;

private:
    struct Running;
    std::unique_ptr<Running> running_;
};

/// A server that speaks these versions, inclusive.
Behaviour tls(ProtocolVersion lowest, ProtocolVersion highest);

/// A target at 127.0.0.1.
evidence::Target local(std::uint16_t port);

/// Options that no test waits for in vain, with repeatable randomness.
Options patient();

/// Visits all targets; returns the case files in the order in which they were reported.
std::vector<advise::CaseFile>
visited(const std::vector<evidence::Target>& targets, const Options& options);

} // namespace tlsdoctor::doctor::test
