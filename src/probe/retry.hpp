// SPDX-License-Identifier: Apache-2.0
// The second hello of a client to a server that asked for another key share or wants a cookie back
// [RFC 8446 4.1.4]: the first one again, changed in what was asked for and in nothing else.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/key_share.hpp"

namespace tlsdoctor::probe {

/// What goes out on the same connection.
struct SecondHello {
    Bytes bytes{};                        ///< records and all
    Bytes message{};                      ///< the ClientHello with its header
    std::vector<crypto::KeyShare> keys{}; ///< whose shares are in it
};

/// Answers a HelloRetryRequest, the body of its message. `first` is the first hello's message with
/// its header, `keys` those of its shares. Nullopt where a client ends the handshake instead
/// [RFC 8446 4.2.8]: the group was not offered, or its share was there; and where no share of that
/// group can be made here.
std::optional<SecondHello>
second_hello(ByteView first, const std::vector<crypto::KeyShare>& keys, ByteView request);

} // namespace tlsdoctor::probe
