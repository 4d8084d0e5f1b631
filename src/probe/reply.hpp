// SPDX-License-Identifier: Apache-2.0
// Judges the bytes that a server sends after a hello. It never saw a socket: bytes go in, piece by
// piece as the network cuts them, and an `Exchange` comes out. All parsing is that of `wire`,
// bounds-checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/first_flight.hpp"
#include "crypto/key_share.hpp"
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

/// What lets a reader look further than the ServerHello.
struct Insight {
    std::vector<crypto::KeyShare> keys{}; ///< of the hello's key shares; none: TLS 1.3 ends there
    Bytes client_hello{};                 ///< the message with its header, for the keys' sake
    bool look_inside{};                   ///< at certificates and names, which starts OpenSSL
};

/// Reads one server's answer to one hello.
class ReplyReader final {
public:
    /// `offered` is what the hello offered; `port` helps to name a protocol that is not TLS.
    ReplyReader(const evidence::Offer& offered, std::uint16_t port, Insight insight = {});

    /// Takes the next bytes.
    void feed(ByteView bytes);

    /// Says how much more is wanted.
    [[nodiscard]] Wants wants() const { return wants_; }

    /// Returns the body of the HelloRetryRequest that was the answer; empty where none was.
    [[nodiscard]] const Bytes& retry_request() const { return retry_request_; }

    /// A second hello went out, on which the answer now depends: what `insight` says is of that.
    void go_on(Insight insight);

    /// Ends the answer: the connection ended so, or (`Ending::ours`) the time was over. Writes
    /// outcome, selection, flight, alerts, protocol, ending and received bytes into `exchange`.
    void conclude(evidence::Ending ending, evidence::Exchange& exchange);

private:
    void take(ByteView bytes);
    void read_tls();
    void read_ssl2();
    void read_messages();
    void take_record(const wire::Record& record);
    void take_cipher(const wire::Record& record);
    void take_alert(const wire::Record& record);
    void take_message(const wire::HandshakeMessage& message);
    void take_server_hello(ByteView body);
    void open_cipher(ByteView server_hello);
    std::size_t most_judged() const;
    void decide(evidence::Outcome outcome, Wants wants);

    evidence::Offer offered_;
    std::uint16_t port_{};
    Insight insight_{};
    Wants wants_{Wants::answer};
    wire::Framing framing_{wire::Framing::need_more};
    wire::RecordReader records_{};
    wire::HandshakeReader messages_{};
    wire::Ssl2RecordReader ssl2_{};
    std::optional<crypto::FirstFlight> cipher_{}; ///< set behind a ServerHello of TLS 1.3
    evidence::Exchange answer_{};
    std::size_t judged_{};
    bool decided_{};
    bool read_whole_record_{};
    Bytes retry_request_{};
    crypto::Retry retry_{};             ///< what went before a second hello
    std::size_t before_second_hello_{}; ///< how many bytes of the answer
};

} // namespace tlsdoctor::probe
