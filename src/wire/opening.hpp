// SPDX-License-Identifier: Apache-2.0
// What a client says first, read from raw bytes in pieces of any size until one whole ClientHello
// is there: records of TLS, a CLIENT-HELLO of SSL 2.0, the form of it that offers TLS, or something
// that is no TLS at all. For the recording server, which must understand what no TLS library does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::wire {

/// What the first bytes of a connection are.
enum class OpeningKind : std::uint8_t {
    nothing,    ///< not one byte came
    hello,      ///< a whole ClientHello in records of SSL 3.0 or later
    ssl2_hello, ///< a whole CLIENT-HELLO in SSL 2.0's format; it may offer newer versions
    other_tls,  ///< records of TLS that hold something else, such as an alert
    clear_text, ///< no TLS: another protocol, or TLS behind something else
    partial,    ///< the beginning of a hello
    garbled,    ///< framed like TLS or SSL 2.0 and unreadable, or longer than any hello
};

/// Returns `hello`, `ssl2_hello` ...
std::string_view name_of(OpeningKind kind);

/// Reads the opening of a connection. Holds at most `limit` bytes.
class OpeningReader final {
public:
    explicit OpeningReader(std::size_t limit = 64 * 1024UL) : limit_(limit) {}

    /// Takes the next bytes; those beyond the limit are dropped. Returns whether the opening is
    /// complete and no more are wanted.
    bool feed(ByteView bytes);

    /// Tells whether no more bytes are wanted.
    [[nodiscard]] bool complete() const { return complete_; }

    /// Says what came so far.
    [[nodiscard]] OpeningKind kind() const { return kind_; }

    /// Returns the bytes: of a hello, its records and no more; else all. Borrows until the next
    /// `feed`.
    [[nodiscard]] ByteView bytes() const { return ByteView(bytes_).first(size_); }

private:
    void read();
    void read_records();
    void read_ssl2();
    void read_clear();
    void finish(OpeningKind kind, std::size_t size);

    std::size_t limit_;
    Bytes bytes_{};
    std::size_t size_{};   ///< how many of the bytes belong to the opening
    std::size_t passed_{}; ///< how many the reader of this framing was fed
    OpeningKind kind_{};
    bool complete_{};
    RecordReader records_{};
    HandshakeReader messages_{};
    Ssl2RecordReader ssl2_{};
};

/// Names the protocol that a client's first bytes belong to (`http`, `http_connect`, `smtp`,
/// `imap`, `pop3`, `ftp`, `xmpp`, `ssh`, `ldap`, `postgresql`, `rdp`, `socks`, `proxy_header`,
/// ...); empty where none is known.
std::string_view protocol_of_client(ByteView start);

} // namespace tlsdoctor::wire
