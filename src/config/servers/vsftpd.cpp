// SPDX-License-Identifier: Apache-2.0
// vsftpd.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_vsftpd_files[] = {"vsftpd.conf"};
constexpr std::string_view k_vsftpd_places[] = {"/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"};

void read_vsftpd(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& vsftpd_server() {
    static constexpr Server row{
        .name = "vsftpd",
        .product = "vsftpd",
        .library = Library::openssl,
        .version = "3.0.3",
        .main_files = k_vsftpd_files,
        .places = k_vsftpd_places,
        .read = read_vsftpd,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
