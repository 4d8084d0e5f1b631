// SPDX-License-Identifier: Apache-2.0
// One target, from its name to the evidence of all its addresses. Fills a Visit that it does not
// own, so that a run which is cut finds there what was known so far.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "doctor/doctor.hpp"
#include "net/awaitable.hpp"
#include "net/dns.hpp"
#include "net/limiter.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::doctor {

/// More connections to a host at once would look like an attack to it.
inline constexpr std::size_t k_connections_to_a_host = 16;

/// Gathers the evidence about `visit.target` into `visit`, at most until the target's deadline.
/// `places` bounds the connections; the visits of one host share it. Borrows all arguments until it
/// ends.
asio::awaitable<void> gather(
    net::Loop& loop, net::Resolver& resolver, net::Limiter& places, const Options& options,
    evidence::Visit& visit
);

/// What a lookup found.
using Addresses = std::expected<std::vector<std::string>, net::DnsError>;

/// Returns the host that is visited: the target's, or the one of `--connect`.
const std::string& host_asked(const evidence::Target& target, const Options& options);

/// Returns the name or address that is looked up for a target: the proxy's where there is one.
std::string name_to_look_up(const evidence::Target& target, const Options& options);

/// The same where the caller has looked the name up: the target's deadline runs from `begun`. A
/// visit that has its endpoints already goes on from what was asked of them.
asio::awaitable<void> gather_at(
    net::Loop& loop, const Addresses& addresses, TimePoint begun, net::Limiter& places,
    const Options& options, evidence::Visit& visit
);

} // namespace tlsdoctor::doctor
