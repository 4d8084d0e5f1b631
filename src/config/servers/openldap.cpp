// SPDX-License-Identifier: Apache-2.0
// OpenLDAP.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_openldap_files[] = {"slapd.conf"};
constexpr std::string_view k_openldap_places[] = {
    "/etc/ldap/slapd.conf", "/etc/openldap/slapd.conf"
};

void read_openldap(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& openldap_server() {
    static constexpr Server row{
        .name = "openldap",
        .product = "OpenLDAP",
        .library = Library::gnutls,
        .version = "2.5.13",
        .main_files = k_openldap_files,
        .places = k_openldap_places,
        .read = read_openldap,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
