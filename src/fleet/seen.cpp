// SPDX-License-Identifier: Apache-2.0
// Open addressing with linear probing, and SipHash-2-4 [Aumasson, Bernstein 2012] for the hashes.
#include "fleet/seen.hpp"

#include <bit>
#include <limits>

namespace tlsdoctor::fleet {

namespace {

constexpr std::size_t k_first_size = 1'024;

/// A table is at most so full (of 8): more would be slow, less would waste memory.
constexpr std::size_t k_full_eighths = 7;

struct SipState {
    std::uint64_t v0, v1, v2, v3;

    void round() {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }

    void take(std::uint64_t word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
};

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t word = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
        word = (word << 8U) | static_cast<unsigned char>(bytes[i - 1]);
    }
    return word;
}

} // namespace

void IpSet::add(const Block& block) {
    Ip first = block.first;
    Ip last = block.last;
    auto at = ranges_.upper_bound(first);
    if (at != ranges_.begin() && std::prev(at)->second >= first) {
        --at;
    }
    while (at != ranges_.end() && at->first <= last) { // those that it touches become one
        first = std::min(first, at->first);
        last = std::max(last, at->second);
        at = ranges_.erase(at);
    }
    ranges_.emplace(first, last);
}

std::optional<Block> IpSet::around(const Ip& ip) const {
    const auto at = ranges_.upper_bound(ip);
    if (at == ranges_.begin() || std::prev(at)->second < ip) {
        return std::nullopt;
    }
    return Block{.first = std::prev(at)->first, .last = std::prev(at)->second};
}

bool IpSet::contains(const Ip& ip) const {
    return around(ip).has_value();
}

std::uint64_t Fingerprints::hash_of(std::string_view text) const {
    SipState state{
        key_ ^ 0x736f6d6570736575, ~key_ ^ 0x646f72616e646f6d, key_ ^ 0x6c7967656e657261,
        ~key_ ^ 0x7465646279746573
    };
    const std::uint64_t length = text.size();
    while (text.size() >= 8) {
        state.take(little_endian(text.substr(0, 8)));
        text.remove_prefix(8);
    }
    state.take(little_endian(text) | (length << 56U));
    state.v2 ^= 0xffU;
    for (int i = 0; i < 4; ++i) {
        state.round();
    }
    const std::uint64_t hash = state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
    return hash == 0 ? 1 : hash;
}

std::size_t Fingerprints::place_of(std::uint64_t hash) const {
    std::size_t place = hash % table_.size();
    while (table_[place] != 0 && table_[place] != hash) {
        place = place + 1 == table_.size() ? 0 : place + 1;
    }
    return place;
}

void Fingerprints::grow() {
    std::vector<std::uint64_t> old;
    old.swap(table_);
    // By half: the table is never emptier than that, nor twice as large for long.
    table_.resize(old.empty() ? k_first_size : old.size() + old.size() / 2);
    for (const std::uint64_t hash : old) {
        if (hash != 0) {
            table_[place_of(hash)] = hash;
        }
    }
}

bool Fingerprints::add(std::string_view text) {
    if ((size_ + 1) * 8 > table_.size() * k_full_eighths) {
        grow();
    }
    const std::uint64_t hash = hash_of(text);
    std::uint64_t& place = table_[place_of(hash)];
    if (place == hash) {
        return false;
    }
    place = hash;
    ++size_;
    return true;
}

bool Fingerprints::contains(std::string_view text) const {
    if (table_.empty()) {
        return false;
    }
    return table_[place_of(hash_of(text))] != 0;
}

} // namespace tlsdoctor::fleet
