// SPDX-License-Identifier: Apache-2.0
// A hello that somebody kept in a file: its bytes, or any of the forms in which tools print them.
// Packet captures are for the module `capture`.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "base/bytes.hpp"

namespace tlsdoctor::client {

/// Why a file holds no hello.
struct HelloFileError {
    std::string what{}; ///< `holds hexadecimal digits, but no ClientHello: ...`
    std::size_t line{}; ///< from 1; 0 where it is about the whole file

    bool operator==(const HelloFileError&) const = default;
};

/// Returns `line 3: what`.
std::string describe(const HelloFileError& error);

/// Returns the first hello in a file as a stream of records. The file may hold
/// - the bytes themselves, with records or as a bare handshake message;
/// - hexadecimal digits in any spacing, with colons, commas, `0x` or `\x` between them;
/// - dumps with offsets: xxd, hexdump -C, od -tx1, Wireshark's, `openssl s_client -debug`;
/// - what `openssl s_client -msg` prints.
/// A dump may begin before the hello, as one of a whole packet does. At most 1 MiB is read.
std::expected<Bytes, HelloFileError> hello_in_file(ByteView content);

} // namespace tlsdoctor::client
