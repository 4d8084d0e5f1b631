// SPDX-License-Identifier: Apache-2.0
// A client may send anything at any pace: every wait ends at the connection's deadline, and every
// buffer has a bound.
#include "peer/serve.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "net/pause.hpp"

namespace tlsdoctor::peer {

namespace {

constexpr std::size_t k_record_header = 5;
constexpr std::size_t k_longest_hello = k_record_header + 16384 + 2048;
constexpr std::size_t k_longest_line = 1024;
constexpr std::size_t k_longest_reaction = 512;
constexpr std::uint8_t k_handshake = 0x16;
constexpr std::uint8_t k_client_hello = 1;

/// One client, its bytes, and the time that it has.
struct Call {
    net::Loop& loop;
    net::Stream stream;
    const Prepared& server;
    Meeting& met;
    TimePoint deadline;
    std::array<std::uint8_t, 4096> buffer{};
    ByteView got{};  ///< in the buffer
    bool ended{};    ///< the client left, or its time is over
    bool answered{}; ///< something was said to its hello
};

/// Tells whether these are a whole first record, an SSL 2.0 hello, or clear text.
bool is_whole_hello(ByteView bytes) {
    if (bytes.size() < k_record_header) {
        return false;
    }
    if (bytes[0] == k_handshake) {
        return bytes.size() >= k_record_header + (std::size_t{bytes[3]} << 8U) + bytes[4];
    }
    const bool ssl2 = (bytes[0] & 0x80U) != 0 && bytes[2] == k_client_hello;
    const std::size_t ssl2_size = ((bytes[0] & std::size_t{0x7f}) << 8U) + bytes[1];
    return !ssl2 || bytes.size() >= 2 + ssl2_size;
}

asio::awaitable<void> read_more(Call& call, TimePoint deadline) {
    const std::span<std::uint8_t> room(call.buffer);
    const auto size = co_await call.stream.read_some(room, deadline);
    call.ended = !size;
    call.got = size ? ByteView(call.buffer).first(*size) : ByteView{};
    if (size && call.met.hello.size() < k_longest_hello && !is_whole_hello(call.met.hello)) {
        call.met.hello.insert(call.met.hello.end(), call.got.begin(), call.got.end());
    }
}

asio::awaitable<void> say_piece(Call& call, ByteView piece) {
    const auto sent = co_await call.stream.write_all(piece, call.deadline);
    call.ended = call.ended || !sent;
}

/// Says something, in the behaviour's pieces; the first answer is as late as it wants.
asio::awaitable<void> say(Call& call, ByteView bytes) {
    const Behaviour& does = call.server.behaviour;
    if (!std::exchange(call.answered, true) && does.delay > milliseconds{}) {
        const TimePoint then = Clock::now() + does.delay;
        co_await net::pause(call.loop, then);
    }
    while (!bytes.empty() && !call.ended) {
        const std::size_t size =
            does.piece == 0 ? bytes.size() : std::min(does.piece, bytes.size());
        const ByteView piece = bytes.first(size);
        co_await say_piece(call, piece);
        bytes = bytes.subspan(size);
        if (!bytes.empty() && does.pace > milliseconds{}) {
            const TimePoint then = Clock::now() + does.pace;
            co_await net::pause(call.loop, then);
        }
    }
}

/// Reads until the client leaves; what it says first is its reaction.
asio::awaitable<void> listen(Call& call) {
    const TimePoint deadline = call.deadline;
    while (!call.ended) {
        co_await read_more(call, deadline);
        Bytes& reaction = call.met.reaction;
        const std::size_t room = k_longest_reaction - reaction.size();
        const ByteView kept = call.got.first(std::min(room, call.got.size()));
        reaction.insert(reaction.end(), kept.begin(), kept.end());
    }
}

asio::awaitable<void> finish(Call& call) {
    const Ending ending = call.server.behaviour.ending;
    if (ending == Ending::resets) {
        call.stream.abort();
        co_return;
    }
    if (ending == Ending::closes) {
        call.stream.end_writing();
    }
    co_await listen(call); // the client leaves first, or our FIN could become a RST
}

asio::awaitable<void> hear_hello(Call& call) {
    const TimePoint deadline = call.deadline;
    while (!call.ended && !is_whole_hello(call.met.hello) && call.met.hello.size() < k_longest_hello
    ) {
        co_await read_more(call, deadline);
    }
}

asio::awaitable<void> follow_script(Call& call) {
    co_await hear_hello(call);
    if (call.met.hello.empty()) {
        co_return;
    }
    const Behaviour& does = call.server.behaviour;
    const Bytes reply = does.script ? does.script(call.met.hello) : Bytes{};
    const ByteView bytes = reply;
    co_await say(call, bytes);
    co_await finish(call);
}

void note(Meeting& met, crypto::ServerSession& session) {
    met.completed = session.state() == crypto::SessionState::done;
    met.version = session.version();
    met.cipher_suite = session.cipher_suite();
    met.alerts = session.alerts();
    met.failure = met.completed ? session.failure_after() : session.failure();
    met.server_name = session.server_name();
}

/// Answers the first application data; true when the conversation is over.
bool answer_data(Call& call, crypto::ServerSession& session) {
    if (session.read().empty()) {
        return false;
    }
    call.met.spoke = true;
    session.write(call.server.behaviour.answer);
    session.close();
    return true;
}

asio::awaitable<void> shake_hands(Call& call, crypto::ServerSession& session) {
    const Behaviour& does = call.server.behaviour;
    bool over = false;
    TimePoint deadline = call.deadline;
    while (!over && !call.ended) {
        co_await read_more(call, deadline);
        if (call.ended) {
            session.end(crypto::StreamEnd::closed);
        }
        session.feed(call.got);
        const bool done = session.state() == crypto::SessionState::done;
        over =
            session.state() == crypto::SessionState::failed || (done && answer_data(call, session));
        Bytes output = session.take_output();
        if (!call.answered && !output.empty()) {
            output = does.spoils ? does.spoils(output) : std::move(output);
            output.insert(output.begin(), does.prefix.begin(), does.prefix.end());
            over = over || does.spoils;
        }
        note(call.met, session);
        const ByteView bytes = output;
        co_await say(call, bytes);
        if (done) {
            deadline = std::min(call.deadline, Clock::now() + call.server.limits.idle);
        }
    }
    if (session.state() == crypto::SessionState::done && call.met.failure.empty()) {
        session.close();
        const Bytes farewell = session.take_output();
        const ByteView bytes = farewell;
        call.ended = false; // the idle time was over, not the connection
        co_await say(call, bytes);
    }
}

asio::awaitable<void> speak_tls(Call& call) {
    auto session = call.server.context->accept();
    if (!session) {
        call.met.failure = session.error().what;
        co_return;
    }
    co_await shake_hands(call, *session);
    co_await finish(call);
}

/// Returns the answer to a line of SMTP.
std::string_view smtp_answer(std::string_view line, bool offers_tls) {
    const std::string word = lower(line.substr(0, line.find(' ')));
    if (word == "ehlo") {
        return offers_tls ? "250-mail.lab.example\r\n250 STARTTLS\r\n" : "250 mail.lab.example\r\n";
    }
    if (word == "helo" || word == "noop") {
        return "250 mail.lab.example\r\n";
    }
    if (word == "quit") {
        return "221 bye\r\n";
    }
    return word == "starttls" && offers_tls ? "220 go ahead\r\n"
                                            : "500 5.5.1 Command unrecognized\r\n";
}

/// Speaks SMTP; returns true where the client asked for TLS.
asio::awaitable<bool> speak_smtp(Call& call) {
    const bool offers_tls = call.server.context.has_value();
    std::string pending;
    for (int lines = 0; lines < 100 && !call.ended; ++lines) {
        const TimePoint deadline = call.deadline;
        while (!call.ended && !pending.contains('\n') && pending.size() < k_longest_line) {
            co_await read_more(call, deadline);
            pending += as_text(call.got);
        }
        const std::string line(trimmed(pending.substr(0, pending.find('\n'))));
        pending.erase(0, pending.contains('\n') ? pending.find('\n') + 1 : pending.size());
        const std::string_view answer = smtp_answer(line, offers_tls);
        const ByteView bytes = as_bytes(answer);
        co_await say(call, bytes);
        if (answer.starts_with("220") || answer.starts_with("221")) {
            co_return answer.starts_with("220");
        }
        if (answer.starts_with("500")) {
            break; // a hello has few line ends; do not wait for the next one
        }
    }
    co_return false;
}

/// Passes over what stands before TLS; false where TLS never comes.
asio::awaitable<bool> open_dialogue(Call& call) {
    const ByteView greeting = as_bytes(call.server.behaviour.greeting);
    co_await say_piece(call, greeting);
    if (call.server.behaviour.dialogue == Dialogue::none) {
        co_return true;
    }
    const bool upgraded = co_await speak_smtp(call);
    call.met.hello.clear();
    co_return upgraded;
}

} // namespace

asio::awaitable<void> serve(
    net::Loop& loop, net::Stream stream, std::shared_ptr<const Prepared> server, bool silent,
    Meeting& met
) {
    Call call{
        .loop = loop,
        .stream = std::move(stream),
        .server = *server,
        .met = met,
        .deadline = Clock::now() + server->limits.patience,
    };
    const bool goes_on = co_await open_dialogue(call);
    if (silent) {
        co_await listen(call);
    } else if (!goes_on) {
        co_await finish(call);
    } else if (server->context) {
        co_await speak_tls(call);
    } else {
        co_await follow_script(call);
    }
}

} // namespace tlsdoctor::peer
