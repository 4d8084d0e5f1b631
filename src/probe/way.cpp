// SPDX-License-Identifier: Apache-2.0
// Connect, let the proxy connect, speak in clear. The words are judged in net/dialogue.cpp; here
// bytes are carried, and the end of a dialogue is given its place in the evidence.
#include "probe/way.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "probe/foreign.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Exchange;
using evidence::Outcome;
using evidence::Reach;
using net::Dialogue;
using net::DialogueEnd;

/// Postfix's postscreen lets a client wait 6 seconds between two lines of its greeting, to see who
/// talks too early.
constexpr int k_answers_per_dialogue = 2;

Reach reach_of(net::ConnectFailure failure) {
    switch (failure) {
    case net::ConnectFailure::refused:
        return Reach::refused;
    case net::ConnectFailure::timed_out:
        return Reach::filtered;
    case net::ConnectFailure::unreachable:
        return Reach::unreachable;
    case net::ConnectFailure::other: // such as a link-local address without its zone: our own error
    case net::ConnectFailure::exhausted:
    case net::ConnectFailure::cancelled:
        break;
    }
    return Reach::untried;
}

DialogueEnd end_of(const net::StreamError& error) {
    switch (error.kind) {
    case net::StreamFailure::closed:
        return DialogueEnd::closed;
    case net::StreamFailure::reset:
        return DialogueEnd::reset;
    default:
        return DialogueEnd::silent;
    }
}

/// Sends what the dialogue has to say.
asio::awaitable<void> say(net::Stream& stream, Dialogue& dialogue, TimePoint deadline) {
    const Bytes output = dialogue.take_output();
    if (!output.empty()) {
        const ByteView bytes = output;
        co_await stream.write_all(bytes, deadline); // a peer that hung up shows in the read
    }
}

/// Carries bytes until the dialogue has ended.
asio::awaitable<void> converse(net::Stream& stream, Dialogue& dialogue, TimePoint deadline) {
    std::array<std::uint8_t, 2048> buffer{};
    const std::span<std::uint8_t> into(buffer);
    co_await say(stream, dialogue, deadline);
    while (dialogue.state() == DialogueEnd::under_way) {
        const auto size = co_await stream.read_some(into, deadline);
        if (size) {
            const ByteView bytes = into.first(*size);
            dialogue.feed(bytes);
            co_await say(stream, dialogue, deadline);
        } else {
            const DialogueEnd end = end_of(size.error());
            dialogue.conclude(end);
        }
    }
}

/// Returns the words of a dialogue that failed: `refused: 454 TLS not available`.
std::string words_of(const Dialogue& dialogue) {
    std::string text(name_of(dialogue.state()));
    std::ranges::replace(text, '_', ' ');
    return dialogue.said().empty() ? text : text + ": " + dialogue.said();
}

/// A proxy that did not connect: nothing is known of the server behind it.
void no_tunnel(const std::string& words, Exchange& exchange) {
    exchange.reach = Reach::unreachable;
    exchange.outcome = Outcome::unreachable;
    exchange.proxy_error = words;
    exchange.error = "the proxy did not connect";
}

/// TLS where a dialogue was expected is no other protocol.
bool is_tls(ByteView bytes) {
    return bytes.size() >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 0x03;
}

evidence::Ending ending_of(DialogueEnd end) {
    switch (end) {
    case DialogueEnd::closed:
        return evidence::Ending::fin;
    case DialogueEnd::reset:
        return evidence::Ending::reset;
    default:
        return evidence::Ending::ours;
    }
}

/// A dialogue that did not come to TLS: no hello was sent. Words of another protocol are an answer
/// like any other, and the rules know most of them.
void no_upgrade(const Route& route, const Dialogue& dialogue, Exchange& exchange) {
    const ByteView said = as_bytes(dialogue.said());
    exchange.ending = ending_of(dialogue.state());
    if (dialogue.state() == DialogueEnd::other_protocol && !is_tls(said)) {
        exchange.outcome = Outcome::not_tls;
        exchange.protocol = protocol_of(said, route.port);
        exchange.received.assign(said.begin(), said.end());
        return;
    }
    exchange.outcome = Outcome::not_tested;
    exchange.error = std::string(route.starttls->spelled) + " did not come to TLS";
}

bool was_cut(const Dialogue& dialogue, const net::Loop& loop, const Patience& patience) {
    return dialogue.state() == DialogueEnd::silent && out_of_time(loop, patience);
}

TimePoint dialogue_deadline(const Patience& patience) {
    return std::min(Clock::now() + k_answers_per_dialogue * patience.answer, patience.deadline);
}

/// Lets the proxy connect. Returns false where it does not.
asio::awaitable<bool> open_tunnel(
    net::Loop& loop, net::Stream& stream, const Route& route, Patience patience, Way& way,
    Bytes& first
) {
    const net::Proxy& proxy = *route.proxy;
    Dialogue dialogue(net::proxy_dialogue(proxy.kind), names_for(proxy, route.host, route.port));
    const TimePoint deadline = dialogue_deadline(patience);
    co_await converse(stream, dialogue, deadline);
    first = dialogue.take_rest();
    if (dialogue.state() == DialogueEnd::started) {
        co_return true;
    }
    way.stopped = "the proxy: " + words_of(dialogue);
    if (was_cut(dialogue, loop, patience)) {
        way.exchange.reach = Reach::untried;
    } else {
        no_tunnel(words_of(dialogue), way.exchange);
    }
    co_return false;
}

/// Speaks the STARTTLS dialogue. Returns false where TLS does not begin.
asio::awaitable<bool> upgrade(
    net::Loop& loop, net::Stream& stream, const Route& route, Patience patience, Way& way,
    Bytes& first
) {
    Dialogue dialogue(route.starttls->steps, {.host = route.name, .port = route.port});
    dialogue.feed(first);
    const TimePoint deadline = dialogue_deadline(patience);
    co_await converse(stream, dialogue, deadline);
    first = dialogue.take_rest();
    const bool started = dialogue.state() == DialogueEnd::started;
    way.stopped = started ? "" : words_of(dialogue);
    if (!started && was_cut(dialogue, loop, patience)) {
        co_return false; // a silence that we did not wait for to its end says nothing
    }
    way.exchange.dialogue = {
        .protocol = std::string(route.starttls->name),
        .result = std::string(name_of(dialogue.state())),
        .said = dialogue.said(),
    };
    if (!started) {
        no_upgrade(route, dialogue, way.exchange);
    }
    co_return started;
}

} // namespace

void no_connection(const net::ConnectError& error, bool cut, Exchange& exchange) {
    const bool unasked = error.kind == net::ConnectFailure::cancelled ||
                         (cut && error.kind == net::ConnectFailure::timed_out);
    exchange.reach = unasked ? Reach::untried : reach_of(error.kind);
    exchange.outcome =
        exchange.reach == Reach::untried ? Outcome::not_tested : Outcome::unreachable;
    exchange.error = unasked ? "" : error.text;
}

Channel::Channel(net::Stream stream, Bytes first, bool in_packets)
    : stream_(std::move(stream)), in_packets_(in_packets) {
    pending_ = in_packets ? unwrapper_.feed(first) : std::move(first);
}

asio::awaitable<std::expected<std::size_t, net::StreamError>>
Channel::read_some(std::span<std::uint8_t> into, TimePoint deadline) {
    while (pending_.empty()) {
        auto size = co_await stream_.read_some(into, deadline);
        if (!size || !in_packets_) {
            co_return size;
        }
        const ByteView bytes = into.first(*size);
        pending_ = unwrapper_.feed(bytes);
    }
    const std::size_t size = std::min(into.size(), pending_.size());
    const auto end = pending_.begin() + static_cast<std::ptrdiff_t>(size);
    std::copy(pending_.begin(), end, into.begin());
    pending_.erase(pending_.begin(), end);
    co_return size;
}

asio::awaitable<std::expected<void, net::StreamError>>
Channel::write_all(ByteView bytes, TimePoint deadline) {
    if (!in_packets_) {
        co_return co_await stream_.write_all(bytes, deadline);
    }
    const Bytes packets = net::in_tds_packets(bytes);
    const ByteView wrapped = packets;
    co_return co_await stream_.write_all(wrapped, deadline);
}

asio::awaitable<Way>
open_way(net::Loop& loop, net::Address server, Route route, Patience patience) {
    Way way;
    const TimePoint connect_by = std::min(Clock::now() + patience.connect, patience.deadline);
    auto stream = co_await net::connect(loop, server, connect_by, route.max_segment);
    if (!stream) {
        no_connection(stream.error(), out_of_time(loop, patience), way.exchange);
        way.stopped = stream.error().text;
        if (route.proxy && way.exchange.outcome == Outcome::unreachable) {
            no_tunnel("no connection to the proxy: " + stream.error().text, way.exchange);
        }
        co_return way;
    }
    way.exchange.reach = Reach::open;
    Bytes first;
    bool open = true;
    if (route.proxy) {
        open = co_await open_tunnel(loop, *stream, route, patience, way, first);
    }
    if (open && route.starttls != nullptr) {
        open = co_await upgrade(loop, *stream, route, patience, way, first);
    }
    if (open) {
        const bool in_packets = route.starttls != nullptr && route.starttls->in_packets;
        way.channel.emplace(std::move(*stream), std::move(first), in_packets);
    }
    co_return way;
}

void write_down(const Way& way, Exchange& exchange) {
    exchange.reach = way.exchange.reach;
    exchange.outcome = way.exchange.outcome;
    exchange.ending = way.exchange.ending;
    exchange.error = way.exchange.error;
    exchange.dialogue = way.exchange.dialogue;
    exchange.protocol = way.exchange.protocol;
    exchange.received = way.exchange.received;
    exchange.proxy_error = way.exchange.proxy_error;
}

asio::awaitable<Exchange>
ask_for_tunnel(net::Loop& loop, net::Address server, std::string host, Patience patience) {
    const TimePoint begun = Clock::now();
    Exchange exchange{.purpose = evidence::Purpose::trait};
    exchange.offer.shape = evidence::Shape::nothing;
    const TimePoint connect_by = std::min(begun + patience.connect, patience.deadline);
    auto stream = co_await net::connect(loop, server, connect_by);
    if (!stream) {
        no_connection(stream.error(), out_of_time(loop, patience), exchange);
        co_return exchange;
    }
    exchange.reach = Reach::open;
    Dialogue dialogue(
        net::proxy_dialogue(net::ProxyKind::http), {.host = host, .port = server.port}
    );
    const TimePoint answer_by = std::min(Clock::now() + patience.answer, patience.deadline);
    co_await converse(*stream, dialogue, answer_by);
    exchange.dialogue = {
        .protocol = "http-connect",
        .result = std::string(name_of(dialogue.state())),
        .said = dialogue.said(),
    };
    exchange.error = "a question for a tunnel, not for TLS";
    exchange.ending = ending_of(dialogue.state());
    exchange.ms = milliseconds_between(begun, Clock::now());
    stream->abort();
    co_return exchange;
}

bool is_shut(const Exchange& exchange) {
    const auto ended = [&](DialogueEnd end) {
        return exchange.dialogue && exchange.dialogue->result == name_of(end);
    };
    return !exchange.proxy_error.empty() || ended(DialogueEnd::not_offered) ||
           ended(DialogueEnd::other_protocol);
}

} // namespace tlsdoctor::probe
