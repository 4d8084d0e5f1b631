// SPDX-License-Identifier: Apache-2.0
// Judges the bytes that a server sends after a hello. It never saw a socket: bytes go in, piece by
// piece as the network cuts them, and an `Exchange` comes out. All parsing is that of `wire`,
// bounds-checked.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.hpp"
#include "evidence/exchange.hpp"
#include "wire/handshake.hpp"
#include "wire/record.hpp"
#include "wire/ssl2_record.hpp"

namespace tlsdoctor::probe {

/// How much more is worth waiting for.
enum class Wants : std::uint8_t {
    answer, ///< nothing that decides has come yet
    rest, ///< the outcome is known; what follows at once (the flight, a FIN) is worth a short wait
    nothing,
};

/// Reads one server's answer to one hello.
class ReplyReader final {
public:
    /// `offered` is what the hello offered; `port` helps to name a protocol that is not TLS.
    ReplyReader(const evidence::Offer& offered, std::uint16_t port);

    /// Takes the next bytes.
    void feed(ByteView bytes);

    /// Says how much more is wanted.
    [[nodiscard]] Wants wants() const { return wants_; }

    /// Ends the answer: the connection ended so, or (`Ending::ours`) the time was over. Writes
    /// outcome, selection, alerts, protocol, ending and received bytes into `exchange`.
    void conclude(evidence::Ending ending, evidence::Exchange& exchange);

private:
    void read_tls();
    void read_ssl2();
    void read_messages();
    void take_alert(const wire::Record& record);
    void take_message(const wire::HandshakeMessage& message);
    void take_server_hello(ByteView body);
    void take_server_key_exchange(ByteView body);
    void decide(evidence::Outcome outcome, Wants wants);

    evidence::Offer offered_;
    std::uint16_t port_{};
    Wants wants_{Wants::answer};
    wire::Framing framing_{wire::Framing::need_more};
    wire::RecordReader records_{};
    wire::HandshakeReader messages_{};
    wire::Ssl2RecordReader ssl2_{};
    evidence::Exchange answer_{};
    std::size_t judged_{};
    bool decided_{};
    bool read_whole_record_{};
};

} // namespace tlsdoctor::probe
