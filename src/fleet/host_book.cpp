// SPDX-License-Identifier: Apache-2.0
// Counts; whoever begins is checked against both his host and his network.
#include "fleet/host_book.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "fleet/ip.hpp"

namespace tlsdoctor::fleet {

namespace {

/// Where the last ones were refused, so many at once find out whether that has changed.
constexpr std::size_t k_wary_at_once = 2;

constexpr std::size_t k_no_limit = std::numeric_limits<std::size_t>::max();
constexpr unsigned k_v4_network = 24;
constexpr unsigned k_v6_network = 64;

} // namespace

Flight flight_of(Job job, bool by_name) {
    Flight flight{.host = job.target.host};
    if (!by_name && job.addresses && !job.addresses->empty()) {
        flight.host = *std::ranges::min_element(*job.addresses);
        if (const auto ip = ip_in(flight.host.substr(0, flight.host.find('%')))) {
            const Block network = around(*ip, ip->v6 ? k_v6_network : k_v4_network);
            flight.network = "net " + text_of(network.first);
        }
    }
    flight.job = std::move(job);
    return flight;
}

bool HostBook::has_place(
    const std::string& who, std::size_t under_way, std::size_t most, TimePoint now
) const {
    const std::size_t limit = back_off_.is_wary(who) ? std::min(most, k_wary_at_once) : most;
    return under_way < limit && back_off_.not_before(who) <= now;
}

bool HostBook::may_begin(const Flight& flight, TimePoint now) const {
    const auto host = hosts_.find(flight.host);
    const std::size_t at_host = host == hosts_.end() ? 0 : host->second.under_way;
    const auto network = networks_.find(flight.network);
    const std::size_t in_network = network == networks_.end() ? 0 : network->second;
    return has_place(flight.host, at_host, at_once_, now) &&
           (flight.network.empty() || has_place(flight.network, in_network, k_no_limit, now));
}

void HostBook::begin(const Flight& flight) {
    ++hosts_[flight.host].under_way;
    if (!flight.network.empty()) {
        ++networks_[flight.network];
    }
}

bool HostBook::end(const Flight& flight, std::optional<Sign> sign, TimePoint now) {
    --hosts_[flight.host].under_way;
    forget_if_idle(flight.host);
    if (const auto at = networks_.find(flight.network); at != networks_.end()) {
        if (--at->second == 0) {
            networks_.erase(at);
        }
    }
    if (!sign) {
        return false;
    }
    const bool host_doubts = back_off_.note(flight.host, *sign, now);
    const bool network_doubts =
        !flight.network.empty() && back_off_.note(flight.network, *sign, now);
    return host_doubts || network_doubts;
}

void HostBook::park(Flight flight) {
    ++parked_;
    std::deque<Flight>& waiting = hosts_[flight.host].waiting;
    waiting.push_back(std::move(flight));
}

std::optional<Flight> HostBook::unpark(const std::string& host, TimePoint now) {
    const auto at = hosts_.find(host);
    if (at == hosts_.end() || at->second.waiting.empty() ||
        !may_begin(at->second.waiting.front(), now)) {
        return std::nullopt;
    }
    Flight flight = std::move(at->second.waiting.front());
    at->second.waiting.pop_front();
    --parked_;
    return flight;
}

std::vector<std::string> HostBook::awaited() const {
    std::vector<std::string> hosts;
    for (const auto& [name, host] : hosts_) {
        if (!host.waiting.empty()) {
            hosts.push_back(name);
        }
    }
    return hosts;
}

void HostBook::forget_if_idle(const std::string& host) {
    const auto at = hosts_.find(host);
    if (at != hosts_.end() && at->second.under_way == 0 && at->second.waiting.empty()) {
        hosts_.erase(at);
    }
}

} // namespace tlsdoctor::fleet
