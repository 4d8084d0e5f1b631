// SPDX-License-Identifier: Apache-2.0
// What the benchmark's own servers answer to a ClientHello: enough to be right, and nothing
// computed. They accept TLS 1.2 and 1.3 and refuse the rest with alert 70 (protocol_version), as a
// modern server does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tlsdoctor::bench {

/// The longest hello that is read; what is longer gets no answer.
inline constexpr std::size_t k_longest_hello = 8192;

/// An answer, and whether the server closes the connection after it.
struct Answer {
    std::vector<std::uint8_t> bytes;
    bool closes = false;
};

/// Tells whether `received` holds a whole first message, so that it can be answered.
bool is_whole(std::span<const std::uint8_t> received);

/// Returns the answer to a whole first message.
Answer answer_to(std::span<const std::uint8_t> hello);

} // namespace tlsdoctor::bench
