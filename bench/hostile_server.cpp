// SPDX-License-Identifier: Apache-2.0
// A network with a hostile third, on every address of this machine: which of five ways a connection
// goes is a matter of the address that the client asked. Of twelve neighbours eight answer, one is
// silent, one sends a byte every tenth of a second, one resets, one sends garbage. Prints its port.
#include <cstdint>

#include "answers.hpp"
#include "listening.hpp"

namespace bench = tlsdoctor::bench;

namespace {

constexpr std::uint32_t k_neighbours = 12;
constexpr std::size_t k_garbage = 6000;

enum class Way : std::uint8_t { answers, silent, slow, resets, garbage };

/// bench/soak.py has the same table.
Way way_of(std::uint32_t address) {
    switch ((address & 0x00ff'ffff) % k_neighbours) {
    case 8:
        return Way::silent;
    case 9:
        return Way::slow;
    case 10:
        return Way::resets;
    case 11:
        return Way::garbage;
    default:
        return Way::answers;
    }
}

/// No record, no text of a protocol, longer than anyone should keep; the same for the same address.
std::vector<std::uint8_t> garbage_for(std::uint32_t address) {
    std::vector<std::uint8_t> bytes(k_garbage);
    std::uint32_t state = address | 1;
    for (auto& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<std::uint8_t>(state >> 24 | 0x80);
    }
    return bytes;
}

bool on_message(bench::Client& client) {
    const Way way = way_of(client.asked);
    if (way == Way::silent) {
        return true;
    }
    if (way == Way::resets) {
        bench::reset_on_close(client.socket);
        return false;
    }
    if (way == Way::garbage) {
        bench::send_now(client.socket, garbage_for(client.asked));
        return false;
    }
    bench::Answer answer = bench::answer_to(client.received);
    if (way == Way::slow && !answer.bytes.empty()) {
        client.pending = std::move(answer.bytes);
        return true;
    }
    bench::send_now(client.socket, answer.bytes);
    return !answer.closes;
}

/// Never gets to the end within a patience of seconds.
bool on_tick(bench::Client& client) {
    bench::send_now(client.socket, {client.pending.front()});
    client.pending.erase(client.pending.begin());
    return true;
}

} // namespace

int main() {
    bench::raise_limit();
    const int listener = bench::listen_everywhere(0);
    if (listener < 0) {
        return 1;
    }
    bench::announce(listener);
    bench::serve(listener, {on_message, on_tick});
}
