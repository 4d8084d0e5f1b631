// SPDX-License-Identifier: Apache-2.0
// A word's own port is found out by reading it twice: with two default ports it has one of its own
// where both give the same.
#include "fleet/exclusion.hpp"

namespace tlsdoctor::fleet {

namespace {

constexpr std::uint16_t k_one_default = 1;
constexpr std::uint16_t k_other_default = 2;
constexpr std::uint64_t k_mapped = 0xffff; ///< `::ffff:192.0.2.1` [RFC 4291 2.5.5.2]

} // namespace

std::expected<void, WordError> Exclusion::add(const Entry& entry, const WordReader& read_word) {
    if (entry.block) {
        (entry.port ? ports_[*entry.port] : addresses_).add(*entry.block);
        return {};
    }
    const auto one = read_word({.text = entry.word, .port = k_one_default});
    if (!one) {
        return std::unexpected(one.error());
    }
    const auto other = read_word({.text = entry.word, .port = k_other_default});
    std::optional<std::uint16_t> port = entry.port;
    if (other && other->port == one->port) {
        port = one->port;
    }
    if (const auto ip = ip_in(one->host)) {
        (port ? ports_[*port] : addresses_).add({.first = *ip, .last = *ip});
    } else if (port) {
        names_and_ports_.emplace(one->host, *port);
    } else {
        names_.insert(one->host);
    }
    return {};
}

bool Exclusion::excludes_name(const std::string& name, std::uint16_t port) const {
    return names_.contains(name) || names_and_ports_.contains({name, port});
}

bool Exclusion::excludes(const evidence::Target& target) const {
    if (empty()) {
        return false;
    }
    return excludes_name(target.host, target.port) ||
           (target.sni && excludes_name(*target.sni, target.port)) ||
           (target.literal && excludes(target.host, target.port));
}

bool Exclusion::excludes(std::string_view address, std::uint16_t port) const {
    auto ip = ip_in(address.substr(0, address.find('%')));
    if (!ip) {
        return false;
    }
    if (ip->v6 && ip->high == 0 && ip->low >> 32U == k_mapped) {
        *ip = Ip{.low = ip->low & 0xffff'ffffU}; // it leads to the IPv4 host
    }
    const auto on_port = ports_.find(port);
    return addresses_.contains(*ip) || (on_port != ports_.end() && on_port->second.contains(*ip));
}

} // namespace tlsdoctor::fleet
