// SPDX-License-Identifier: Apache-2.0
// What a lookup means: which answers are waited for, and which of two failures is told.
#include "net/dns.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "net/address.hpp"
#include "net/dns_channel.hpp"

namespace tlsdoctor::net {
namespace {

using Result = std::expected<std::vector<std::string>, DnsError>;

Result failed(DnsFailure what, const std::string& host, std::string_view why) {
    std::string text;
    switch (what) {
    case DnsFailure::no_such_name:
        text = fmt::format("no such name: {} ({})", host, why);
        break;
    case DnsFailure::no_address:
        text = fmt::format("the name {} exists, but has no {}", host, why);
        break;
    default:
        text = fmt::format("cannot look up {}: {}", host, why);
        break;
    }
    return std::unexpected(DnsError{.what = what, .text = std::move(text)});
}

Result failed(Cut why, const std::string& host) {
    return why == Cut::deadline ? failed(DnsFailure::timed_out, host, "no answer in time")
                                : failed(DnsFailure::cancelled, host, "interrupted");
}

std::string_view wanted_address(bool v4, bool v6) {
    return v4 && v6 ? "address" : v4 ? "IPv4 address" : "IPv6 address";
}

DnsFailure kind_of(int status) {
    switch (status) {
    case ARES_ENOTFOUND:
        return DnsFailure::no_such_name;
    case ARES_ENODATA:
        return DnsFailure::no_address;
    case ARES_EREFUSED:
        return DnsFailure::refused;
    case ARES_ESERVFAIL:
    case ARES_ENOTIMP:
    case ARES_EFORMERR:
    case ARES_EBADRESP:
    case ARES_ECONNREFUSED:
        return DnsFailure::server_failure;
    case ARES_ETIMEOUT:
        return DnsFailure::timed_out;
    case ARES_ECANCELLED:
    case ARES_EDESTRUCTION:
        return DnsFailure::cancelled;
    default:
        return DnsFailure::other;
    }
}

/// Returns how much a status tells; "no such name" holds for both families, whichever question got
/// it, and "no address" is only true where both did.
int weight(int status) {
    switch (kind_of(status)) {
    case DnsFailure::no_such_name:
        return 3;
    case DnsFailure::no_address:
        return 0;
    case DnsFailure::timed_out:
        return 1;
    default:
        return 2;
    }
}

Result from_hosts(HostsEntry entry, const std::string& host, bool v4, bool v6) {
    std::vector<std::string> addresses;
    if (v4) {
        addresses = std::move(entry.v4);
    }
    if (v6) {
        addresses.insert(addresses.end(), entry.v6.begin(), entry.v6.end());
    }
    if (addresses.empty()) {
        return failed(DnsFailure::no_address, host, wanted_address(v4, v6));
    }
    return addresses;
}

Result itself(const std::string& literal, bool v4, bool v6) {
    HostsEntry entry{.found = true};
    (is_v4(literal) ? entry.v4 : entry.v6).push_back(literal);
    return from_hosts(std::move(entry), literal, v4, v6);
}

Result from_dns(const Lookup& lookup, const std::string& host) {
    const auto& [a, aaaa] = lookup.questions;
    if (lookup.has_addresses()) {
        std::vector<std::string> addresses = a.addresses;
        addresses.insert(addresses.end(), aaaa.addresses.begin(), aaaa.addresses.end());
        return addresses;
    }
    if (lookup.why != Cut::none) {
        return failed(lookup.why, host);
    }
    const bool first = a.asked && (!aaaa.asked || weight(a.status) >= weight(aaaa.status));
    const int status = first ? a.status : aaaa.status;
    switch (const DnsFailure what = kind_of(status)) {
    case DnsFailure::no_such_name:
        return failed(what, host, "NXDOMAIN");
    case DnsFailure::no_address:
        return failed(what, host, wanted_address(a.asked, aaaa.asked));
    case DnsFailure::timed_out:
        return failed(Cut::deadline, host);
    case DnsFailure::cancelled:
        return failed(Cut::cancelled, host);
    default:
        return failed(what, host, ares_strerror(status));
    }
}

asio::awaitable<void> wait_for_news(Loop& loop, std::shared_ptr<Lookup> lookup, TimePoint until) {
    const Watch watch(loop, until, lookup);
    co_await lookup->progress.wait();
}

asio::awaitable<void> wait_for_answers(
    Loop& loop, std::shared_ptr<Lookup> lookup, milliseconds straggler, TimePoint until
) {
    while (!lookup->finished()) {
        co_await wait_for_news(loop, lookup, until);
        if (lookup->has_addresses()) {
            until = std::min(until, Clock::now() + straggler);
        }
    }
}

} // namespace

std::string_view name_of(DnsFailure what) {
    switch (what) {
    case DnsFailure::no_such_name:
        return "no_such_name";
    case DnsFailure::no_address:
        return "no_address";
    case DnsFailure::server_failure:
        return "server_failure";
    case DnsFailure::refused:
        return "refused";
    case DnsFailure::timed_out:
        return "timed_out";
    case DnsFailure::cancelled:
        return "cancelled";
    case DnsFailure::other:
        break;
    }
    return "other";
}

Resolver::Resolver(Loop& loop, ResolverOptions options)
    : channel_(std::make_shared<Channel>(loop, std::move(options))) {}

Resolver::~Resolver() {
    channel_->shut();
}

asio::awaitable<Result> Resolver::resolve(std::string host, bool v4, bool v6, TimePoint deadline) {
    const std::shared_ptr<Channel> channel = channel_;
    if (is_ip_literal(host)) {
        co_return itself(host, v4, v6);
    }
    const Cut too_late = channel->loop.cut_before(deadline);
    if (too_late != Cut::none) {
        co_return failed(too_late, host);
    }
    const int status = channel->open();
    if (status != ARES_SUCCESS) {
        co_return failed(DnsFailure::other, host, ares_strerror(status));
    }
    const HostsEntry entry = channel->look_in_hosts(host);
    if (entry.found) {
        co_return from_hosts(entry, host, v4, v6);
    }
    const auto lookup = std::make_shared<Lookup>(channel->loop);
    const milliseconds straggler = channel->options.straggler;
    if (v4) {
        channel->ask(lookup, lookup->questions[0], host, Channel::Manner::thorough);
    }
    if (v6) {
        channel->ask(lookup, lookup->questions[1], host, Channel::Manner::thorough);
    }
    co_await wait_for_answers(channel->loop, lookup, straggler, deadline);
    if (lookup->why == Cut::none && !lookup->has_addresses()) {
        channel->ask_why(lookup, host);
        co_await wait_for_answers(channel->loop, lookup, straggler, deadline);
    }
    co_return from_dns(*lookup, host);
}

} // namespace tlsdoctor::net
