// SPDX-License-Identifier: Apache-2.0
// The places of random bytes and name, by comparison of hellos that differ in one of them.
#include "probe/hello_template.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/assume.hpp"
#include "probe/hello.hpp"

namespace tlsdoctor::probe {

namespace {

constexpr std::size_t k_nowhere = SIZE_MAX;

/// Fills the draw of this number with ones and all others with zeros; notes their sizes.
RandomSource ones_in(std::size_t number, std::vector<std::size_t>& sizes) {
    return [number, &sizes](std::span<std::uint8_t> out) {
        std::ranges::fill(out, sizes.size() == number ? std::uint8_t{0xff} : std::uint8_t{0});
        sizes.push_back(out.size());
    };
}

Bytes hello_with(const Ask& ask, std::size_t number, std::vector<std::size_t>& sizes) {
    sizes.clear();
    return make_question(ask, ones_in(number, sizes)).bytes;
}

/// Returns where two hellos of one length begin to differ.
std::size_t first_difference(const Bytes& a, const Bytes& b) {
    assume(a.size() == b.size(), "what varies in a hello does not change its length");
    const auto at = std::ranges::mismatch(a, b).in1;
    return at == a.end() ? k_nowhere : static_cast<std::size_t>(at - a.begin());
}

std::uint64_t key_of(const Ask& ask) {
    const std::uint64_t length = ask.sni ? ask.sni->size() + 1 : 0;
    return length << 24U | std::uint64_t{std::to_underlying(ask.shape)} << 16U |
           std::to_underlying(ask.version);
}

} // namespace

HelloTemplates::HelloTemplates(RandomSource random) : random_(std::move(random)) {}

HelloTemplates::Template HelloTemplates::make(const Ask& ask) {
    assume(ask.shape != evidence::Shape::composed, "a composed offer has no template");
    Ask alike = ask;
    if (ask.sni) {
        alike.sni = std::string(ask.sni->size(), 'a');
    }
    std::vector<std::size_t> sizes;
    Template made{.bytes = hello_with(alike, k_nowhere, sizes), .name_at = k_nowhere};
    const std::size_t count = sizes.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = first_difference(made.bytes, hello_with(alike, i, sizes));
        made.draws.push_back({.size = sizes[i], .at = at, .shows = at != k_nowhere});
    }
    if (ask.sni && !ask.sni->empty()) {
        alike.sni = std::string(ask.sni->size(), 'b');
        made.name_at = first_difference(made.bytes, hello_with(alike, k_nowhere, sizes));
    }
    return made;
}

ByteView HelloTemplates::hello(const Ask& ask) {
    const std::uint64_t key = key_of(ask);
    auto at = made_.find(key);
    if (at == made_.end()) {
        at = made_.emplace(key, make(ask)).first;
    }
    const Template& made = at->second;
    hello_ = made.bytes;
    for (const Draw& draw : made.draws) {
        if (draw.shows) {
            random_(std::span(hello_).subspan(draw.at, draw.size));
        } else {
            random_bytes(random_, draw.size);
        }
    }
    if (made.name_at != k_nowhere) {
        std::ranges::copy(
            as_bytes(*ask.sni), hello_.begin() + static_cast<std::ptrdiff_t>(made.name_at)
        );
    }
    return hello_;
}

RandomSource in_large_pieces(RandomSource random) {
    struct Pool {
        RandomSource random;
        Bytes bytes = Bytes(8192);
        std::size_t used = bytes.size();
    };
    auto pool = std::make_shared<Pool>(Pool{.random = std::move(random)});
    return [pool = std::move(pool)](std::span<std::uint8_t> out) {
        if (out.size() > pool->bytes.size()) {
            pool->random(out);
            return;
        }
        if (pool->bytes.size() - pool->used < out.size()) {
            pool->random(pool->bytes);
            pool->used = 0;
        }
        const auto from = pool->bytes.begin() + static_cast<std::ptrdiff_t>(pool->used);
        std::copy_n(from, out.size(), out.begin());
        pool->used += out.size();
    };
}

} // namespace tlsdoctor::probe
