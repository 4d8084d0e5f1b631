// SPDX-License-Identifier: Apache-2.0
// ProFTPD.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_proftpd_files[] = {"proftpd.conf"};
constexpr std::string_view k_proftpd_places[] = {"/etc/proftpd/proftpd.conf"};

void read_proftpd(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& proftpd_server() {
    static constexpr Server row{
        .name = "proftpd",
        .product = "ProFTPD",
        .library = Library::openssl,
        .version = "1.3.8",
        .main_files = k_proftpd_files,
        .places = k_proftpd_places,
        .read = read_proftpd,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
