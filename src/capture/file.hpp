// SPDX-License-Identifier: Apache-2.0
// Capture files: pcap [draft-ietf-opsawg-pcap] and pcapng [draft-ietf-opsawg-pcapng], in either
// order of bytes. A file may be anybody's and cut anywhere: what is whole is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>

#include "base/bytes.hpp"

namespace tlsdoctor::capture {

/// Why a file cannot be read.
struct CaptureError {
    std::string what{};

    bool operator==(const CaptureError&) const = default;
};

/// A packet with everything that was captured of it; borrows from the file.
struct Packet {
    std::size_t number{};      ///< from 1, as Wireshark counts
    std::uint16_t link_type{}; ///< LINKTYPE_ of its interface
    ByteView bytes{};
    bool whole{}; ///< false where the capture kept only its beginning
};

/// Tells whether a file begins as pcap or pcapng does.
bool is_capture(ByteView start);

/// Calls `take` with each packet until that returns false; an error where the file is no capture,
/// or nothing of it can be read. A file that is cut short ends at the cut.
std::expected<void, CaptureError>
for_each_packet(ByteView file, const std::function<bool(const Packet&)>& take);

} // namespace tlsdoctor::capture
