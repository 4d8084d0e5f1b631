// SPDX-License-Identifier: Apache-2.0
// A long way on one machine: packets to the far network 10.67.0.0/16 enter a TUN device, wait half
// a round trip and come out addressed to the server side of this machine; its answers wait as long
// on their way back. So SYN and SYN-ACK take their time too, which a relay of connections, whose
// kernel accepts at once, cannot show. It must run in a network namespace of its own;
// bench/lib/network.py sets the addresses and routes.
//
//   relay DEVICE ROUND_TRIP_MS
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t k_client_side = 0x0a42'0001; // 10.66.0.1
constexpr std::uint32_t k_server_side = 0x0a42'0002; // 10.66.0.2
constexpr std::size_t k_ip_header = 20;
constexpr std::size_t k_most_waiting = 1'000'000;

struct Packet {
    Clock::time_point due;
    std::vector<std::uint8_t> bytes;
};

std::uint32_t read_u16(std::span<const std::uint8_t> at) {
    return static_cast<std::uint32_t>(at[0] << 8 | at[1]);
}

std::uint32_t read_u32(std::span<const std::uint8_t> at) {
    return read_u16(at) << 16 | read_u16(at.subspan(2));
}

void write_u16(std::span<std::uint8_t> at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

/// Corrects a checksum at `at` for one address that replaces another [RFC 1624].
void correct(std::span<std::uint8_t> at, std::uint32_t old_address, std::uint32_t new_address) {
    std::uint32_t sum = ~read_u16(at) & 0xffff;
    sum += (~old_address >> 16 & 0xffff) + (~old_address & 0xffff);
    sum += (new_address >> 16) + (new_address & 0xffff);
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    write_u16(at, ~sum & 0xffff);
}

/// Sends a packet to the other side: from the far address, whose place it takes, to the machine's
/// other one. False for what is no TCP of ours.
bool turn_around(std::span<std::uint8_t> packet) {
    if (packet.size() < k_ip_header + 20 || packet[0] != 0x45 || packet[9] != 6) {
        return false;
    }
    const std::uint32_t from = read_u32(packet.subspan(12));
    const std::uint32_t far = read_u32(packet.subspan(16));
    if (from != k_client_side && from != k_server_side) {
        return false;
    }
    const std::uint32_t other = from == k_client_side ? k_server_side : k_client_side;
    // The far address stays in the sum, as the source instead of the destination.
    correct(packet.subspan(10), from, other);
    correct(packet.subspan(k_ip_header + 16), from, other);
    write_u16(packet.subspan(12), far >> 16);
    write_u16(packet.subspan(14), far & 0xffff);
    write_u16(packet.subspan(16), other >> 16);
    write_u16(packet.subspan(18), other & 0xffff);
    return true;
}

int open_device(std::string_view name) {
    const int device = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) {
        return -1;
    }
    ifreq request{};
    std::copy_n(name.data(), std::min(name.size(), sizeof request.ifr_name - 1), request.ifr_name);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    return ::ioctl(device, TUNSETIFF, &request) < 0 ? -1 : device;
}

void take_in(int device, std::chrono::nanoseconds delay, std::deque<Packet>& waiting) {
    std::array<std::uint8_t, 65536> buffer;
    while (waiting.size() < k_most_waiting) {
        const ssize_t size = ::read(device, buffer.data(), buffer.size());
        if (size <= 0) {
            return;
        }
        const std::span<std::uint8_t> packet(buffer.data(), static_cast<std::size_t>(size));
        if (!turn_around(packet)) {
            continue;
        }
        waiting.push_back({Clock::now() + delay, {packet.begin(), packet.end()}});
        // What is due must not wait for the end of a burst.
        if (waiting.front().due <= Clock::now()) {
            return;
        }
    }
}

void let_out(int device, std::deque<Packet>& waiting) {
    const auto now = Clock::now();
    while (!waiting.empty() && waiting.front().due <= now) {
        const auto& bytes = waiting.front().bytes;
        if (::write(device, bytes.data(), bytes.size()) < 0 && errno == EAGAIN) {
            return;
        }
        waiting.pop_front();
    }
}

void wait(int device, const std::deque<Packet>& waiting) {
    pollfd watched{device, POLLIN, 0};
    timespec limit{1, 0};
    if (!waiting.empty()) {
        const auto left = std::max(std::chrono::nanoseconds(0), waiting.front().due - Clock::now());
        limit = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    }
    ::ppoll(&watched, 1, &limit, nullptr);
}

} // namespace

int main(int count, char** words) {
    int round_trip_ms = 0;
    if (count == 3) {
        std::from_chars(words[2], words[2] + std::strlen(words[2]), round_trip_ms);
    }
    if (round_trip_ms <= 0) {
        std::fputs("usage: relay DEVICE ROUND_TRIP_MS\n", stderr);
        return 2;
    }
    const int device = open_device(words[1]);
    if (device < 0) {
        std::perror("relay: /dev/net/tun");
        return 1;
    }
    ::prctl(PR_SET_TIMERSLACK, 1);
    std::puts("ready");
    std::fflush(stdout);
    const std::chrono::nanoseconds delay = std::chrono::microseconds(round_trip_ms * 500);
    std::deque<Packet> waiting;
    while (true) {
        wait(device, waiting);
        take_in(device, delay, waiting);
        let_out(device, waiting);
    }
}
