// SPDX-License-Identifier: Apache-2.0
// hitch.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_hitch_files[] = {"hitch.conf"};
constexpr std::string_view k_hitch_places[] = {"/etc/hitch/hitch.conf"};

void read_hitch(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& hitch_server() {
    static constexpr Server row{
        .name = "hitch",
        .product = "hitch",
        .library = Library::openssl,
        .version = "1.7.2",
        .main_files = k_hitch_files,
        .places = k_hitch_places,
        .read = read_hitch,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
