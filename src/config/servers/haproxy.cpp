// SPDX-License-Identifier: Apache-2.0
// HAProxy.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_haproxy_files[] = {"haproxy.cfg"};
constexpr std::string_view k_haproxy_places[] = {"/etc/haproxy/haproxy.cfg"};

void read_haproxy(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& haproxy_server() {
    static constexpr Server row{
        .name = "haproxy",
        .product = "HAProxy",
        .library = Library::openssl,
        .version = "2.6.12",
        .main_files = k_haproxy_files,
        .places = k_haproxy_places,
        .read = read_haproxy,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
