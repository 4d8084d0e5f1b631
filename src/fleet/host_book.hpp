// SPDX-License-Identifier: Apache-2.0
// How many targets of each host and network are under way, who waits for his host, and which hosts
// have had enough of us.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "fleet/back_off.hpp"
#include "fleet/lane.hpp"

namespace tlsdoctor::fleet {

/// A target on its way through the run.
struct Flight {
    Job job{};
    std::string host{};    ///< its first address, or its name where there is none
    std::string network{}; ///< /24 or /64; empty where there is no address
    unsigned exhausted{};  ///< how often this machine had nothing left for it
    bool asked_again{};    ///< its failure was doubted once already
};

/// Returns a flight with its host and network.
Flight flight_of(Job job, bool by_name);

/// The hosts of a run; one thread.
class HostBook final {
public:
    /// `at_once`: targets of one host that may be under way together.
    explicit HostBook(std::size_t at_once) : at_once_{at_once} {}

    /// Tells whether this flight may begin now.
    bool may_begin(const Flight& flight, TimePoint now) const;

    /// Notes that it begins.
    void begin(const Flight& flight);

    /// Notes that it ended, and how; nullopt where that says nothing about the host. Returns
    /// whether the result is in doubt.
    bool end(const Flight& flight, std::optional<Sign> sign, TimePoint now);

    /// Lets it wait for its host.
    void park(Flight flight);

    /// Takes the first of a host's waiting flights that may begin; nullopt where none may.
    std::optional<Flight> unpark(const std::string& host, TimePoint now);

    /// Returns the hosts for which somebody waits.
    std::vector<std::string> awaited() const;

    std::size_t parked() const { return parked_; }
    std::size_t pauses() const { return back_off_.pauses(); }

private:
    struct Host {
        std::size_t under_way{};
        std::deque<Flight> waiting{};
    };

    bool
    has_place(const std::string& who, std::size_t under_way, std::size_t most, TimePoint now) const;
    void forget_if_idle(const std::string& host);

    std::size_t at_once_;
    std::unordered_map<std::string, Host> hosts_{};
    std::unordered_map<std::string, std::size_t> networks_{}; ///< under way
    BackOff back_off_{};
    std::size_t parked_{};
};

} // namespace tlsdoctor::fleet
