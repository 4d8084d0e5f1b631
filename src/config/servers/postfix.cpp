// SPDX-License-Identifier: Apache-2.0
// Postfix.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_postfix_files[] = {"main.cf"};
constexpr std::string_view k_postfix_places[] = {"/etc/postfix/main.cf"};

void read_postfix(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& postfix_server() {
    static constexpr Server row{
        .name = "postfix",
        .product = "Postfix",
        .library = Library::openssl,
        .version = "3.7.11",
        .main_files = k_postfix_files,
        .places = k_postfix_places,
        .read = read_postfix,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
