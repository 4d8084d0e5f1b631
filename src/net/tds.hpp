// SPDX-License-Identifier: Apache-2.0
// TLS inside TDS 7 (SQL Server): until the handshake is complete each flight travels in PRELOGIN
// packets [MS-TDS 2.2.6.5]. This puts flights into packets and takes them out again.
#pragma once

#include "base/bytes.hpp"

namespace tlsdoctor::net {

/// Returns the bytes in one or several packets.
Bytes in_tds_packets(ByteView tls);

/// Takes TLS out of packets that come in pieces.
class TdsUnwrapper final {
public:
    /// Takes the next bytes and returns those of TLS that are complete in them. Bytes that are no
    /// such packet come out as they are, from there to the end: the reader of TLS judges them.
    Bytes feed(ByteView bytes);

private:
    Bytes pending_{};
    bool foreign_{};
};

} // namespace tlsdoctor::net
