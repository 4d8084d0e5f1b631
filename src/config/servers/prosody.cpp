// SPDX-License-Identifier: Apache-2.0
// Prosody.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_prosody_files[] = {"prosody.cfg.lua"};
constexpr std::string_view k_prosody_places[] = {"/etc/prosody/prosody.cfg.lua"};

void read_prosody(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& prosody_server() {
    static constexpr Server row{
        .name = "prosody",
        .product = "Prosody",
        .library = Library::openssl,
        .version = "0.12.3",
        .main_files = k_prosody_files,
        .places = k_prosody_places,
        .read = read_prosody,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
