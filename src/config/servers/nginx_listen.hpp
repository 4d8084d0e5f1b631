// SPDX-License-Identifier: Apache-2.0
// The sockets that nginx opens, and which server blocks share each of them. The default server of a
// socket decides the versions for every name on it, so everything begins here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/nginx_rules.hpp"

namespace tlsdoctor::config {

/// One `listen` line.
struct NginxListen {
    const Statement* statement{};         ///< the server block's own where it has no `listen`
    std::vector<std::string> addresses{}; ///< `127.0.0.1:443`, `[::1]:443`, `unix:/run/x`
    bool ssl{};
    bool is_default{};
    bool proxy_protocol{};
    bool udp{};        ///< `udp`, `quic`: no TLS over TCP here
    bool dual_stack{}; ///< `ipv6only=off`
};

/// A server block.
struct NginxServer {
    NginxWorld world{};
    const NginxDirective* block{};
    const NginxDirective* outer{}; ///< `http`, `stream` or `mail`
    std::vector<NginxListen> listens{};
    NginxLines own{};                            ///< what the block says
    NginxLines inherited{};                      ///< what the outer block says
    std::vector<const Statement*> client_side{}; ///< `proxy_ssl_protocols` and its like

    /// Returns the lines that hold: the block's own, else the inherited ones.
    const std::vector<const Statement*>& lines(NginxKey key) const {
        const auto index = static_cast<std::size_t>(key);
        return own[index].empty() ? inherited[index] : own[index];
    }
    /// Returns the inherited lines that the block's own replace.
    const std::vector<const Statement*>& replaced(NginxKey key) const {
        static const std::vector<const Statement*> none;
        const auto index = static_cast<std::size_t>(key);
        return own[index].empty() ? none : inherited[index];
    }
};

/// A server on a socket, with the line that put it there. Both borrow.
struct NginxMember {
    const NginxServer* server{};
    const NginxListen* listen{};
};

/// An address with its servers in load order.
struct NginxSocket {
    NginxWorld world{};
    std::string address{};
    std::vector<NginxMember> members{};
    std::size_t default_member{};
    bool ssl{}; ///< a listen line has `ssl`
    bool proxy_protocol{};

    const NginxMember& standard() const { return members[default_member]; }
};

/// Returns the server blocks of all worlds in load order; bad listen lines are fatal. Borrows.
std::vector<NginxServer> nginx_servers(const NginxTree& tree, Reading& reading);

/// Returns the sockets of these servers, in the order in which they are opened. Borrows.
std::vector<NginxSocket> nginx_sockets(const std::vector<NginxServer>& servers, Reading& reading);

/// Returns the addresses that `text` of a listen line names; empty where nginx would refuse it.
/// `port` is taken where it names none; empty: one must be named.
std::vector<std::string> nginx_addresses(std::string_view text, std::string_view port);

} // namespace tlsdoctor::config
