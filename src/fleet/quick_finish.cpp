// SPDX-License-Identifier: Apache-2.0
// How visits end: with a line, with the doctor, or with their deadline.
#include <algorithm>
#include <cmath>
#include <utility>

#include "doctor/doctor.hpp"
#include "fleet/gist.hpp"
#include "fleet/quick_works.hpp"

namespace tlsdoctor::fleet {

std::unique_ptr<QuickVisit> QuickWorks::take_out(QuickVisit& visit) {
    deadlines.erase(visit.deadline);
    if (--visit.host->visits == 0) {
        hosts.erase(visit.job.addresses->front());
    }
    std::unique_ptr<QuickVisit> taken = std::move(*visit.place);
    visits.erase(visit.place);
    loop.release();
    return taken;
}

const std::string& QuickWorks::started_text(std::chrono::system_clock::time_point time) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    if (started.empty() || second != started_at) {
        started_at = second;
        started = rfc3339(second);
    }
    return started;
}

void QuickWorks::end(QuickVisit& visit, const Step& step) {
    const std::unique_ptr<QuickVisit> taken = take_out(visit);
    const double elapsed = milliseconds_between(taken->begun, Clock::now());
    const std::string& begun = started_text(taken->started);
    if (step.kind == Step::Kind::line && !loop.cancelled()) {
        const evidence::Target& target = taken->job.target;
        const std::string port = std::to_string(target.port);
        const std::string took = std::to_string(std::llround(elapsed));
        SlotTexts texts{};
        at(texts, Slot::host) = target.host;
        at(texts, Slot::sni) = target.sni ? std::string_view(*target.sni) : std::string_view{};
        at(texts, Slot::input) = target.input;
        at(texts, Slot::address) = taken->job.addresses->front();
        at(texts, Slot::started) = begun;
        at(texts, Slot::elapsed) = took;
        at(texts, Slot::port) = port;
        taken->done(
            {.line = step.line->filled(texts), .text = step.text->filled(texts), .gist = step.gist}
        );
        return;
    }
    evidence::Visit visited = visit_of(*taken->history);
    visited.started = begun;
    visited.elapsed_ms = elapsed;
    visited.interrupted = visited.interrupted || loop.cancelled() || taken->unasked;
    taken->done(judged(doctor::review(std::move(visited), settings.visit), settings));
}

void QuickWorks::hand_over(QuickVisit& visit) {
    const std::unique_ptr<QuickVisit> taken = take_out(visit);
    evidence::Visit so_far = visit_of(*taken->history);
    so_far.interrupted = false;
    taken->job.spent = std::chrono::ceil<milliseconds>(Clock::now() - taken->begun);
    doctor.go_on(std::move(taken->job), std::move(so_far), std::move(taken->done));
}

void QuickWorks::give_up(QuickVisit& visit) {
    visit.late = true;
    const auto is_its = [&](const QuickProbe* one) {
        return &one->visit() == &visit;
    };
    std::erase_if(visit.host->waiting, is_its);
    const std::size_t places = std::erase_if(ready, is_its);
    for (std::size_t i = 0; i < places; ++i) {
        leave_host(*visit.host);
    }
    // Cutting the last one ends the visit, so all of them are noted before.
    std::vector<net::Exchanger::Ticket> under_way;
    for (const auto& probe : visit.probes) {
        if (probe->under_way) {
            under_way.push_back(probe->ticket);
        }
    }
    leave_out_unasked(visit);
    if (under_way.empty()) {
        round_over(visit);
    }
    for (const net::Exchanger::Ticket ticket : under_way) {
        exchanger.cut(ticket);
    }
}

void QuickWorks::leave_out_unasked(QuickVisit& visit) {
    Round& round = visit.history->rounds.back();
    for (const auto& probe : visit.probes) {
        if (probe->under_way || probe->is_over) {
            continue;
        }
        round.answers[probe->index()] = probe->not_asked();
        --visit.open_questions;
        visit.keyed = false;
    }
    if (visit.scouting) { // only the scout was to be asked
        round.answers.erase(round.answers.begin(), round.answers.end() - 1);
        visit.scouting = visit.open_questions > 0;
    }
}

void QuickWorks::cut(net::Cut why) {
    armed_for = TimePoint::max();
    const TimePoint now = why == net::Cut::cancelled ? TimePoint::max() : Clock::now();
    while (!deadlines.empty() && deadlines.begin()->first <= now) {
        give_up(*deadlines.begin()->second);
    }
    pump();
}

void QuickWorks::arm() {
    TimePoint earliest = deadlines.empty() ? TimePoint::max() : deadlines.begin()->first;
    if (!ready.empty() && slot != TimePoint::min() && exchanger.has_room()) {
        earliest = std::min(earliest, slot);
    }
    if (earliest < armed_for || !watch) {
        armed_for = earliest;
        watch = std::make_unique<net::Watch>(loop, armed_for, weak_from_this());
    }
}

} // namespace tlsdoctor::fleet
