// SPDX-License-Identifier: Apache-2.0
// The recording server: listens on a port of this machine, keeps what each client says first, byte
// for byte, answers that it will not talk, and closes. It runs on a thread of its own. No TLS
// library sees the bytes, so what it hears is what was sent, by clients that nobody could serve
// too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "registry/alert.hpp"
#include "wire/opening.hpp"

namespace tlsdoctor::peer {

/// How a connection ended for the client.
enum class HeardEnd : std::uint8_t {
    answered,  ///< it said enough, and got its answer
    closed,    ///< it closed before it had
    reset,     ///< it reset before it had
    timed_out, ///< it said nothing (more) for too long
    displaced, ///< so many others came that its place was needed
};

/// Returns `answered` ...
std::string_view name_of(HeardEnd end);

/// One connection of a client.
struct Heard {
    std::size_t number{}; ///< from 1, in the order in which the connections were accepted
    wire::OpeningKind kind{};
    Bytes bytes{};
    HeardEnd end{};
    net::Address from{};
    TimePoint at{}; ///< when it was accepted
};

/// The bounds of a recorder; none can be turned off.
struct RecorderLimits {
    std::size_t bytes{64 * 1024UL}; ///< of one opening
    std::size_t at_once{512};       ///< connections; a new one displaces the oldest
    std::size_t kept{4096};         ///< entries that wait to be taken; more are only counted
    std::size_t kept_bytes{16 * 1024UL * 1024}; ///< of all of them together
    milliseconds patience{5'000};               ///< for one opening
};

/// Where it listens and what it answers.
struct RecorderOptions {
    std::string address{}; ///< empty: both loopback addresses
    std::uint16_t port{};  ///< 0: the system chooses
    AlertDescription alert{AlertDescription::handshake_failure};
    RecorderLimits limits{};
};

/// The server, from `start` until destruction.
class Recorder final {
public:
    /// Opens the port and begins. The error says what could not be opened.
    static std::expected<Recorder, std::string> start(const RecorderOptions& options = {});
    ~Recorder();
    Recorder(Recorder&&) noexcept;
    Recorder& operator=(Recorder&&) = delete;
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Returns the port; the same on each address.
    std::uint16_t port() const;

    /// Waits until something was heard or the time is over, and takes what is there, in the order
    /// in which the connections were accepted as far as they have ended.
    std::vector<Heard> wait(TimePoint until);

    /// Waits until every connection that was accepted has ended (each is bounded by the patience)
    /// or the time is over, and takes everything.
    std::vector<Heard> settle(TimePoint until);

    /// Returns how many connections were accepted.
    std::size_t connections() const;

    /// Returns how many entries were not kept because nobody took them.
    std::size_t dropped() const;

private:
    struct Running;
    explicit Recorder(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

} // namespace tlsdoctor::peer
