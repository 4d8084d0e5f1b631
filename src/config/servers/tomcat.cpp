// SPDX-License-Identifier: Apache-2.0
// Tomcat.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_tomcat_files[] = {"conf/server.xml", "server.xml"};
constexpr std::string_view k_tomcat_places[] = {
    "/etc/tomcat10/server.xml", "/etc/tomcat9/server.xml"
};

void read_tomcat(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& tomcat_server() {
    static constexpr Server row{
        .name = "tomcat",
        .product = "Tomcat",
        .library = Library::java,
        .version = "10.1.60",
        .main_files = k_tomcat_files,
        .places = k_tomcat_places,
        .read = read_tomcat,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
