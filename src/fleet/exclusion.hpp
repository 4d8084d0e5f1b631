// SPDX-License-Identifier: Apache-2.0
// Whom a run must not touch: addresses and blocks, names, single ports of either.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "evidence/visit.hpp"
#include "fleet/entry.hpp"
#include "fleet/seen.hpp"

namespace tlsdoctor::fleet {

/// What `--exclude` names. Filled once, then asked from any thread.
class Exclusion final {
public:
    /// Adds an entry of the list. A word without a port excludes every port of its host; the reader
    /// turns it into a host.
    std::expected<void, WordError> add(const Entry& entry, const WordReader& read_word);

    /// Tells whether a target as it stands in the list is excluded, by its name, its server name or
    /// its address.
    bool excludes(const evidence::Target& target) const;

    /// Tells whether an address must not be connected to on this port.
    bool excludes(std::string_view address, std::uint16_t port) const;

    /// Returns the excluded addresses around `ip` on every port, to pass over them.
    std::optional<Block> around(const Ip& ip) const { return addresses_.around(ip); }

    bool empty() const {
        return addresses_.empty() && names_.empty() && names_and_ports_.empty() && ports_.empty();
    }

private:
    bool excludes_name(const std::string& name, std::uint16_t port) const;

    IpSet addresses_{};                      ///< on every port
    std::map<std::uint16_t, IpSet> ports_{}; ///< on one port
    std::set<std::string> names_{};
    std::set<std::pair<std::string, std::uint16_t>> names_and_ports_{};
};

} // namespace tlsdoctor::fleet
