// SPDX-License-Identifier: Apache-2.0
// Caddy.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_caddy_files[] = {"Caddyfile"};
constexpr std::string_view k_caddy_places[] = {"/etc/caddy/Caddyfile"};

void read_caddy(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& caddy_server() {
    static constexpr Server row{
        .name = "caddy",
        .product = "Caddy",
        .library = Library::go,
        .version = "2.6.2",
        .main_files = k_caddy_files,
        .places = k_caddy_places,
        .read = read_caddy,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
