// SPDX-License-Identifier: Apache-2.0
// nginx.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_nginx_files[] = {"nginx.conf", "conf/nginx.conf"};
constexpr std::string_view k_nginx_places[] = {
    "/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf", "/usr/local/etc/nginx/nginx.conf"
};

void read_nginx(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& nginx_server() {
    static constexpr Server row{
        .name = "nginx",
        .product = "nginx",
        .library = Library::openssl,
        .version = "1.22.1",
        .main_files = k_nginx_files,
        .places = k_nginx_places,
        .read = read_nginx,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
