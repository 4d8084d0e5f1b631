// SPDX-License-Identifier: Apache-2.0
// Redis.
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_redis_files[] = {"redis.conf"};
constexpr std::string_view k_redis_places[] = {"/etc/redis/redis.conf"};

void read_redis(const Input& /*input*/, Reading& /*reading*/) {}

} // namespace

const Server& redis_server() {
    static constexpr Server row{
        .name = "redis",
        .product = "Redis",
        .library = Library::openssl,
        .version = "7.0.15",
        .main_files = k_redis_files,
        .places = k_redis_places,
        .read = read_redis,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
