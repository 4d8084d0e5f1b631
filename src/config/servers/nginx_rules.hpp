// SPDX-License-Identifier: Apache-2.0
// What nginx's TLS directives are, by version: where they may stand, whether they may be repeated,
// what holds without them. And what of a configuration nginx would refuse for these reasons.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/servers/nginx_tree.hpp"

namespace tlsdoctor::config {

/// Which of nginx's three worlds a server lives in; each has its own directives and sockets.
enum class NginxWorld : std::uint8_t { http, stream, mail };

/// The directives that decide handshakes.
enum class NginxKey : std::uint8_t {
    ssl,
    protocols,
    ciphers,
    curve,
    dhparam,
    conf_command,
    certificate,
    certificate_key,
    reject_handshake,
    starttls,
    count_
};

/// Returns `ssl_protocols` for `protocols`.
std::string_view nginx_name(NginxKey key);

/// The lines of one block for each of the keys.
using NginxLines =
    std::array<std::vector<const Statement*>, static_cast<std::size_t>(NginxKey::count_)>;

/// Returns what a block itself says.
NginxLines nginx_lines(const std::vector<NginxDirective>& body);

/// Adds the lines that look as if they decided, and speak of connections to upstream servers:
/// `proxy_ssl_protocols`, `grpc_ssl_ciphers` ..., also those of locations.
void add_nginx_client_side(
    const std::vector<NginxDirective>& body, std::vector<const Statement*>& lines
);

/// Returns the versions that hold without `ssl_protocols` in a version of nginx.
VersionSet nginx_default_versions(std::string_view server_version);

/// Returns the version that a word of `ssl_protocols` names, in any case; nullopt for none.
std::optional<ProtocolVersion> nginx_protocol(std::string_view word);

/// Returns the union of the words of several `ssl_protocols`.
VersionSet nginx_listed(const std::vector<const Statement*>& lines);

/// Tells whether a flag directive says `on`.
bool nginx_is_on(const std::vector<const Statement*>& lines);

/// Holds every TLS directive of the tree against the rules: what nginx refuses is fatal, what is
/// not known here is not understood.
void check_nginx(const NginxTree& tree, Reading& reading);

} // namespace tlsdoctor::config
