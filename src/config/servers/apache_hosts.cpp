// SPDX-License-Identifier: Apache-2.0
// Listeners and virtual hosts; see the header.
#include "config/servers/apache_hosts.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <arpa/inet.h>
#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::uint32_t k_highest_port = 65535;

/// The usual spelling of an IP address; empty where it is none.
std::string usual_ip(const std::string& text) {
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> shown{};
    const int family = text.contains(':') ? AF_INET6 : AF_INET;
    if (::inet_pton(family, text.c_str(), bytes.data()) != 1 ||
        ::inet_ntop(family, bytes.data(), shown.data(), shown.size()) == nullptr) {
        return {};
    }
    return shown.data();
}

std::string shown_address(const std::string& ip, std::uint32_t port) {
    return ip.contains(':') ? fmt::format("[{}]:{}", ip, port) : fmt::format("{}:{}", ip, port);
}

/// Hosts that name this very address come first, those for any address last; each with this port,
/// then with any. The first kind that is there is taken alone.
std::vector<std::size_t> hosts_at(
    const std::vector<std::vector<ApacheAddress>>& hosts, const std::string& ip, std::uint32_t port
) {
    const std::array<ApacheAddress, 4> kinds{{{ip, port}, {ip, 0}, {"*", port}, {"*", 0}}};
    for (const ApacheAddress& kind : kinds) {
        std::vector<std::size_t> found;
        for (std::size_t scope = 1; scope < hosts.size(); ++scope) {
            if (std::ranges::any_of(hosts[scope], [&](const ApacheAddress& one) {
                    return one.ip == kind.ip && one.port == kind.port;
                })) {
                found.push_back(scope);
            }
        }
        if (!found.empty()) {
            return found;
        }
    }
    return {};
}

std::vector<std::vector<ApacheAddress>> host_addresses(const ApacheTree& tree, Reading& reading) {
    std::vector<std::vector<ApacheAddress>> all;
    for (const ApacheScope& scope : tree.scopes) {
        auto& addresses = all.emplace_back();
        for (const std::string& word : scope.addresses) {
            if (auto address = apache_address(word, false)) {
                addresses.push_back(std::move(*address));
            } else {
                reading.not_understood.push_back(
                    {scope.opening,
                     fmt::format("the address of {} is known to the resolver only", harmless(word))}
                );
            }
        }
    }
    return all;
}

struct OpenSocket {
    ApacheAddress address{};
    bool https{};
    Place statement{};
};

/// Without any Listen, where a fragment was given: the addresses of its virtual hosts.
std::vector<OpenSocket> sockets_of(
    const ApacheTree& tree, const std::vector<std::vector<ApacheAddress>>& hosts, Reading& reading
) {
    std::vector<OpenSocket> sockets;
    for (const ApacheDirective& one : tree.directives) {
        if (one.name != "listen" || !one.asleep.empty() || one.words.empty()) {
            continue;
        }
        const auto address = apache_address(one.words[0], true);
        if (!address || address->port == 0) {
            reading.not_understood.push_back({one.statement, "this address is not understood"});
            continue;
        }
        const bool https =
            one.words.size() > 1 ? same_ignoring_case(one.words[1], "https") : address->port == 443;
        sockets.push_back({*address, https, one.statement});
    }
    for (std::size_t scope = 1; sockets.empty() && !tree.modules.known && scope < hosts.size();
         ++scope) {
        for (const ApacheAddress& address : hosts[scope]) {
            if (address.port != 0) {
                sockets.push_back({address, address.port == 443, tree.scopes[scope].opening});
            }
        }
    }
    return sockets;
}

/// The addresses at which a client meets this socket.
std::vector<std::string>
ips_of(const OpenSocket& socket, const std::vector<std::vector<ApacheAddress>>& hosts) {
    const std::string& ip = socket.address.ip;
    if (ip != "*" && ip != "0.0.0.0" && ip != "::") {
        return {ip};
    }
    std::vector<std::string> ips{"0.0.0.0"};
    if (ip != "0.0.0.0") {
        ips.emplace_back("::"); // Linux: an IPv6 socket takes IPv4 as well
    }
    for (const auto& addresses : hosts) {
        for (const ApacheAddress& one : addresses) {
            const bool here = one.port == 0 || one.port == socket.address.port;
            if (here && one.ip != "*" && (ip != "0.0.0.0" || !one.ip.contains(':'))) {
                ips.push_back(one.ip);
            }
        }
    }
    return ips;
}

} // namespace

std::optional<ApacheAddress> apache_address(std::string_view text, bool port_alone) {
    if (port_alone && !text.contains(':') && !text.contains('.')) {
        const auto port = number_in(text, k_highest_port);
        return port ? std::optional{ApacheAddress{"*", *port}} : std::nullopt;
    }
    std::string_view host = text;
    std::string_view port;
    const std::size_t colon = text.rfind(':');
    const bool bracketed = text.starts_with('[');
    if (colon != text.npos && (!bracketed || text[colon - 1] == ']')) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }
    if (bracketed && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const auto number = port.empty() || port == "*" ? std::optional<std::uint32_t>{0}
                                                    : number_in(port, k_highest_port);
    if (!number) {
        return std::nullopt;
    }
    if (host == "*" || same_ignoring_case(host, "_default_")) {
        return ApacheAddress{"*", *number};
    }
    const std::string ip = host == "localhost" ? "127.0.0.1" : usual_ip(std::string{host});
    return ip.empty() ? std::nullopt : std::optional{ApacheAddress{ip, *number}};
}

std::vector<ApacheListener> apache_listeners(const ApacheTree& tree, Reading& reading) {
    const auto hosts = host_addresses(tree, reading);
    std::vector<ApacheListener> listeners;
    std::set<std::string> seen;
    const auto sockets = sockets_of(tree, hosts, reading);
    for (const OpenSocket& socket : sockets) {
        for (const std::string& ip : ips_of(socket, hosts)) {
            const std::uint32_t port = socket.address.port;
            std::string shown = shown_address(ip, port);
            if (seen.insert(shown).second) {
                listeners.push_back(
                    {.address = {ip, port},
                     .shown = std::move(shown),
                     .https = socket.https,
                     .statement = socket.statement,
                     .hosts = hosts_at(hosts, ip, port)}
                );
            }
        }
    }
    return listeners;
}

std::vector<ApacheNames> apache_names(const ApacheTree& tree) {
    std::vector<ApacheNames> all(tree.scopes.size());
    for (std::size_t i = 0; i < tree.directives.size(); ++i) {
        const ApacheDirective& one = tree.directives[i];
        const bool counts = one.asleep.empty() && !one.words.empty();
        if (counts && one.name == "servername") {
            // `https://name:443` is allowed: scheme and port are for redirections.
            std::string name = lower(one.words[0]);
            const std::size_t scheme = name.find("://");
            name = name.substr(scheme == name.npos ? 0 : scheme + 3);
            name = name.substr(0, name.find(':'));
            auto& names = all[one.scope].names;
            if (all[one.scope].server_name) {
                names.erase(names.begin());
            }
            names.insert(names.begin(), name);
            all[one.scope].server_name = i;
        }
        for (const std::string& word : one.words) {
            if (counts && one.name == "serveralias") {
                all[one.scope].names.push_back(lower(word));
            }
        }
    }
    return all;
}

bool apache_name_fits(std::string_view pattern, std::string_view name) {
    std::size_t p = 0;
    std::size_t n = 0;
    std::size_t star = pattern.npos; // where to go on after a mismatch
    std::size_t resumed = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resumed = n;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++p;
            ++n;
        } else if (star != pattern.npos) {
            p = star + 1;
            n = ++resumed;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') {
        ++p;
    }
    return p == pattern.size();
}

} // namespace tlsdoctor::config
