// SPDX-License-Identifier: Apache-2.0
// Many short conversations at once: connect, send a few bytes, hear the answer, hang up. An epoll
// of its own, which the Loop watches like any descriptor, and one buffer for all of them: a
// conversation in flight costs some 80 bytes here, and no coroutine, timer or buffer of its own.
// What a Stream tells apart is told apart here as finely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

namespace tlsdoctor::net {

/// How long an errand goes on listening.
enum class Listening : std::uint8_t {
    on,      ///< until the answer's time is over
    shortly, ///< for the rest of an answer that is known already: `ErrandTimes::rest`
    no_more, ///< hang up
};

/// How a conversation ended.
struct Parting {
    /// Why there was no connection; nullopt where there was one.
    std::optional<ConnectFailure> not_connected{};
    /// How the peer ended it; `timed_out` and `cancelled` are ours; nullopt: `Listening::no_more`.
    std::optional<StreamFailure> end{};
    int code{};      ///< errno of what failed; 0 where we gave up
    int send_code{}; ///< errno of a send that failed for a reason that is not the peer's
    bool nothing_acknowledged{}; ///< none of the bytes that were sent
};

/// What a conversation is for. The object stays where it is until `over` was called.
class Errand {
public:
    Errand() = default;
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;
    virtual ~Errand() = default;

    /// The connection stands: returns what to say, nothing where the peer is to begin. The bytes
    /// are read before anything else happens.
    virtual ByteView hello() = 0;

    /// The peer said this; the bytes are gone when the call returns.
    virtual Listening heard(ByteView bytes) = 0;

    /// It is over: the last call, exactly one, never from inside `begin`. May begin others, and
    /// destroy this object.
    virtual void over(const Parting& how) = 0;
};

/// How long the parts of a conversation may take. Conversations with the same times share lists, so
/// there should be few different ones.
struct ErrandTimes {
    milliseconds connect{3'000}; ///< from the SYN to the connection
    milliseconds answer{5'000};  ///< from the connection to the last byte
    milliseconds rest{250};      ///< once the errand listens only `shortly`; never beyond `answer`
};

/// Returns the system's words for why there was no connection, as `connect` has them.
std::string words_of(const Parting& how);

/// Returns the endpoint of an address; nullopt where it is none.
std::optional<asio::ip::tcp::endpoint> endpoint_of(const Address& address);

struct Reactor; // the works; private to this module

/// Runs errands on a loop. `Loop::cancel_all` ends them all, as `cancelled`.
class Exchanger final {
public:
    using Endpoint = asio::ip::tcp::endpoint;

    /// Names a conversation under way; one that has ended is nobody's.
    struct Ticket {
        std::uint32_t slot{UINT32_MAX};
        std::uint32_t turn{};
    };

    /// At most `most` are to be in flight.
    Exchanger(Loop& loop, std::size_t most);
    ~Exchanger();
    Exchanger(const Exchanger&) = delete;
    Exchanger& operator=(const Exchanger&) = delete;

    /// Tells whether another one may begin.
    [[nodiscard]] bool has_room() const;

    /// Returns how many are in flight.
    [[nodiscard]] std::size_t in_flight() const;

    /// Connects to `to`. Where this machine has no descriptor left that is `exhausted`, and
    /// nobody's fault but ours.
    Ticket begin(const asio::ip::tcp::endpoint& to, Errand& errand, const ErrandTimes& times);

    /// Ends it from our side, as its time were over; `over` is called inside.
    void cut(Ticket ticket);

private:
    std::shared_ptr<Reactor> reactor_;
};

} // namespace tlsdoctor::net
