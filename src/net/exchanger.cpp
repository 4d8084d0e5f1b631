// SPDX-License-Identifier: Apache-2.0
// Events and deadlines of all conversations, and the small face that others see.
#include "net/reactor.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "net/connection.hpp"

namespace tlsdoctor::net {

namespace {

constexpr std::uint32_t k_nobody = UINT32_MAX;
constexpr std::size_t k_events_at_once = 256;

} // namespace

Reactor::Reactor(Loop& on, std::size_t at_most)
    : loop(on), most(at_most), descriptor(::epoll_create1(EPOLL_CLOEXEC)), ready(on.context()),
      timer(on.context()) {
    if (descriptor < 0) {
        throw std::system_error(errno, std::system_category(), "epoll_create1");
    }
    ready.assign(descriptor);
}

std::uint32_t Reactor::take_slot() {
    if (free.empty()) {
        free.push_back(static_cast<std::uint32_t>(talks.size()));
        talks.emplace_back();
        deadlines.grow(talks.size());
    }
    const std::uint32_t slot = free.back();
    free.pop_back();
    return slot;
}

void Reactor::wait() {
    ready.async_wait(
        asio::posix::stream_descriptor::wait_read,
        [weak = weak_from_this()](boost::system::error_code error) {
            const auto self = weak.lock();
            if (!error && self) {
                self->look();
                self->wait();
            }
        }
    );
}

void Reactor::look() {
    std::array<epoll_event, k_events_at_once> events; // NOLINT: filled by the kernel
    const int count = ::epoll_wait(descriptor, events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events.at(static_cast<std::size_t>(i));
        const auto slot = static_cast<std::uint32_t>(event.data.u64);
        const auto turn = static_cast<std::uint32_t>(event.data.u64 >> 32U);
        if (is(slot, turn)) {
            happen(slot, turn, event.events);
        }
    }
    arm();
}

void Reactor::arm() {
    const TimePoint earliest = deadlines.earliest();
    if (earliest >= armed_for) {
        return;
    }
    armed_for = earliest;
    timer.expires_at(armed_for);
    timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        const auto self = weak.lock();
        if (!error && self) {
            self->armed_for = TimePoint::max();
            self->expire();
            self->arm();
        }
    });
}

void Reactor::expire() {
    const TimePoint now = Clock::now();
    for (std::uint32_t slot = deadlines.due(now); slot != k_nobody; slot = deadlines.due(now)) {
        cut_one(slot, Cut::deadline);
    }
}

void Reactor::cut_one(std::uint32_t slot, Cut why) {
    const bool late = why == Cut::deadline;
    if (talks[slot].connected) {
        end(slot, {.end = late ? StreamFailure::timed_out : StreamFailure::cancelled});
    } else {
        end(slot, {.not_connected = late ? ConnectFailure::timed_out : ConnectFailure::cancelled});
    }
}

void Reactor::cut(Cut why) {
    for (std::uint32_t slot = 0; slot < talks.size(); ++slot) {
        if (talks[slot].errand != nullptr) {
            cut_one(slot, why);
        }
    }
}

void Reactor::tell_early() {
    for (const auto& [ticket, code] : std::exchange(early, {})) {
        if (is(ticket.slot, ticket.turn)) {
            const bool v6 = talks[ticket.slot].was_v6;
            const bool cancelled = code == ECANCELED;
            end(ticket.slot, {.not_connected = cancelled ? ConnectFailure::cancelled
                                                         : failure_to_connect(code, v6),
                              .code = cancelled ? 0 : code});
        }
    }
}

Reactor::~Reactor() {
    for (const Talk& talk : talks) {
        if (talk.socket >= 0) {
            ::close(talk.socket);
        }
    }
}

Exchanger::Exchanger(Loop& loop, std::size_t most)
    : reactor_(std::make_shared<Reactor>(loop, most)) {
    reactor_->watch = std::make_unique<Watch>(loop, TimePoint::max(), reactor_);
    reactor_->wait();
}

Exchanger::~Exchanger() {
    reactor_->watch.reset();
}

bool Exchanger::has_room() const {
    return reactor_->in_flight < reactor_->most;
}

std::size_t Exchanger::in_flight() const {
    return reactor_->in_flight;
}

Exchanger::Ticket
Exchanger::begin(const asio::ip::tcp::endpoint& to, Errand& errand, const ErrandTimes& times) {
    Reactor& reactor = *reactor_;
    const std::uint32_t slot = reactor.take_slot();
    Talk& talk = reactor.talks[slot];
    talk.errand = &errand;
    talk.times = times;
    ++reactor.in_flight;
    const Ticket ticket{.slot = slot, .turn = talk.turn};
    const int code = reactor.loop.cancelled() ? ECANCELED : reactor.open(talk, slot, to);
    if (code == 0) {
        reactor.deadlines.set(slot, times.connect, Clock::now());
        reactor.arm();
        return ticket;
    }
    if (reactor.early.empty()) {
        asio::post(reactor.loop.context(), [weak = reactor.weak_from_this()] {
            if (const auto self = weak.lock()) {
                self->tell_early();
            }
        });
    }
    reactor.early.emplace_back(ticket, code);
    return ticket;
}

void Exchanger::cut(Ticket ticket) {
    if (reactor_->is(ticket.slot, ticket.turn)) {
        reactor_->cut_one(ticket.slot, Cut::deadline);
    }
}

std::string words_of(const Parting& how) {
    if (how.code != 0) {
        return std::system_category().message(how.code);
    }
    return how.not_connected == ConnectFailure::timed_out
               ? "no answer to the connection request in time"
               : "interrupted";
}

std::optional<asio::ip::tcp::endpoint> endpoint_of(const Address& address) {
    error_code error;
    const auto ip = asio::ip::make_address(address.text, error);
    return error ? std::nullopt : std::optional(asio::ip::tcp::endpoint(ip, address.port));
}

} // namespace tlsdoctor::net
