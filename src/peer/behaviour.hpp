// SPDX-License-Identifier: Apache-2.0
// What a server of ours does with a client, and what it saw of it. A behaviour is a value: a
// handshake with exactly the faults that one asks for, or a script, or a handshake that a script
// spoils.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/server_session.hpp"

namespace tlsdoctor::peer {

/// What a server does when it has said what it has to say.
enum class Ending : std::uint8_t {
    closes, ///< FIN
    resets, ///< RST
    waits,  ///< nothing, until the client leaves or its time is over
};

/// What is spoken before TLS.
enum class Dialogue : std::uint8_t {
    none,
    smtp, ///< EHLO, STARTTLS; anything else is answered with 500
};

/// A server.
struct Behaviour {
    bool listens{true};     ///< false: the port is taken and refuses every connection
    std::string greeting{}; ///< said before the client has spoken
    Dialogue dialogue{};

    /// A handshake. Without it, `script` answers.
    std::optional<crypto::ServerOptions> tls{};
    /// With `tls`: says what is sent instead of the handshake's first flight; then comes `ending`.
    std::function<Bytes(ByteView flight)> spoils{};
    /// With `tls`: said in clear before the first flight, which goes on as if nothing were.
    Bytes prefix{};
    /// Said to the client's first application data, then close_notify and FIN.
    std::string answer{"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
                       "Connection: close\r\n\r\nok\n"};

    /// Without `tls`: what is said to the first hello (one whole record, an SSL 2.0 hello, or some
    /// text); null says nothing.
    std::function<Bytes(ByteView hello)> script{};
    Ending ending{};

    milliseconds delay{}; ///< before the first answer
    std::size_t piece{};  ///< answers are cut into pieces of so many bytes; 0: they are not
    milliseconds pace{};  ///< between two pieces
    std::size_t answers{SIZE_MAX};         ///< after so many connections the server only reads
    std::function<void()> at_connection{}; ///< called on the servers' thread; may be empty
};

/// What came of one connection.
struct Meeting {
    Bytes hello{};    ///< the client's first bytes: a whole record at most; empty: it said nothing
    bool completed{}; ///< the handshake, on our side
    bool spoke{};     ///< application data came
    std::optional<ProtocolVersion> version{};  ///< of our ServerHello
    std::optional<CipherSuite> cipher_suite{}; ///< of our ServerHello
    std::vector<crypto::ReceivedAlert> alerts{};
    std::string failure{};     ///< of the handshake, or of what came after it
    std::string server_name{}; ///< that the client sent, safe to print
    Bytes reaction{};          ///< what the client said to a script, its first 512 bytes
};

/// How much the servers bear.
struct Limits {
    std::size_t at_once{256}; ///< connections of all servers together; more are reset
    milliseconds patience{10'000};
    milliseconds idle{1'500};   ///< after the handshake, for application data
    std::size_t meetings{64};   ///< that are remembered for each server, the newest
    bool both_families{};       ///< on ::1 too, where the machine has it
    std::uint16_t first_port{}; ///< the first server's port, the others follow; 0: any
};

} // namespace tlsdoctor::peer
