// SPDX-License-Identifier: Apache-2.0
// What a TLS client and a TLS server have in common here: bytes go in, bytes come out, and no
// socket is known. The owner of the socket writes take_output() after every call and feeds what it
// reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "registry/alert.hpp"
#include "registry/cipher_suite.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::crypto {

/// `done`: the handshake is complete; it stays `done` whatever comes later. `failed` is final.
enum class SessionState : std::uint8_t { wants_input, done, failed };

/// How the transport ended.
enum class StreamEnd : std::uint8_t { closed, reset };

/// An alert that the peer sent.
struct ReceivedAlert {
    AlertLevel level{};
    AlertDescription description{};
    bool after_handshake{};           ///< it came when the handshake was complete on our side
    ProtocolVersion record_version{}; ///< of the record that carried it
    bool encrypted{};
};

class Engine; // OpenSSL's side of a session, private to this module

/// One TLS connection without its transport; see ClientSession and ServerSession.
class Session {
public:
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    /// Returns what must be sent to the peer now; empty when there is nothing. Also after a
    /// failure: the alert that tells the peer why is in it.
    Bytes take_output();

    /// Takes bytes from the peer, in pieces of any size. After `done` it goes on reading: session
    /// tickets, application data and alerts. After `failed` bytes are ignored.
    void feed(ByteView bytes);

    /// Tells that no more bytes will come. Inside the handshake this is a failure.
    void end(StreamEnd how);

    /// Returns how far the handshake is.
    SessionState state() const;

    /// Returns why the handshake failed, in one phrase: `the server sent alert 70
    /// protocol_version`, or OpenSSL's words: `wrong version number`. Empty unless `failed`.
    const std::string& failure() const;

    /// Returns what broke the connection after the handshake, in the same words; empty if nothing
    /// did. A server that wants a client certificate in TLS 1.3 shows here [RFC 8446 4.4.2.4].
    const std::string& failure_after() const;

    /// Returns the peer's alerts in their order, close_notify and warnings included; at most 16 are
    /// kept.
    const std::vector<ReceivedAlert>& alerts() const;

    /// Returns the version of the ServerHello; nullopt before it, or where it was refused.
    std::optional<ProtocolVersion> version() const;

    /// Returns the suite of the ServerHello; nullopt before it, or where it was refused.
    std::optional<CipherSuite> cipher_suite() const;

    /// Encrypts application data; what it makes is in take_output(). Returns false before `done`
    /// and after the connection broke.
    bool write(std::string_view text);

    /// Returns the application data that came, and forgets it. At most 1 MiB waits to be taken;
    /// more than that is dropped.
    std::string read();

    /// Says close_notify, once and only after `done`: some servers spin on one inside a handshake
    /// (rustls 0.20, CVE-2024-32650).
    void close();

protected:
    explicit Session(std::unique_ptr<Engine> engine);
    Engine& engine();
    const Engine& engine() const;

private:
    std::unique_ptr<Engine> engine_;
};

} // namespace tlsdoctor::crypto
