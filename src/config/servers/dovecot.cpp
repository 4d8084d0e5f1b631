// SPDX-License-Identifier: Apache-2.0
// Dovecot.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_dovecot_files[] = {"dovecot.conf"};
constexpr std::string_view k_dovecot_places[] = {"/etc/dovecot/dovecot.conf"};

void read_dovecot(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& dovecot_server() {
    static constexpr Server row{
        .name = "dovecot",
        .product = "Dovecot",
        .library = Library::openssl,
        .version = "2.3.19",
        .main_files = k_dovecot_files,
        .places = k_dovecot_places,
        .read = read_dovecot,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
