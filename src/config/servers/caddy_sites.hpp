// SPDX-License-Identifier: Apache-2.0
// The sites of a Caddyfile: which names on which addresses, and what `tls` says for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/servers/caddy_tree.hpp"

namespace tlsdoctor::config {

/// The global options that matter.
struct CaddyOptions {
    std::string http_port{"80"};
    std::string https_port{"443"};
    std::string default_sni{};
    std::vector<std::string> binds{};
    bool automatic_certificates{true}; ///< `auto_https` is not `off` or `disable_certs`
    bool automatic{true};              ///< `auto_https` is not `off`
};

/// One name of a site: `https://a.test:8443`.
struct CaddyName {
    std::string host{}; ///< empty: any
    std::string port{};
    bool tls{};
};

/// A site.
struct CaddySite {
    const CaddyDirective* block{};
    std::vector<CaddyName> names{};
    std::vector<std::string> binds{};  ///< hosts to listen on
    const CaddyDirective* tls{};       ///< the `tls` directive; null: none
    const CaddyDirective* protocols{}; ///< of `tls`; null: none
    const CaddyDirective* ciphers{};
    const CaddyDirective* curves{};
    const CaddyDirective* bind{};
    std::vector<std::string> certificates{}; ///< absolute; empty: Caddy's own
};

/// Reads the global options and the sites; what Caddy would refuse is fatal. Borrows from the tree,
/// whose top may be put in order first.
CaddyOptions caddy_options(const CaddyTree& tree);
std::vector<CaddySite> caddy_sites(
    const CaddyTree& tree, const CaddyOptions& options, const std::string& folder, Reading& reading
);

} // namespace tlsdoctor::config
