// SPDX-License-Identifier: Apache-2.0
// Sources of random bytes.
#include "base/random.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include <sys/random.h>

#include "base/assume.hpp"

namespace tlsdoctor {

Bytes random_bytes(const RandomSource& random, std::size_t size) {
    Bytes bytes(size);
    random(bytes);
    return bytes;
}

RandomSource system_random() {
    return [](std::span<std::uint8_t> out) {
        while (!out.empty()) {
            // getrandom never cuts requests of up to 256 bytes short [getrandom(2)].
            const std::size_t part = std::min<std::size_t>(out.size(), 256);
            assume(
                getrandom(out.data(), part, 0) == static_cast<ssize_t>(part), "getrandom failed"
            );
            out = out.subspan(part);
        }
    };
}

RandomSource seeded_random(std::uint64_t seed) {
    auto engine = std::make_shared<std::mt19937_64>(seed);
    return [engine](std::span<std::uint8_t> out) {
        std::generate(out.begin(), out.end(), [&] {
            return static_cast<std::uint8_t>((*engine)() & 0xffU);
        });
    };
}

} // namespace tlsdoctor
