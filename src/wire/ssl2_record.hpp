// SPDX-License-Identifier: Apache-2.0
// Records of SSL 2.0 in clear [SSL 2.0 draft 02, 1.1], and the question that comes before any
// reading: do these bytes begin a stream of TLS, of SSL 2.0 or of neither?
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>

#include "base/bytes.hpp"
#include "wire/reader.hpp"
#include "wire/stream_buffer.hpp"

namespace tlsdoctor::wire {

/// How a stream is cut into messages.
enum class Framing : std::uint8_t {
    need_more, ///< too few bytes to say
    tls,       ///< records of SSL 3.0 and later
    ssl2,      ///< records of SSL 2.0, as in a hello of either side or an ERROR
    unknown,   ///< neither
};

/// Judges the first bytes of a stream. SSL 2.0 is known only by a header of two bytes, as no hello
/// came with three, and a message that begins a conversation and is long enough for its type.
Framing framing_of(ByteView start);

/// A record of SSL 2.0 in clear, so without MAC-DATA.
struct Ssl2Record {
    Bytes data{};             ///< ACTUAL-DATA: one message
    Bytes padding{};          ///< PADDING-DATA, only with a header of three bytes
    bool security_escape{};   ///< IS-ESCAPE, only with a header of three bytes
    bool three_byte_header{}; ///< padded records and escapes have it; others may

    bool operator==(const Ssl2Record&) const = default;
};

/// Cuts a stream into records of SSL 2.0. Almost any bytes look like one: ask `framing_of` first.
class Ssl2RecordReader final {
public:
    /// Takes the next bytes of the stream.
    void feed(ByteView bytes) { buffer_.feed(bytes); }

    /// Returns the next record, nullopt where more bytes are needed, or why this cannot be SSL 2.0:
    /// an empty record, or padding longer than the record. That error stays.
    std::expected<std::optional<Ssl2Record>, ParseError> next();

    /// Returns how many bytes of the stream were returned as records.
    [[nodiscard]] std::size_t consumed() const { return buffer_.used(); }

    /// Returns the bytes that are not yet part of a record; borrows until the next `feed`.
    [[nodiscard]] ByteView pending() const { return buffer_.pending(); }

private:
    StreamBuffer buffer_{};
    std::optional<ParseError> error_{};
};

/// Returns one record with a header of two bytes; `message` is 1 to 32,767 bytes.
Bytes ssl2_record(ByteView message);

/// Returns the record's bytes; the short header where the record does not need or have the long
/// one.
Bytes write(const Ssl2Record& record);

} // namespace tlsdoctor::wire
