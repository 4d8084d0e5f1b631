// SPDX-License-Identifier: Apache-2.0
// Small sums; see the header.
#include "fleet/limits.hpp"

#include <algorithm>
#include <limits>

namespace tlsdoctor::fleet {

namespace {

/// Connections of one visit, roughly; with a rate, no more visits are begun than can be finished in
/// their time.
constexpr std::size_t k_connections_of_a_check = 100;
constexpr std::size_t k_connections_of_versions = 10;

} // namespace

std::size_t targets_of_a_host(const LaneSettings& lane) {
    constexpr std::size_t k_versions_at_once = 8;
    return std::max<std::size_t>(1, lane.per_host / k_versions_at_once);
}

std::size_t most_under_way(const EngineOptions& options) {
    if (!options.rate) {
        return std::numeric_limits<std::size_t>::max();
    }
    const doctor::Options& visit = options.lane.visit;
    const std::size_t each =
        visit.versions_only ? k_connections_of_versions : k_connections_of_a_check;
    const auto in_time = static_cast<std::size_t>(visit.deadline.count()) * *options.rate / 1'000;
    return std::max<std::size_t>(1, in_time / 2 / each);
}

std::optional<Sign> sign_of(const Flight& flight, const Judged& result) {
    if (!flight.job.addresses || flight.job.addresses->empty()) {
        return std::nullopt;
    }
    const std::string& cause = result.gist->cause;
    const bool refused =
        !result.gist->reached || cause == "reset_after_hello" || cause == "scanner_banned";
    return refused ? Sign::failed : Sign::answered;
}

} // namespace tlsdoctor::fleet
