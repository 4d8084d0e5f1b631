// SPDX-License-Identifier: Apache-2.0
// MariaDB.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_mariadb_files[] = {"my.cnf"};
constexpr std::string_view k_mariadb_places[] = {"/etc/mysql/my.cnf", "/etc/my.cnf"};

void read_mariadb(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& mariadb_server() {
    static constexpr Server row{
        .name = "mariadb",
        .product = "MariaDB",
        .library = Library::openssl,
        .version = "10.11.6",
        .main_files = k_mariadb_files,
        .places = k_mariadb_places,
        .read = read_mariadb,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
