// SPDX-License-Identifier: Apache-2.0
// Which server block a name leads to: exact names, then the longest `*.x`, then the longest `x.*`,
// then regular expressions, then the default server. Of two equal names the first wins.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/nginx_listen.hpp"

namespace tlsdoctor::config {

/// What a name (or pattern) on a socket leads to.
struct NginxRoute {
    std::string sni{};                 ///< as Service::sni: `a.test`, `*.a.test`, `www.a.*`
    std::size_t member{};              ///< of the socket
    const Statement* line{};           ///< the server_name
    bool regex{};                      ///< read out of a regular expression
    std::vector<NginxMember> losers{}; ///< servers that have the same name too, in vain
};

/// The names of one socket.
class NginxNames final {
public:
    explicit NginxNames(const NginxSocket& socket);

    /// Returns all names, the exact and the patterns, in load order.
    const std::vector<NginxRoute>& routes() const { return routes_; }
    /// Finds where a name (or `*.x`, `x.*`) leads; null: to the default server.
    const NginxRoute* find(std::string_view sni) const;

private:
    void add_name(std::string_view text, std::size_t member, const Statement* line);
    void add(std::string sni, std::size_t member, const Statement* line, bool regex);

    const NginxSocket& socket_;
    std::vector<NginxRoute> routes_{};
    std::map<std::string, std::size_t, std::less<>> known_{};
};

/// Says which regular expressions are more than a name or `*.x`, so that they are not followed.
void remark_nginx_regexes(const std::vector<NginxServer>& servers, Reading& reading);

/// Returns the name, or the pattern `*.x`, that a regular expression of nginx (with its `~`)
/// matches in essence: `~^www\.a\.test$` is `www.a.test`, `~^(.+)\.a\.test$` is `*.a.test`; empty
/// where it is more than that.
std::string nginx_regex_name(std::string_view regex);

} // namespace tlsdoctor::config
