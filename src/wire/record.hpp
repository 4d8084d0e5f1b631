// SPDX-License-Identifier: Apache-2.0
// The record layer in clear [RFC 8446 5.1, RFC 5246 6.2.1]. Record versions are never judged:
// servers put 0x0000, 0x0200, 0x0305 and 0x0400 into alerts, so a record is known by its content
// type and length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>

#include "base/bytes.hpp"
#include "registry/version.hpp"
#include "wire/reader.hpp"
#include "wire/stream_buffer.hpp"

namespace tlsdoctor::wire {

/// What a record carries [RFC 8446 5.1, RFC 6520]; open, but the reader accepts only these.
enum class ContentType : std::uint8_t {
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
    heartbeat = 24,
};

/// The size of a fragment in clear, at most [RFC 8446 5.1].
inline constexpr std::size_t k_max_fragment = 1U << 14U;

/// The size of any fragment, at most: what encryption may add to it in TLS 1.2 [RFC 5246 6.2.3].
inline constexpr std::size_t k_max_ciphertext = k_max_fragment + 2048;

/// A record; what the fragment means is its reader's business.
struct Record {
    ContentType type{};
    ProtocolVersion version{}; ///< legacy_record_version: any value is legal here
    Bytes fragment{};

    bool operator==(const Record&) const = default;
};

/// Cuts a stream into records. Fed with pieces of any size, it holds what is not yet whole.
class RecordReader final {
public:
    /// Takes the next bytes of the stream.
    void feed(ByteView bytes) { buffer_.feed(bytes); }

    /// Returns the next record, nullopt where more bytes are needed, or why the stream is not TLS:
    /// a content type that does not exist, or a length over k_max_ciphertext. That error stays.
    std::expected<std::optional<Record>, ParseError> next();

    /// Returns how many bytes of the stream were returned as records.
    [[nodiscard]] std::size_t consumed() const { return buffer_.used(); }

    /// Returns the bytes that are not yet part of a record; borrows until the next `feed`.
    [[nodiscard]] ByteView pending() const { return buffer_.pending(); }

private:
    StreamBuffer buffer_{};
    std::optional<ParseError> error_{};
};

/// Returns one record; the fragment is at most k_max_ciphertext bytes.
Bytes record(ContentType type, ProtocolVersion version, ByteView fragment);

/// Returns the record's bytes.
Bytes write(const Record& record);

/// Returns as many records as `data` needs, k_max_fragment each; none for no data.
Bytes records(ContentType type, ProtocolVersion version, ByteView data);

} // namespace tlsdoctor::wire
