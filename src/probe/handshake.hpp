// SPDX-License-Identifier: Apache-2.0
// One whole handshake by OpenSSL, after our own hellos were accepted: what the first flight cannot
// show, the certificate chain above all.
#pragma once

#include <string>

#include "evidence/handshake.hpp"
#include "net/address.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"
#include "probe/patience.hpp"
#include "probe/way.hpp"

namespace tlsdoctor::probe {

/// Whom to expect at the other end.
struct HandshakeOptions {
    std::string name{};             ///< DNS name or IP address that the certificate must be for
    bool send_name{true};           ///< as server_name; an address is never sent
    std::string ca_file{};          ///< trust these roots; empty: the system's
    std::string certificate_file{}; ///< ours, sent where the server asks; empty: none
    std::string key_file{};         ///< its key; empty: in `certificate_file`
    std::string http_host{}; ///< ask this host for `HEAD /` where a certificate was requested;
                             ///< empty: never
};

/// Completes a handshake, listens for one answer time where a certificate was requested and not
/// given, and leaves with close_notify. Cannot fail: how far it came is in the result. `route` says
/// what stands before TLS.
asio::awaitable<evidence::Handshake> shake_hands(
    net::Loop& loop, net::Address server, HandshakeOptions options, Patience patience, Route route
);

/// The same where TLS begins at once.
asio::awaitable<evidence::Handshake>
shake_hands(net::Loop& loop, net::Address server, HandshakeOptions options, Patience patience);

} // namespace tlsdoctor::probe
