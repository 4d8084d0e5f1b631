// SPDX-License-Identifier: Apache-2.0
// Names to addresses, by c-ares on our loop: the hosts file first, then A and AAAA asked side by
// side. Never getaddrinfo, which blocks and cannot tell "no such name" from "the server failed".
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::net {

/// What kind of failure a lookup met.
enum class DnsFailure : std::uint8_t {
    no_such_name,   ///< NXDOMAIN
    no_address,     ///< the name exists, without an address of a wanted family
    server_failure, ///< SERVFAIL, a malformed answer, or no server to ask
    refused,        ///< REFUSED by the server's policy
    timed_out,      ///< no answer until the deadline
    cancelled,      ///< `Loop::cancel_all`
    other,          ///< a bad name or a local failure
};

/// Returns `no_such_name` ... .
std::string_view name_of(DnsFailure what);

/// Why there is no address.
struct DnsError {
    DnsFailure what{};
    std::string text{}; ///< for the user: `no such name: example.invalid (NXDOMAIN)`
};

/// Whom to ask, and how long.
struct ResolverOptions {
    std::string servers{}; ///< `127.0.0.1:5353,[::1]:53`; empty: those of the system
    milliseconds attempt{2'000
    }; ///< until a question is sent again; the second time waits twice as long
    int attempts{3};               ///< per server
    milliseconds straggler{1'000}; ///< how long one family may keep the other's addresses waiting
};

/// Looks names up. Many lookups may be under way at once.
class Resolver final {
public:
    explicit Resolver(Loop& loop, ResolverOptions options = {});
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Returns the addresses of `host` (ASCII, see to_ascii), IPv4 then IPv6, each in the order of
    /// the answer, without duplicates; never empty. An IP literal is its own address. A name that
    /// the hosts file knows is not asked further. With addresses of one family, a failure of the
    /// other is no error.
    asio::awaitable<std::expected<std::vector<std::string>, DnsError>>
    resolve(std::string host, bool v4, bool v6, TimePoint deadline);

private:
    struct Channel;
    std::shared_ptr<Channel> channel_;
};

} // namespace tlsdoctor::net
