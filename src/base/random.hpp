// SPDX-License-Identifier: Apache-2.0
// Random bytes come in as a parameter, so that a test can fix them and print its seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.hpp"

namespace tlsdoctor {

/// Fills the span with random bytes.
using RandomSource = std::function<void(std::span<std::uint8_t>)>;

/// Returns `size` bytes of it.
Bytes random_bytes(const RandomSource& random, std::size_t size);

/// Returns the kernel's generator (getrandom); it cannot fail once the system has booted.
RandomSource system_random();

/// Returns a repeatable generator for tests, demonstrations and recordings; not for secrets.
RandomSource seeded_random(std::uint64_t seed);

} // namespace tlsdoctor
