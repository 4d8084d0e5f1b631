// SPDX-License-Identifier: Apache-2.0
// Squid.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_squid_files[] = {"squid.conf"};
constexpr std::string_view k_squid_places[] = {"/etc/squid/squid.conf"};

void read_squid(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& squid_server() {
    static constexpr Server row{
        .name = "squid",
        .product = "Squid",
        .library = Library::openssl,
        .version = "5.7",
        .main_files = k_squid_files,
        .places = k_squid_places,
        .read = read_squid,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
