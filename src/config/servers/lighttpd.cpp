// SPDX-License-Identifier: Apache-2.0
// lighttpd.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_lighttpd_files[] = {"lighttpd.conf"};
constexpr std::string_view k_lighttpd_places[] = {"/etc/lighttpd/lighttpd.conf"};

void read_lighttpd(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& lighttpd_server() {
    static constexpr Server row{
        .name = "lighttpd",
        .product = "lighttpd",
        .library = Library::openssl,
        .version = "1.4.69",
        .main_files = k_lighttpd_files,
        .places = k_lighttpd_places,
        .read = read_lighttpd,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
