// SPDX-License-Identifier: Apache-2.0
// The scripted peers. They live on the same loop as the code under test, so a test needs no thread
// and no sleep.
#include "net/peers.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>

#include "base/assume.hpp"
#include "base/text.hpp"

namespace tlsdoctor::net::testing {
namespace {

using asio::ip::udp;

asio::awaitable<void> hear(Stream& stream, std::size_t count) {
    std::array<std::uint8_t, 4096> buffer{};
    while (count > 0) {
        const std::span<std::uint8_t> room(buffer.data(), std::min(count, buffer.size()));
        const TimePoint deadline = soon_enough();
        const auto got = co_await stream.read_some(room, deadline);
        if (!got) {
            co_return;
        }
        count -= *got;
    }
}

asio::awaitable<void> say(Stream& stream, std::string_view text) {
    const TimePoint deadline = soon_enough();
    const ByteView bytes = as_bytes(text);
    co_await stream.write_all(bytes, deadline);
}

asio::awaitable<void> drip(Loop& loop, Stream& stream, std::string_view text) {
    asio::io_context& context = loop.context();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view byte = text.substr(i, 1);
        co_await say(stream, byte);
        co_await asio::post(context, k_as_tuple);
    }
}

void finish(Step::Kind kind, Stream& stream) {
    if (kind == Step::Kind::fin) {
        stream.end_writing();
    } else if (kind == Step::Kind::close) {
        stream.close();
    } else if (kind == Step::Kind::reset) {
        stream.abort();
    }
}

std::vector<std::uint8_t> header(const std::uint8_t* question, std::uint8_t rcode, std::size_t n) {
    return {question[0], question[1], 0x81, static_cast<std::uint8_t>(0x80 | rcode),
            0,           1,           0,    static_cast<std::uint8_t>(n),
            0,           0,           0,    0};
}

/// Reads the name and type of the first question: `A name` or `AAAA name`.
std::string key_of(std::span<const std::uint8_t> packet, std::size_t& end) {
    std::string name;
    std::size_t at = 12;
    while (packet[at] != 0) {
        const std::size_t length = packet[at];
        name += name.empty() ? "" : ".";
        name += as_text(packet.subspan(at + 1, length));
        at += 1 + length;
    }
    end = at + 5;
    return (packet[at + 2] == 28 ? "AAAA " : "A ") + lower(name);
}

} // namespace

asio::awaitable<void> play(Loop& loop, Listener& listener, const Script& script) {
    auto accepted = co_await listener.accept();
    assume(accepted.has_value(), "a client of the test connects");
    Stream stream = std::move(*accepted);
    for (const Step& step : script) {
        finish(step.kind, stream);
        if (step.kind == Step::Kind::say) {
            co_await say(stream, step.text);
        } else if (step.kind == Step::Kind::drip) {
            co_await drip(loop, stream, step.text);
        } else if (step.kind == Step::Kind::hear) {
            co_await hear(stream, step.count);
        } else if (step.kind == Step::Kind::stall) {
            const std::size_t everything = SIZE_MAX;
            co_await hear(stream, everything);
        }
    }
}

asio::awaitable<void> hear_all(Stream& stream, Heard& heard, TimePoint deadline) {
    std::array<std::uint8_t, 64> buffer{};
    while (true) {
        const std::span<std::uint8_t> room(buffer);
        const auto got = co_await stream.read_some(room, deadline);
        if (!got) {
            heard.end = got.error();
            co_return;
        }
        heard.text += as_text(room.first(*got));
    }
}

struct DnsServer::State : std::enable_shared_from_this<State> {
    State(Loop& loop, std::map<std::string, DnsAnswer> answers)
        : socket(loop.context(), udp::endpoint(asio::ip::address_v4::loopback(), 0)),
          table(std::move(answers)) {}

    void serve() {
        const auto self = shared_from_this();
        socket.async_receive_from(
            asio::buffer(packet), from,
            [self](boost::system::error_code error, std::size_t count) {
                if (!error) {
                    self->answer(std::span<const std::uint8_t>(self->packet).first(count));
                    self->serve();
                }
            }
        );
    }

    void answer(std::span<const std::uint8_t> question) {
        std::size_t end = 0;
        const std::string key = key_of(question, end);
        asked.push_back(key);
        const auto found = table.find(key);
        const DnsAnswer what = found != table.end() ? found->second : DnsAnswer{.rcode = 3};
        if (what.silent) {
            return;
        }
        auto reply = header(question.data(), what.rcode, what.addresses.size());
        reply.insert(reply.end(), question.begin() + 12, question.begin() + static_cast<long>(end));
        for (const std::string& text : what.addresses) {
            append(reply, asio::ip::make_address(text));
        }
        boost::system::error_code ignored;
        socket.send_to(asio::buffer(reply), from, 0, ignored);
    }

    static void append(std::vector<std::uint8_t>& reply, const asio::ip::address& address) {
        const bool v6 = address.is_v6();
        const std::uint8_t type = v6 ? 28 : 1;
        const std::uint8_t size = v6 ? 16 : 4;
        reply.insert(reply.end(), {0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, size});
        if (v6) {
            const auto bytes = address.to_v6().to_bytes();
            reply.insert(reply.end(), bytes.begin(), bytes.end());
        } else {
            const auto bytes = address.to_v4().to_bytes();
            reply.insert(reply.end(), bytes.begin(), bytes.end());
        }
    }

    udp::socket socket;
    udp::endpoint from{};
    std::array<std::uint8_t, 1500> packet{};
    std::map<std::string, DnsAnswer> table;
    std::vector<std::string> asked{};
};

DnsServer::DnsServer(Loop& loop, std::map<std::string, DnsAnswer> table)
    : state_(std::make_shared<State>(loop, std::move(table))) {
    state_->serve();
}

DnsServer::~DnsServer() {
    state_->socket.close();
}

std::string DnsServer::where() const {
    return to_string(Address{.text = "127.0.0.1", .port = state_->socket.local_endpoint().port()});
}

const std::vector<std::string>& DnsServer::asked() const {
    return state_->asked;
}

} // namespace tlsdoctor::net::testing
