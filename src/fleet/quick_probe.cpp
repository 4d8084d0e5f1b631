// SPDX-License-Identifier: Apache-2.0
// From a connection to its answer, by the judgement of probe: quick where the answer is a common
// one, else ReplyReader's.
#include <algorithm>
#include <utility>

#include "fleet/quick_visit.hpp"
#include "probe/hello.hpp"
#include "probe/way.hpp"

namespace tlsdoctor::fleet {

namespace {

using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Reach;
using probe::Wants;

Ending ending_of(const net::Parting& how) {
    if (how.end == net::StreamFailure::closed) {
        return Ending::fin;
    }
    return how.end == net::StreamFailure::reset ? Ending::reset : Ending::ours;
}

net::Listening listening(Wants wants) {
    switch (wants) {
    case Wants::answer:
        return net::Listening::on;
    case Wants::rest:
        return net::Listening::shortly;
    case Wants::nothing:
        break;
    }
    return net::Listening::no_more;
}

/// Of a long answer no more is kept until its target is judged: what it is has been read by then.
constexpr std::size_t k_most_kept = 4 * 1024UL;

/// What tells the answer to a banner from another is its time, which no brief has.
bool has_its_time(const Exchange& exchange) {
    return exchange.purpose == evidence::Purpose::banner && exchange.outcome != Outcome::silent;
}

} // namespace

probe::Question QuickProbe::question() const {
    const Step& step = *visit_.history->rounds.back().step;
    if (step.kind == Step::Kind::tunnel) {
        return {.purpose = evidence::Purpose::trait, .offer = {.shape = evidence::Shape::nothing}};
    }
    return probe::make_question(
        ask_of(step, index_, visit_.job.target),
        [](std::span<std::uint8_t> out) { std::ranges::fill(out, std::uint8_t{0}); }
    );
}

ByteView QuickProbe::hello() {
    return probes_.hello_for(visit_, index_);
}

net::Listening QuickProbe::heard(ByteView bytes) {
    const Step& step = *visit_.history->rounds.back().step;
    if (!reader_ && !quick_ && step.kind == Step::Kind::ask) {
        const probe::Ask& ask = step.asks[index_];
        quick_ = probe::read_quickly(ask.version, ask.shape, bytes);
        if (quick_) {
            return listening(quick_->wants);
        }
    }
    read_on(bytes);
    return listening(reader_->wants());
}

void QuickProbe::read_on(ByteView bytes) {
    if (!reader_) {
        reader_ = std::make_unique<probe::ReplyReader>(question().offer, visit_.job.target.port);
    }
    if (quick_) {
        reader_->feed(alert_bytes(quick_->brief)); // only an alert leaves more to hear
        quick_.reset();
    }
    reader_->feed(bytes);
}

Answer QuickProbe::from_exchange(Exchange exchange, int code) const {
    Answer answer;
    answer.ms = milliseconds_between(begun, Clock::now());
    const Step& step = *visit_.history->rounds.back().step;
    exchange.purpose =
        step.kind == Step::Kind::ask ? step.asks[index_].purpose : evidence::Purpose::trait;
    const auto brief = has_its_time(exchange) ? std::nullopt : probe::brief_of(exchange, code);
    if (brief) {
        answer.brief = *brief;
    } else {
        exchange.ms = answer.ms;
        exchange.offer = question().offer;
        exchange.received.resize(std::min(exchange.received.size(), k_most_kept));
        exchange.received.shrink_to_fit();
        answer.odd = std::make_unique<Exchange>(std::move(exchange));
    }
    return answer;
}

Answer QuickProbe::not_asked() const {
    Answer answer = from_exchange({}, 0);
    answer.ms = 0;
    answer.odd->ms = 0;
    return answer;
}

Answer QuickProbe::no_answer(const net::Parting& how) const {
    Exchange exchange;
    const net::ConnectError error{
        .kind = *how.not_connected, .text = words_of(how), .code = how.code
    };
    probe::no_connection(error, probes_.is_over(visit_), exchange);
    return from_exchange(std::move(exchange), how.code);
}

Answer QuickProbe::heard_out(const net::Parting& how) {
    const Ending ending = ending_of(how);
    if (quick_ && how.send_code == 0) {
        Answer answer{.brief = quick_->brief, .ms = milliseconds_between(begun, Clock::now())};
        answer.brief.ending = std::to_underlying(ending);
        return answer;
    }
    if (quick_) {
        read_on({});
    } else if (!reader_) { // not a byte: what was offered decides nothing
        reader_ = std::make_unique<probe::ReplyReader>(evidence::Offer{}, std::uint16_t{0});
    }
    Exchange exchange{.reach = Reach::open};
    const bool undecided = ending == Ending::ours && reader_->wants() == Wants::answer;
    exchange.unacknowledged = ending == Ending::ours && how.nothing_acknowledged;
    if (how.send_code != 0) {
        exchange.error = net::words_of({.code = how.send_code});
    }
    reader_->conclude(ending, exchange);
    if (undecided && probes_.is_over(visit_)) {
        exchange.outcome = Outcome::not_tested;
    }
    return from_exchange(std::move(exchange), how.send_code);
}

void QuickProbe::over(const net::Parting& how) {
    under_way = false;
    is_over = true;
    Answer answer = how.not_connected ? no_answer(how) : heard_out(how);
    reader_.reset();
    probes_.answered(visit_, index_, std::move(answer));
}

} // namespace tlsdoctor::fleet
