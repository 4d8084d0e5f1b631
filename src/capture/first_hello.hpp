// SPDX-License-Identifier: Apache-2.0
// The first ClientHello of a capture file, put together from its TCP segments. It may come late in
// its connection, as after STARTTLS.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "base/bytes.hpp"
#include "capture/file.hpp"

namespace tlsdoctor::capture {

/// A hello that somebody captured.
struct CapturedHello {
    Bytes stream{};       ///< its records, nothing behind them
    std::string from{};   ///< `192.0.2.7:50123`
    std::string to{};     ///< `192.0.2.1:443`
    std::size_t packet{}; ///< the number of the packet that completed it
};

/// Returns the hello that is complete first. Segments may come twice and in any order; memory is
/// bounded, so of thousands of connections at once the oldest are forgotten. The error says what
/// the file holds instead.
std::expected<CapturedHello, CaptureError> first_hello(ByteView file);

/// Returns the hello of a file of any kind: a capture, or the forms of client/hello_file.hpp, which
/// say nothing of `from` and `to`.
std::expected<CapturedHello, CaptureError> hello_of_file(ByteView file);

} // namespace tlsdoctor::capture
