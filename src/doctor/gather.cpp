// SPDX-License-Identifier: Apache-2.0
// The lookup before the visit, for callers that visit one target at a time.
#include "doctor/visit.hpp"

namespace tlsdoctor::doctor {

const std::string& host_asked(const evidence::Target& target, const Options& options) {
    return options.connect_address.empty() ? target.host : options.connect_address;
}

std::string name_to_look_up(const evidence::Target& target, const Options& options) {
    return options.proxy ? options.proxy->host : host_asked(target, options);
}

asio::awaitable<void> gather(
    net::Loop& loop, net::Resolver& resolver, net::Limiter& places, const Options& options,
    evidence::Visit& visit
) {
    const TimePoint begun = Clock::now();
    // A proxy resolves the target's name itself; what is looked up here is the proxy's.
    const std::string looked_up = name_to_look_up(visit.target, options);
    const TimePoint deadline = begun + options.deadline;
    const auto addresses =
        co_await resolver.resolve(looked_up, options.ipv4, options.ipv6, deadline);
    co_await gather_at(loop, addresses, begun, places, options, visit);
}

} // namespace tlsdoctor::doctor
