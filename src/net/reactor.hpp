// SPDX-License-Identifier: Apache-2.0
// The works behind an Exchanger; private to this module. One epoll, edge-triggered: each socket is
// added once and never modified; closing it takes it out. After every call of an errand its slot is
// looked up anew: the errand may have begun or cut others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/deadlines.hpp"
#include "net/exchanger.hpp"

namespace tlsdoctor::net {

/// One conversation.
struct Talk {
    Errand* errand{};
    Bytes unsent{}; ///< what the kernel did not take at once: next to never anything
    ErrandTimes times{};
    int socket{-1};
    int send_code{};
    std::uint32_t turn{};
    std::uint16_t port{};
    bool connected{};
    bool was_reset{}; ///< the kernel tells it once
    bool hurried{};   ///< listens only for the rest
    bool was_v6{};
};

/// All conversations, and what waits for them.
struct Reactor final : Waiter, std::enable_shared_from_this<Reactor> {
    Reactor(Loop& on, std::size_t at_most);
    ~Reactor() override;

    /// Ends all of them.
    void cut(Cut why) override;
    /// Returns a slot that is free.
    std::uint32_t take_slot();
    /// Begins to connect; returns 0 or errno.
    int open(Talk& talk, std::uint32_t slot, const asio::ip::tcp::endpoint& to) const;
    /// Waits for events, again and again.
    void wait();
    /// Carries out what has happened.
    void look();
    /// Carries out one event.
    void happen(std::uint32_t slot, std::uint32_t turn, std::uint32_t events);
    /// Returns true where there is a connection.
    bool connect_ended(std::uint32_t slot, std::uint32_t events);
    /// Sends; what goes wrong is told by the next read, as everything that came before it.
    void say(std::uint32_t slot, ByteView bytes);
    /// Reads what is there; `to_the_end` where an end is there too.
    void listen(std::uint32_t slot, bool to_the_end);
    /// Hangs up with RST: the handshake is abandoned on purpose, and nothing stays in TIME_WAIT.
    void end(std::uint32_t slot, Parting how);
    /// Shortens the time for the rest of an answer.
    void hurry(std::uint32_t slot);
    /// Sets the timer to the earliest deadline.
    void arm();
    /// Ends what is late.
    void expire();
    /// Ends one from our side.
    void cut_one(std::uint32_t slot, Cut why);
    /// Tells what failed in `begin` from here, so that nobody is called from inside a call.
    void tell_early();

    /// Tells whether this conversation is still under way.
    bool is(std::uint32_t slot, std::uint32_t turn) const {
        return slot < talks.size() && talks[slot].errand != nullptr && talks[slot].turn == turn;
    }

    Loop& loop;
    std::size_t most;
    std::vector<Talk> talks{};
    std::vector<std::uint32_t> free{};
    std::vector<std::pair<Exchanger::Ticket, int>> early{}; ///< what failed in `begin`, and why
    Deadlines deadlines{};
    std::size_t in_flight{};
    int descriptor{-1}; ///< of the epoll
    asio::posix::stream_descriptor ready;
    asio::steady_timer timer;
    TimePoint armed_for{TimePoint::max()};
    std::array<std::uint8_t, 16 * 1024UL> buffer{};
    std::unique_ptr<Watch> watch{};
};

} // namespace tlsdoctor::net
