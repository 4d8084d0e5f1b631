// SPDX-License-Identifier: Apache-2.0
// Hosts and ports in a message. Nothing is invented: what is not written there is empty, and names
// of source files and of programs are no hosts.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "explain/knowledge.hpp"

namespace tlsdoctor::explain {

/// Where the failed connection went.
struct Place {
    std::string host{};   ///< a name or an address, without brackets; empty: the text names none
    std::uint16_t port{}; ///< 0: the text names none
    std::string scheme{}; ///< `https`, `smtp` ... where the text has a URL
};

/// Returns the place as `tlsdoctor check` takes it: `host`, `host:8443`, `[::1]:443`, `HOST` where
/// there is no host.
std::string target_text(const Place& place);

/// The patterns of places, compiled once.
class PlaceFinder final {
public:
    PlaceFinder();
    ~PlaceFinder();
    PlaceFinder(const PlaceFinder&) = delete;
    PlaceFinder& operator=(const PlaceFinder&) = delete;

    /// Returns the likeliest place. A server's own log is read for the names it serves, not for
    /// the addresses of its clients.
    Place find(std::span<const std::string> lines, Observer observer) const;

private:
    struct Forms;
    std::unique_ptr<Forms> forms_;
};

} // namespace tlsdoctor::explain
