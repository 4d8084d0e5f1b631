// SPDX-License-Identifier: Apache-2.0
// From a target to its rounds: what a round was answered leads to the next step, mostly out of the
// memo.
#include "fleet/quick_works.hpp"

#include <algorithm>
#include <utility>

#include "net/proxy.hpp"

namespace tlsdoctor::fleet {

namespace {

using Kind = Step::Kind;

/// NSS keeps SSL 2.0's hello waiting for good; see probe/ask.cpp.
constexpr milliseconds k_ssl2_time{1'500};

LaneSettings for_the_doctor(LaneSettings settings) {
    settings.connections = std::max<std::size_t>(1, settings.connections - own_share(settings));
    return settings;
}

} // namespace

QuickWorks::QuickWorks(net::Loop& on, const LaneSettings& how)
    : loop{on}, settings{how}, doctors_settings{for_the_doctor(how)}, doctor{on, doctors_settings},
      exchanger{on, own_share(how)},
      templates{probe::in_large_pieces(how.visit.random ? how.visit.random : system_random())} {}

bool QuickWorks::takes(const Job& job) const {
    return job.addresses && job.addresses->size() == 1 && !job.target.starttls &&
           job.target.proxy.empty() && !loop.cancelled() &&
           net::endpoint_of({.text = job.addresses->front(), .port = job.target.port}).has_value();
}

void QuickWorks::begin(Job job, std::move_only_function<void(Judged)> done) {
    auto made = std::make_unique<QuickVisit>();
    QuickVisit& visit = *made;
    visit.begun = Clock::now() - job.spent;
    visit.started = std::chrono::system_clock::now() - job.spent;
    visit.job = std::move(job);
    visit.done = std::move(done);
    const std::string& address = visit.job.addresses->front();
    visit.to = *net::endpoint_of({.text = address, .port = visit.job.target.port});
    visit.history.emplace(History{.target = visit.job.target, .address = address});
    visit.keyed = is_plain(visit.job.target, address);
    visit.host = &hosts[address];
    ++visit.host->visits;
    visit.deadline = deadlines.emplace(visit.begun + settings.visit.deadline, &visit);
    put_key(visit.job.target, address, visit.key);
    visit.place = visits.insert(visits.end(), std::move(made));
    loop.hold();
    visit.scouting = true;
    ask_next(visit);
    arm();
}

/// What to do after the last round; out of the memo where it can be.
StepPtr QuickWorks::next(QuickVisit& visit) {
    if (visit.keyed) {
        if (StepPtr known = memo.find(visit.key)) {
            return known;
        }
    }
    auto step = std::make_shared<const Step>(next_step(*visit.history, settings));
    if (visit.keyed) {
        memo.keep(visit.key, step);
    }
    return step;
}

void QuickWorks::ask_next(QuickVisit& visit) {
    StepPtr step = next(visit);
    const bool more = step->kind == Kind::ask || step->kind == Kind::tunnel;
    if (more && is_over(visit)) {
        visit.unasked = step->kind == Kind::ask; // what is left of the plan was not asked
        end(visit, Step{.kind = Kind::judge});
    } else if (more) {
        ask(visit, std::move(step));
    } else if (step->kind == Kind::doctor) {
        hand_over(visit);
    } else {
        end(visit, *step);
    }
}

void QuickWorks::ask(QuickVisit& visit, StepPtr step) {
    const std::size_t count = step->kind == Kind::tunnel ? 1 : step->asks.size();
    visit.history->rounds.push_back({.step = std::move(step), .answers = {}});
    visit.history->rounds.back().answers.resize(count);
    visit.probes.clear();
    for (std::size_t i = 0; i < count; ++i) {
        visit.probes.push_back(
            std::make_unique<QuickProbe>(*this, visit, static_cast<std::uint8_t>(i))
        );
    }
    visit.open_questions = static_cast<std::uint8_t>(count);
    for (std::size_t i = visit.scouting ? count - 1 : 0; i < count; ++i) {
        queue(*visit.probes[i]);
    }
    pump();
}

void QuickWorks::queue(QuickProbe& probe) {
    QuickHost& host = *probe.visit().host;
    if (host.connections < std::max<std::size_t>(1, settings.per_host)) {
        ++host.connections;
        ready.push_back(&probe);
    } else {
        host.waiting.push_back(&probe);
    }
}

bool QuickWorks::may_begin() {
    if (!exchanger.has_room()) {
        return false;
    }
    if (settings.pace == nullptr) {
        return true;
    }
    const TimePoint now = Clock::now();
    if (slot == TimePoint::min()) {
        slot = settings.pace->next(now);
    }
    return slot <= now;
}

void QuickWorks::pump() {
    while (!ready.empty() && may_begin()) {
        slot = TimePoint::min();
        QuickProbe& probe = *ready.front();
        ready.pop_front();
        start(probe);
    }
    arm();
}

void QuickWorks::start(QuickProbe& probe) {
    const QuickVisit& visit = probe.visit();
    const Step& step = *visit.history->rounds.back().step;
    net::ErrandTimes times{
        .connect = settings.visit.connect_timeout, .answer = settings.visit.answer_timeout
    };
    const bool oldest =
        step.kind == Kind::ask && step.asks[probe.index()].shape == evidence::Shape::ssl2;
    if (oldest) {
        times.answer = std::min(times.answer, k_ssl2_time);
    }
    probe.begun = Clock::now();
    probe.under_way = true;
    probe.ticket = exchanger.begin(visit.to, probe, times);
}

ByteView QuickWorks::hello_for(QuickVisit& visit, std::uint8_t index) {
    if (visit.scouting) {
        visit.scouting = false; // somebody is there
        for (std::size_t i = 0; i + 1 < visit.probes.size(); ++i) {
            queue(*visit.probes[i]);
        }
        pump();
    }
    const Step& step = *visit.history->rounds.back().step;
    const evidence::Target& target = visit.job.target;
    if (step.kind == Kind::tunnel) {
        net::Dialogue dialogue(
            net::proxy_dialogue(net::ProxyKind::http), {.host = target.host, .port = target.port}
        );
        tunnel_words = dialogue.take_output();
        return tunnel_words;
    }
    return templates.hello(ask_of(step, index, target));
}

void QuickWorks::leave_host(QuickHost& host) {
    --host.connections;
    if (!host.waiting.empty()) {
        QuickProbe* const next = host.waiting.front();
        host.waiting.pop_front();
        ++host.connections;
        ready.push_back(next);
    }
}

void QuickWorks::answered(QuickVisit& visit, std::uint8_t index, Answer answer) {
    leave_host(*visit.host);
    Round& round = visit.history->rounds.back();
    visit.keyed = visit.keyed && !answer.odd;
    if (visit.scouting) { // nobody is there: the others are not sent after it
        visit.scouting = false;
        round.answers.clear();
        round.answers.push_back(std::move(answer));
        visit.open_questions = 0;
    } else {
        round.answers[index] = std::move(answer);
        --visit.open_questions;
    }
    if (visit.open_questions == 0) {
        round_over(visit);
    }
    pump();
}

void QuickWorks::round_over(QuickVisit& visit) {
    const Round& round = visit.history->rounds.back();
    const Answer& only = round.answers.front();
    const auto silent = std::to_underlying(evidence::Outcome::silent);
    if (round.step->kind == Kind::tunnel && (only.odd || only.brief.outcome != silent)) {
        visit.history->rounds.pop_back(); // somebody spoke: the doctor asks in its own way
        hand_over(visit);
        return;
    }
    visit.key += static_cast<char>(round.answers.size());
    for (const Answer& one : round.answers) {
        visit.key.append(reinterpret_cast<const char*>(&one.brief), sizeof one.brief);
    }
    ask_next(visit);
}

} // namespace tlsdoctor::fleet
