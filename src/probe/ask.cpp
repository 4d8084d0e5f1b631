// SPDX-License-Identifier: Apache-2.0
// Connect, send, hear. A connection is given up with RST: the handshake is not meant to go on, and
// a close_notify inside one makes some servers spin (rustls before 0.21.11, CVE-2024-32650).
#include "probe/ask.hpp"

#include <algorithm>
#include <array>

#include "net/pause.hpp"
#include "probe/flight.hpp"
#include "probe/reply.hpp"
#include "probe/retry.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;

/// After the answer: the rest of a flight and the FIN come at once or not at all.
constexpr milliseconds k_rest{250};

/// NSS keeps SSL 2.0's hello waiting for good (measured), and a server that speaks SSL 2.0 is
/// quick.
constexpr milliseconds k_most_for_ssl2{1'500};

milliseconds answer_time(const Question& question, const Patience& patience) {
    return question.offer.shape == evidence::Shape::ssl2
               ? std::min(patience.answer, k_most_for_ssl2)
               : patience.answer;
}

/// How the peer ended the connection; where we gave up waiting it is ours.
Ending ending_of(const net::StreamError& error) {
    switch (error.kind) {
    case net::StreamFailure::closed:
        return Ending::fin;
    case net::StreamFailure::reset:
        return Ending::reset;
    default:
        return Ending::ours;
    }
}

/// Small enough for any path: IPv4's own default [RFC 9293 3.7.1].
constexpr std::uint16_t k_small_segment = 536;

/// Long enough for the first segment to arrive alone.
constexpr milliseconds k_between_segments{20};

std::uint16_t max_segment(const Question& question) {
    return question.offer.segmentation == evidence::Segmentation::small_segments ? k_small_segment
                                                                                 : 0;
}

/// Sends the bytes; those before `cut_at` in a segment of their own.
asio::awaitable<std::expected<void, net::StreamError>>
send(net::Loop& loop, Channel& stream, ByteView bytes, std::size_t cut_at, TimePoint deadline) {
    const ByteView first = bytes.first(cut_at);
    const ByteView rest = bytes.subspan(cut_at);
    if (!first.empty()) {
        const auto sent = co_await stream.write_all(first, deadline);
        if (!sent) {
            co_return sent;
        }
        const TimePoint until = std::min(deadline, Clock::now() + k_between_segments);
        co_await net::pause(loop, until);
    }
    co_return co_await stream.write_all(rest, deadline);
}

/// Reads until the answer is complete, the peer ends, or the time is over.
asio::awaitable<Ending> hear(Channel& stream, ReplyReader& reply, TimePoint deadline) {
    std::array<std::uint8_t, 4096> buffer{};
    const std::span<std::uint8_t> into(buffer);
    bool deciding = true;
    while (reply.wants() != Wants::nothing) {
        if (deciding && reply.wants() == Wants::rest) {
            deciding = false;
            deadline = std::min(deadline, Clock::now() + k_rest);
        }
        const auto size = co_await stream.read_some(into, deadline);
        if (!size) {
            co_return ending_of(size.error());
        }
        const ByteView bytes = into.first(*size);
        reply.feed(bytes);
    }
    co_return Ending::ours;
}

/// Says what the reader of the answer needs beside its bytes.
Insight insight_for(const Question& question, ByteView sent) {
    return {
        .keys = question.keys,
        .client_hello = question.keys.empty() ? Bytes{} : client_hello_in(sent),
        .look_inside = question.look_inside,
    };
}

/// Prepares the reader for the answer to a second hello, which is written down.
void go_on(const SecondHello& second, bool look_inside, ReplyReader& reply, Exchange& exchange) {
    reply.go_on({.keys = second.keys, .client_hello = second.message, .look_inside = look_inside});
    exchange.sent.insert(exchange.sent.end(), second.bytes.begin(), second.bytes.end());
}

} // namespace

asio::awaitable<Exchange>
ask(net::Loop& loop, net::Address server, Question question, Patience patience, Route route) {
    const TimePoint begun = Clock::now();
    Exchange exchange{.purpose = question.purpose, .offer = question.offer};
    route.max_segment = max_segment(question);
    auto way = co_await open_way(loop, server, route, patience);
    write_down(way, exchange);
    if (!way.channel) {
        exchange.ms = milliseconds_between(begun, Clock::now());
        co_return exchange;
    }
    Channel& stream = *way.channel;
    exchange.sent = std::move(question.bytes);
    ReplyReader reply(exchange.offer, server.port, insight_for(question, exchange.sent));
    const TimePoint answer_by =
        std::min(Clock::now() + answer_time(question, patience), patience.deadline);
    const ByteView hello = exchange.sent;
    const auto sent = co_await send(loop, stream, hello, question.cut_at, answer_by);
    if (!sent && sent.error().kind == net::StreamFailure::other) {
        exchange.error = sent.error().text;
    }
    // After a failed write, too: what the peer said before it hung up is still there.
    Ending ending = co_await hear(stream, reply, answer_by);
    const auto second =
        question.answers_retry && ending == Ending::ours
            ? second_hello(client_hello_in(hello), question.keys, reply.retry_request())
            : std::nullopt;
    if (second) {
        go_on(*second, question.look_inside, reply, exchange);
        const ByteView more = second->bytes;
        const auto sent_more = co_await stream.write_all(more, answer_by);
        if (!sent_more && sent_more.error().kind == net::StreamFailure::other) {
            exchange.error = sent_more.error().text;
        }
        ending = co_await hear(stream, reply, answer_by);
    }
    // A silence, or half an answer, that we did not wait for to its end says nothing.
    const bool undecided = ending == Ending::ours && reply.wants() == Wants::answer;
    exchange.unacknowledged = ending == Ending::ours && stream.stream().nothing_acknowledged();
    reply.conclude(ending, exchange);
    if (undecided && out_of_time(loop, patience)) {
        exchange.outcome = Outcome::not_tested;
    }
    exchange.ms = milliseconds_between(begun, Clock::now());
    stream.stream().abort();
    co_return exchange;
}

asio::awaitable<Exchange>
ask(net::Loop& loop, net::Address server, Question question, Patience patience) {
    return ask(loop, std::move(server), std::move(question), patience, Route{});
}

} // namespace tlsdoctor::probe
