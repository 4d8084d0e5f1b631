// SPDX-License-Identifier: Apache-2.0
// All of 127.0.0.0/8 is the machine's own, so each address of IPv4 gets one of its own there; IPv6
// has only ::1.
#include "config/trial_ports.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/text.hpp"
#include "process/spawn.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_most_attempts = 100;
constexpr std::string_view k_every = "0.0.0.0";
constexpr std::string_view k_own = "127.0.0.1";
constexpr std::string_view k_own_6 = "[::1]";

bool is_variable(std::string_view text) {
    return text.contains('$');
}

bool is_number(std::string_view text) {
    return number_in(text, 65'535).has_value();
}

std::string host_named(std::string_view text) {
    if (text.empty() || text == "*" || text == "_default_") {
        return std::string{k_every};
    }
    if (same_ignoring_case(text, "localhost")) {
        return std::string{k_own};
    }
    const bool bare_6 = text.contains(':') && !text.starts_with('[');
    return bare_6 ? fmt::format("[{}]", text) : std::string{text};
}

/// Binds a port of all addresses; 0 takes a free one. Returns the port, 0 where it is taken.
std::uint16_t bound(int family, std::uint16_t port) {
    const process::Descriptor probe(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_storage address{};
    socklen_t size = sizeof(sockaddr_in);
    address.ss_family = static_cast<sa_family_t>(family);
    // The port stands at the same place in both families.
    auto* const any = reinterpret_cast<sockaddr_in*>(&address);
    any->sin_port = htons(port);
    if (family == AF_INET6) {
        const int only = 1;
        setsockopt(probe.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
        size = sizeof(sockaddr_in6);
    }
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (probe.get() < 0) {
        return port; // the family is not there: nobody listens
    }
    if (bind(probe.get(), raw, size) != 0 || getsockname(probe.get(), raw, &size) != 0) {
        return errno == EADDRNOTAVAIL ? port : 0;
    }
    return ntohs(any->sin_port);
}

} // namespace

HostPort host_port_in(std::string_view text) {
    const std::size_t bracket = text.rfind(']');
    const std::size_t colon = text.rfind(':');
    const bool has_port = colon != text.npos && (bracket == text.npos || colon > bracket);
    if (has_port) {
        return {host_named(text.substr(0, colon)), std::string{text.substr(colon + 1)}};
    }
    if (is_number(text)) {
        return {std::string{k_every}, std::string{text}};
    }
    return {host_named(text), ""};
}

TrialPorts::TrialPorts(const std::vector<std::string>& known) {
    for (const std::string& address : known) {
        known_.push_back(host_port_in(address));
        const std::string& one = known_.back().host;
        if (one.starts_with("127.")) {
            hosts_[one] = one;
        }
    }
}

std::string TrialPorts::host(const std::string& host) {
    if (is_variable(host)) {
        return host;
    }
    if (const auto found = hosts_.find(host); found != hosts_.end()) {
        return found->second;
    }
    const bool six = host.starts_with('[');
    std::string own{six ? k_own_6 : k_own};
    const bool taken =
        std::ranges::any_of(hosts_, [&](const auto& one) { return one.second == own; });
    if (taken && six) {
        problem_ =
            fmt::format("loopback has one address of IPv6, and {} would be the second", host);
    } else if (taken || (!six && host != k_every)) {
        own = fmt::format("127.77.{}.{}", specific_ / 250, specific_ % 250 + 1);
        ++specific_;
    }
    return hosts_[host] = own;
}

std::string TrialPorts::free_port() {
    for (int attempt = 0; attempt < k_most_attempts; ++attempt) {
        const std::uint16_t port = bound(AF_INET, 0);
        const bool given = std::ranges::any_of(ports_, [&](const auto& one) {
            return one.second == std::to_string(port);
        });
        if (port != 0 && !given && bound(AF_INET6, port) != 0) {
            return std::to_string(port);
        }
    }
    problem_ = "no port is free";
    return "0";
}

std::string TrialPorts::port(const std::string& port) {
    if (is_variable(port)) {
        return port;
    }
    const auto found = ports_.find(port);
    return found != ports_.end() ? found->second : ports_[port] = free_port();
}

std::string TrialPorts::at(const HostPort& address, std::string_view otherwise_port) {
    const std::string port_there =
        address.port.empty() ? std::string{otherwise_port} : address.port;
    return fmt::format("{}:{}", host(address.host), port(port_there));
}

std::optional<std::string> TrialPorts::known(const std::string& word) {
    // Names (`*`, `localhost`) may mean anything where no address is expected.
    if (word.empty() || std::string_view{"0123456789[:"}.find(word.front()) == std::string::npos) {
        return std::nullopt;
    }
    const HostPort parts = host_port_in(word);
    for (const HostPort& one : known_) {
        if (word == one.port) {
            return port(word);
        }
        if (parts.host == one.host && parts.port.empty()) {
            return host(one.host);
        }
        if (parts.host == one.host && parts.port == one.port) {
            return at(one);
        }
    }
    return std::nullopt;
}

std::vector<std::string> TrialPorts::all_at(const HostPort& address) {
    std::vector<std::string> all;
    if (address.host == k_every) {
        for (const HostPort& one : known_) {
            const std::string place = one.port == address.port ? at(one) : "";
            if (!place.empty() && std::ranges::find(all, place) == all.end()) {
                all.push_back(place);
            }
        }
    }
    if (all.empty()) {
        all.push_back(at(address));
    }
    return all;
}

std::map<std::string, std::string> TrialPorts::addresses() {
    std::map<std::string, std::string> all;
    for (const HostPort& one : known_) {
        all[fmt::format("{}:{}", one.host, one.port)] = at(one);
    }
    return all;
}

} // namespace tlsdoctor::config
