// SPDX-License-Identifier: Apache-2.0
// Takes the protection off the records of one direction in TLS 1.3 [RFC 8446 5.2, 5.3]. Each record
// has its number in the nonce, so they are opened in their order, none left out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "crypto/key_schedule.hpp"
#include "wire/record.hpp"

namespace tlsdoctor::crypto {

/// TLSInnerPlaintext without its padding.
struct InnerPlaintext {
    wire::ContentType type{};
    Bytes content{};
};

/// Opens records with one key.
class RecordOpener final {
public:
    /// Starts at record number 0.
    RecordOpener(Aead aead, TrafficKey key);

    /// Opens the next record; nullopt where it is not what the owner of the key wrote, is too long,
    /// or is nothing but padding. The number goes on all the same.
    std::optional<InnerPlaintext> open(const wire::Record& record);

private:
    Aead aead_{};
    TrafficKey key_{};
    std::uint64_t number_{};
};

} // namespace tlsdoctor::crypto
