// SPDX-License-Identifier: Apache-2.0
// The table of servers; see the header.
#include "config/server.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::uint32_t k_most_number = 99'999'999;

/// Returns the number at the beginning of a part: `8b1` is 8.
std::uint32_t leading_number(std::string_view part) {
    const std::size_t digits = std::min(part.find_first_not_of("0123456789"), part.size());
    return number_in(part.substr(0, digits), k_most_number).value_or(0);
}

} // namespace

std::span<const Server> servers() {
    static const std::vector<Server> rows{nginx_server(),     apache_server(),  haproxy_server(),
                                          postfix_server(),   dovecot_server(), lighttpd_server(),
                                          stunnel_server(),   caddy_server(),   postgresql_server(),
                                          mariadb_server(),   redis_server(),   openldap_server(),
                                          vsftpd_server(),    proftpd_server(), exim4_server(),
                                          hitch_server(),     tomcat_server(),  prosody_server(),
                                          mosquitto_server(), squid_server()};
    return rows;
}

const Server* find_server(std::string_view name) {
    const auto row = std::ranges::find_if(servers(), [&](const Server& server) {
        return same_ignoring_case(server.name, name) || same_ignoring_case(server.product, name);
    });
    return row == servers().end() ? nullptr : &*row;
}

bool older(std::string_view a, std::string_view b) {
    if (a.empty()) {
        return false;
    }
    const auto left = split(a, '.');
    const auto right = split(b, '.');
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
        const std::uint32_t one = i < left.size() ? leading_number(left[i]) : 0;
        const std::uint32_t other = i < right.size() ? leading_number(right[i]) : 0;
        if (one != other) {
            return one < other;
        }
    }
    return false;
}

} // namespace tlsdoctor::config
