// SPDX-License-Identifier: Apache-2.0
// Apache.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_apache_files[] = {"apache2.conf", "httpd.conf", "conf/httpd.conf"};
constexpr std::string_view k_apache_places[] = {
    "/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf", "/usr/local/apache2/conf/httpd.conf"
};

void read_apache(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& apache_server() {
    static constexpr Server row{
        .name = "apache",
        .product = "Apache",
        .library = Library::openssl,
        .version = "2.4.62",
        .main_files = k_apache_files,
        .places = k_apache_places,
        .read = read_apache,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
