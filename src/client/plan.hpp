// SPDX-License-Identifier: Apache-2.0
// Private to this module: a row of data/clients/hellos.tsv, which says of a client's hello all that
// is the same in each of its connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "client/hello.hpp"

namespace tlsdoctor::client {

/// An extension in its place, and what the table says of its content.
struct ExtensionPlan {
    ExtensionType type{};
    std::optional<Bytes> body{}; ///< where it is not what such an extension usually holds
    std::uint16_t ech_aead{};    ///< of encrypted_client_hello's GREASE
    std::size_t ech_payload{};   ///< its size
    std::size_t padded_to{512};  ///< size of the padded message, for padding
};

/// A hello before its bytes are made. Of `fields` the lists are set, not the sizes.
struct HelloPlan {
    HelloFields fields{};
    std::vector<ExtensionPlan> extensions{};
    std::size_t challenge_size{}; ///< in SSL 2.0's format
};

/// Returns the plan of a client's hello, or of a fallback (`cap-links-debian12#1`); nullopt where
/// the table has no such row.
std::optional<HelloPlan> hello_plan(std::string_view id);

} // namespace tlsdoctor::client
