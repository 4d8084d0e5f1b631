// SPDX-License-Identifier: Apache-2.0
// What the first word of a listen line means; see nginx_listen.hpp.
#include <array>
#include <optional>

#include <arpa/inet.h>
#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/nginx_listen.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::uint32_t k_most_nginx_port = 65535;
constexpr std::uint32_t k_most_nginx_ports = 256; ///< of a range; more is no TLS server

struct NginxPorts {
    std::uint32_t first{};
    std::uint32_t last{};
};

std::optional<NginxPorts> nginx_ports(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto first = number_in(text.substr(0, dash), k_most_nginx_port);
    const auto last =
        dash == text.npos ? first : number_in(text.substr(dash + 1), k_most_nginx_port);
    if (!first || !last || *first == 0 || *last < *first) {
        return std::nullopt;
    }
    return NginxPorts{*first, std::min(*last, *first + k_most_nginx_ports)};
}

/// `0:0:0:0:0:0:0:1` is `::1`; nullopt for no address.
std::optional<std::string> nginx_ipv6(std::string_view text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::array<char, INET6_ADDRSTRLEN> shown{};
    if (inet_pton(AF_INET6, std::string{text}.c_str(), bytes.data()) != 1 ||
        inet_ntop(AF_INET6, bytes.data(), shown.data(), shown.size()) == nullptr) {
        return std::nullopt;
    }
    return std::string{shown.data()};
}

/// The hosts as they stand before a port.
std::vector<std::string> nginx_hosts(std::string_view host) {
    if (host == "*") {
        return {"0.0.0.0"};
    }
    if (same_ignoring_case(host, "localhost")) {
        return {"127.0.0.1", "[::1]"}; // as Debian's /etc/hosts has it
    }
    return {std::string{host}};
}

std::vector<std::string>
nginx_with_ports(const std::vector<std::string>& hosts, std::string_view port) {
    std::vector<std::string> addresses;
    const auto ports = nginx_ports(port);
    if (!ports) {
        return addresses;
    }
    for (const std::string& host : hosts) {
        for (std::uint32_t number = ports->first; number <= ports->last; ++number) {
            addresses.push_back(fmt::format("{}:{}", host, number));
        }
    }
    return addresses;
}

} // namespace

std::vector<std::string> nginx_addresses(std::string_view text, std::string_view port) {
    if (text.starts_with("unix:")) {
        return {std::string{text}};
    }
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        const auto host = nginx_ipv6(text.substr(1, end == text.npos ? end : end - 1));
        const std::string_view rest = end == text.npos ? "" : text.substr(end + 1);
        if (end == text.npos || !host || (!rest.empty() && !rest.starts_with(':'))) {
            return {};
        }
        return nginx_with_ports({fmt::format("[{}]", *host)}, rest.empty() ? port : rest.substr(1));
    }
    const std::size_t colon = text.find(':');
    if (colon != text.npos) {
        if (colon == 0) {
            return {};
        }
        return nginx_with_ports(nginx_hosts(text.substr(0, colon)), text.substr(colon + 1));
    }
    if (!text.empty() && text.find_first_not_of("0123456789-") == text.npos) {
        return nginx_with_ports({"0.0.0.0"}, text);
    }
    return text.empty() ? std::vector<std::string>{} : nginx_with_ports(nginx_hosts(text), port);
}

} // namespace tlsdoctor::config
