// SPDX-License-Identifier: Apache-2.0
// The key_share extension of TLS 1.3 [RFC 8446 4.2.8], which has three forms.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "registry/named_group.hpp"
#include "wire/extension.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// A public key for one group.
struct KeyShareEntry {
    NamedGroup group{};
    Bytes key_exchange{};

    bool operator==(const KeyShareEntry&) const = default;
};

/// ClientHello: the client's shares, best first; an empty list asks for a HelloRetryRequest.
std::expected<std::vector<KeyShareEntry>, ParseError> read_client_shares(ByteView data);
Extension write_client_shares(std::span<const KeyShareEntry> client_shares);

/// ServerHello: the server's share.
std::expected<KeyShareEntry, ParseError> read_server_share(ByteView data);
Extension write_server_share(const KeyShareEntry& server_share);

/// HelloRetryRequest: the group that the client shall send a share for.
std::expected<NamedGroup, ParseError> read_selected_group(ByteView data);
Extension write_selected_group(NamedGroup selected_group);

} // namespace tlsdoctor::wire
