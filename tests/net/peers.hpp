// SPDX-License-Identifier: Apache-2.0
// Scripted peers on loopback for the tests of net: a list of steps that one accepted connection
// takes, and a DNS server that answers from a table.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

namespace tlsdoctor::net::testing {

/// A time that no test ever reaches.
inline TimePoint soon_enough() {
    return Clock::now() + std::chrono::seconds(30);
}

/// A time that a test waits for where nothing is to come.
inline TimePoint shortly() {
    return Clock::now() + std::chrono::milliseconds(60);
}

/// What a scripted peer does next.
struct Step {
    enum class Kind : std::uint8_t {
        say,   ///< writes `text`
        drip,  ///< writes `text` byte by byte, one turn of the loop apart
        hear,  ///< reads `count` bytes
        fin,   ///< ends its writing
        close, ///< closes
        reset, ///< closes with RST
        stall, ///< reads and answers nothing until the other side ends
    };
    Kind kind{};
    std::string text{};
    std::size_t count{};
};

using Script = std::vector<Step>;

/// Plays the script on the next connection of the listener.
asio::awaitable<void> play(Loop& loop, Listener& listener, const Script& script);

/// What a client saw: the bytes, then how it ended.
struct Heard {
    std::string text{};
    StreamError end{};
};

/// Reads until the connection ends or the deadline comes.
asio::awaitable<void> hear_all(Stream& stream, Heard& heard, TimePoint deadline);

/// How a scripted DNS server treats a question; `rcode` 0 with no addresses is "no data".
struct DnsAnswer {
    std::vector<std::string> addresses{};
    std::uint8_t rcode{};
    bool silent{};
};

/// A DNS server on a UDP port of 127.0.0.1. Questions are keyed `A name` and `AAAA name`; what is
/// not in the table is NXDOMAIN.
class DnsServer final {
public:
    DnsServer(Loop& loop, std::map<std::string, DnsAnswer> table);
    ~DnsServer();
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    /// Returns `127.0.0.1:PORT`.
    std::string where() const;

    /// Returns the questions that came, in order.
    const std::vector<std::string>& asked() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace tlsdoctor::net::testing
