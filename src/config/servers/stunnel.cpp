// SPDX-License-Identifier: Apache-2.0
// stunnel.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_stunnel_files[] = {"stunnel.conf"};
constexpr std::string_view k_stunnel_places[] = {"/etc/stunnel/stunnel.conf"};

void read_stunnel(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& stunnel_server() {
    static constexpr Server row{
        .name = "stunnel",
        .product = "stunnel",
        .library = Library::openssl,
        .version = "5.68",
        .main_files = k_stunnel_files,
        .places = k_stunnel_places,
        .read = read_stunnel,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
