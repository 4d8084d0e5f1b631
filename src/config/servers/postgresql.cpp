// SPDX-License-Identifier: Apache-2.0
// PostgreSQL.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_postgresql_files[] = {"postgresql.conf"};
constexpr std::string_view k_postgresql_places[] = {
    "/etc/postgresql/15/main/postgresql.conf", "/var/lib/pgsql/data/postgresql.conf"
};

void read_postgresql(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& postgresql_server() {
    static constexpr Server row{
        .name = "postgresql",
        .product = "PostgreSQL",
        .library = Library::openssl,
        .version = "15.10",
        .main_files = k_postgresql_files,
        .places = k_postgresql_places,
        .read = read_postgresql,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
