// SPDX-License-Identifier: Apache-2.0
// One visit of the quick lane and its connections; private to this module. Everything of a visit is
// in one object, which its connections point at.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fleet/memo.hpp"
#include "net/exchanger.hpp"
#include "probe/brief.hpp"
#include "probe/reply.hpp"

namespace tlsdoctor::fleet {

struct QuickVisit;

/// Hears of the connections of all visits.
class Probes {
public:
    Probes() = default;
    Probes(const Probes&) = delete;
    Probes& operator=(const Probes&) = delete;
    virtual ~Probes() = default;

    /// A connection stands: returns what to say.
    virtual ByteView hello_for(QuickVisit& visit, std::uint8_t index) = 0;

    /// A connection is over, or never came about.
    virtual void answered(QuickVisit& visit, std::uint8_t index, Answer answer) = 0;

    /// Tells whether the time for this target has run out, or the run was cancelled.
    virtual bool is_over(const QuickVisit& visit) const = 0;
};

/// One connection.
class QuickProbe final : public net::Errand {
public:
    QuickProbe(Probes& probes, QuickVisit& visit, std::uint8_t index)
        : probes_{probes}, visit_{visit}, index_{index} {}

    ByteView hello() override;
    net::Listening heard(ByteView bytes) override;
    void over(const net::Parting& how) override;

    QuickVisit& visit() const { return visit_; }
    std::uint8_t index() const { return index_; }

    TimePoint begun{};
    net::Exchanger::Ticket ticket{};
    bool under_way{}; ///< between `begin` and `over`
    bool is_over{};   ///< `over` was called

    /// Returns the answer to a question that was never sent.
    Answer not_asked() const;

private:
    probe::Question question() const;
    void read_on(ByteView bytes);
    Answer no_answer(const net::Parting& how) const;
    Answer heard_out(const net::Parting& how);
    Answer from_exchange(evidence::Exchange exchange, int code) const;

    Probes& probes_;
    QuickVisit& visit_;
    std::optional<probe::QuickReply> quick_{};
    std::unique_ptr<probe::ReplyReader> reader_{}; ///< for what is not judged at its first piece
    std::uint8_t index_;
};

/// The connections to one address, of all visits.
struct QuickHost {
    std::size_t visits{};
    std::size_t connections{};
    std::deque<QuickProbe*> waiting{}; ///< the oldest first
};

/// One target at one address.
struct QuickVisit {
    Job job{};
    std::move_only_function<void(Judged)> done{};
    net::Exchanger::Endpoint to{};
    std::string key{};
    std::optional<History> history{}; ///< borrows from `job`; set from the beginning on
    std::vector<std::unique_ptr<QuickProbe>> probes{};
    QuickHost* host{};
    std::multimap<TimePoint, QuickVisit*>::iterator deadline{};
    std::list<std::unique_ptr<QuickVisit>>::iterator place{};
    TimePoint begun{};
    std::chrono::system_clock::time_point started{};
    std::uint8_t open_questions{};
    bool keyed{true}; ///< every answer so far has a brief
    bool scouting{};  ///< the other questions wait for the connection of the last one
    bool late{};      ///< its deadline has come
    bool unasked{};   ///< questions were left when it came
};

} // namespace tlsdoctor::fleet
