// SPDX-License-Identifier: Apache-2.0
// The works of the quick lane; private to this module. Which connection begins when: a place at its
// host, a place in the exchanger, a slot of the pace, in this order.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "fleet/full_lane.hpp"
#include "fleet/quick_visit.hpp"
#include "probe/hello_template.hpp"

namespace tlsdoctor::fleet {

/// A share of the connections is left to the visits that the doctor goes on with.
inline std::size_t own_share(const LaneSettings& settings) {
    constexpr std::size_t k_doctors_share = 4;
    return std::max<std::size_t>(1, settings.connections - settings.connections / k_doctors_share);
}

/// Schedules the connections of all visits of one lane.
struct QuickWorks final : Probes, net::Waiter, std::enable_shared_from_this<QuickWorks> {
    QuickWorks(net::Loop& on, const LaneSettings& how);

    ByteView hello_for(QuickVisit& visit, std::uint8_t index) override;
    void answered(QuickVisit& visit, std::uint8_t index, Answer answer) override;
    bool is_over(const QuickVisit& visit) const override { return visit.late || loop.cancelled(); }
    /// A deadline has come, a slot of the pace, or the end of the run.
    void cut(net::Cut why) override;

    /// Tells whether a target can be visited here.
    bool takes(const Job& job) const;
    /// As Lane::begin.
    void begin(Job job, std::move_only_function<void(Judged)> done);
    /// Goes on after a round, or before the first.
    void ask_next(QuickVisit& visit);
    /// Returns what to do after the last round; out of the memo where it can be.
    StepPtr next(QuickVisit& visit);
    /// Asks the questions of a step; of the first round the last one ahead of the others.
    void ask(QuickVisit& visit, StepPtr step);
    /// Lets a connection wait for its place.
    void queue(QuickProbe& probe);
    /// Begins what may begin.
    void pump();
    /// Tells whether the first of `ready` may begin, and reserves its slot of the pace.
    bool may_begin();
    /// Begins a connection.
    void start(QuickProbe& probe);
    /// Gives the place at a host to the next one.
    void leave_host(QuickHost& host);
    /// All questions of a round are answered.
    void round_over(QuickVisit& visit);
    /// Hands the line out.
    void end(QuickVisit& visit, const Step& step);
    /// Gives the visit to the doctor, who asks nothing again.
    void hand_over(QuickVisit& visit);
    /// The time is over: what has no answer yet was not tested.
    void give_up(QuickVisit& visit);
    /// Notes what was never sent.
    void leave_out_unasked(QuickVisit& visit);
    /// Sees to it that `cut` is called in time.
    void arm();
    /// Takes a visit off the books.
    std::unique_ptr<QuickVisit> take_out(QuickVisit& visit);
    /// Returns a time in words; most are of the same second.
    const std::string& started_text(std::chrono::system_clock::time_point time);

    net::Loop& loop;
    const LaneSettings& settings;
    LaneSettings doctors_settings;
    FullLane doctor;
    net::Exchanger exchanger;
    probe::HelloTemplates templates;
    Memo memo{};
    Bytes tunnel_words{};
    std::list<std::unique_ptr<QuickVisit>> visits{};
    std::unordered_map<std::string, QuickHost> hosts{};
    std::multimap<TimePoint, QuickVisit*> deadlines{};
    std::deque<QuickProbe*> ready{};
    TimePoint slot{TimePoint::min()}; ///< reserved for the first of `ready`
    TimePoint armed_for{TimePoint::max()};
    std::unique_ptr<net::Watch> watch{};
    std::string started{};
    std::chrono::system_clock::time_point started_at{};
};

} // namespace tlsdoctor::fleet
