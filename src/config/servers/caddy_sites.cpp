// SPDX-License-Identifier: Apache-2.0
// Reading sites; see the header.
#include "config/servers/caddy_sites.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

const CaddyDirective* caddy_named(const std::vector<CaddyDirective>& body, std::string_view name) {
    const auto found = std::ranges::find(body, name, &CaddyDirective::name);
    return found == body.end() ? nullptr : &*found;
}

/// Reads `https://a.test:8443/path`, `:443`, `a.test`.
CaddyName caddy_name(std::string_view text, const CaddyOptions& options) {
    CaddyName name;
    const bool http = text.starts_with("http://");
    const bool https = text.starts_with("https://");
    text.remove_prefix(http ? 7 : https ? 8 : 0);
    text = text.substr(0, text.find('/'));
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    const std::size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
    name.host = lower(text.substr(0, colon));
    name.port = colon == text.npos ? "" : text.substr(colon + 1);
    if (name.port.empty()) {
        name.port = http ? options.http_port : options.https_port;
    }
    // With a name, Caddy speaks HTTPS on every port but that of HTTP; without, on its own port.
    name.tls =
        !http && name.port != options.http_port &&
        (https || name.port == options.https_port || (options.automatic && !name.host.empty()));
    return name;
}

std::vector<std::string> caddy_list(const CaddyDirective* directive) {
    if (directive == nullptr || directive->words.empty()) {
        return {};
    }
    return {directive->words.begin() + 1, directive->words.end()};
}

/// A site may have several; what they say is put together.
void read_one_caddy_tls(
    CaddySite& site, const CaddyDirective& directive, const std::string& folder
) {
    site.tls = &directive;
    if (directive.words.size() == 3) {
        site.certificates.push_back(joined_path(folder, directive.words[1]));
    }
    for (const CaddyDirective& option : directive.body) {
        const std::string_view name = option.name();
        if (name == "protocols") {
            site.protocols = &option;
        } else if (name == "ciphers") {
            site.ciphers = &option;
        } else if (name == "curves") {
            site.curves = &option;
        }
    }
}

void read_caddy_tls(CaddySite& site, const std::string& folder) {
    for (const CaddyDirective& directive : site.block->body) {
        if (directive.name() == "tls") {
            read_one_caddy_tls(site, directive, folder);
        }
    }
    if (site.tls == nullptr) {
        return;
    }
    for (CaddyName& name : site.names) {
        name.tls = true;
    }
}

} // namespace

CaddyOptions caddy_options(const CaddyTree& tree) {
    CaddyOptions options;
    const auto take = [](std::string& into, const CaddyDirective* directive) {
        if (directive != nullptr && directive->words.size() > 1) {
            into = directive->words[1];
        }
    };
    if (tree.root.empty() || !tree.root.front().words.empty()) {
        return options;
    }
    const auto& body = tree.root.front().body;
    take(options.http_port, caddy_named(body, "http_port"));
    take(options.https_port, caddy_named(body, "https_port"));
    take(options.default_sni, caddy_named(body, "default_sni"));
    options.binds = caddy_list(caddy_named(body, "default_bind"));
    std::string automatic;
    take(automatic, caddy_named(body, "auto_https"));
    options.automatic = automatic != "off";
    options.automatic_certificates = options.automatic && automatic != "disable_certs";
    return options;
}

std::vector<CaddySite> caddy_sites(
    const CaddyTree& tree, const CaddyOptions& options, const std::string& folder,
    Reading& /*reading*/
) {
    std::vector<CaddySite> sites;
    for (const CaddyDirective& block : tree.root) {
        if (block.words.empty()) {
            continue;
        }
        CaddySite site{.block = &block};
        for (const std::string& word : block.words) {
            for (const std::string_view one : split(word, ',')) {
                if (!one.empty()) {
                    site.names.push_back(caddy_name(one, options));
                }
            }
        }
        site.bind = caddy_named(block.body, "bind");
        site.binds = site.bind == nullptr ? options.binds : caddy_list(site.bind);
        read_caddy_tls(site, folder);
        sites.push_back(std::move(site));
    }
    return sites;
}

} // namespace tlsdoctor::config
