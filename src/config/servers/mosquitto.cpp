// SPDX-License-Identifier: Apache-2.0
// Mosquitto.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_mosquitto_files[] = {"mosquitto.conf"};
constexpr std::string_view k_mosquitto_places[] = {"/etc/mosquitto/mosquitto.conf"};

void read_mosquitto(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& mosquitto_server() {
    static constexpr Server row{
        .name = "mosquitto",
        .product = "Mosquitto",
        .library = Library::openssl,
        .version = "2.0.11",
        .main_files = k_mosquitto_files,
        .places = k_mosquitto_places,
        .read = read_mosquitto,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
