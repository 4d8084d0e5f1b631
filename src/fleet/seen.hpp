// SPDX-License-Identifier: Apache-2.0
// Which targets a list had already: 16 bytes a target at most on average (a 64-bit keyed hash in a
// table that is at least half full), and a few words for a whole block of addresses. Two of a
// million targets have the same hash once in forty million runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "fleet/ip.hpp"

namespace tlsdoctor::fleet {

/// Ranges of addresses that do not touch.
class IpSet final {
public:
    /// Adds a block.
    void add(const Block& block);

    /// Tells whether an address is inside.
    bool contains(const Ip& ip) const;

    /// Returns the range around an address, to pass over it; nullopt where it is outside.
    std::optional<Block> around(const Ip& ip) const;

    bool empty() const { return ranges_.empty(); }

private:
    std::map<Ip, Ip> ranges_{}; ///< first -> last
};

/// A set of texts that keeps their hashes alone.
class Fingerprints final {
public:
    /// `key`: random, so that nobody can make texts that collide.
    explicit Fingerprints(std::uint64_t key) : key_{key} {}

    /// Adds a text; returns whether it is new.
    bool add(std::string_view text);

    /// Tells whether a text was added.
    bool contains(std::string_view text) const;

    std::size_t size() const { return size_; }

private:
    std::uint64_t hash_of(std::string_view text) const;
    std::size_t place_of(std::uint64_t hash) const;
    void grow();

    std::uint64_t key_;
    std::vector<std::uint64_t> table_{}; ///< 0: free
    std::size_t size_{};
};

} // namespace tlsdoctor::fleet
