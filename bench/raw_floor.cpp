// SPDX-License-Identifier: Apache-2.0
// The floor under every client on this machine: connect, send a ready-made hello, read what comes,
// reset. No judgement, no names, no output per target. It asks each target for six versions with
// the cheapest hello of each (an empty key_share, static RSA) and prints one line of JSON.
//
//   raw_floor IN_FLIGHT PORT FIRST_ADDRESS TARGETS
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t k_versions = 6;
constexpr int k_patience_ms = 5000;

void put(Bytes& out, std::uint64_t value, std::size_t size) {
    while (size-- > 0) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * size)));
    }
}

void put(Bytes& out, std::initializer_list<std::uint16_t> numbers) {
    put(out, 2 * numbers.size(), 2);
    for (const std::uint16_t number : numbers) {
        put(out, number, 2);
    }
}

void put_extension(Bytes& out, std::uint16_t type, const Bytes& body) {
    put(out, type, 2);
    put(out, body.size(), 2);
    out.insert(out.end(), body.begin(), body.end());
}

Bytes extensions_of(std::uint16_t version) {
    Bytes out, groups, schemes;
    if (version < 0x0303) {
        return out;
    }
    put(groups, {0x001d, 0x0017});
    put_extension(out, 10, groups);
    put(schemes, {0x0403, 0x0804, 0x0401, 0x0201});
    put_extension(out, 13, schemes);
    if (version < 0x0304) {
        return out;
    }
    put_extension(out, 43, {2, 0x03, 0x04});
    put_extension(out, 51, {0, 0});
    return out;
}

Bytes hello_of(std::uint16_t version) {
    const std::uint16_t legacy = version == 0x0304 ? 0x0303 : version;
    Bytes body;
    put(body, legacy, 2);
    body.resize(body.size() + 32, 0x5a);
    put(body, 0, 1);
    if (version == 0x0304) {
        put(body, {0x1301, 0x1302, 0x1303});
    }
    if (version != 0x0304) {
        put(body, {0x009c, 0x009d, 0x002f, 0x0035, 0x000a});
    }
    put(body, 0x0100, 2);
    if (const Bytes extensions = extensions_of(version); !extensions.empty()) {
        put(body, extensions.size(), 2);
        body.insert(body.end(), extensions.begin(), extensions.end());
    }
    Bytes out;
    put(out, 0x160301, 3);
    put(out, body.size() + 4, 2);
    put(out, 0x01, 1);
    put(out, body.size(), 3);
    out.insert(out.end(), body.begin(), body.end());
    return out;
}

/// SSL 2.0's own hello: seven cipher kinds of three bytes, a challenge of sixteen.
Bytes hello_of_ssl_2() {
    Bytes out;
    put(out, 0x802e'0100'0200'15, 7);
    put(out, 0x0000'0010, 4);
    for (const std::uint32_t kind :
         {0x010080U, 0x020080U, 0x030080U, 0x040080U, 0x050080U, 0x060040U, 0x0700c0U}) {
        put(out, kind, 3);
    }
    out.resize(out.size() + 16, 0x5a);
    return out;
}

struct Work {
    std::uint16_t port = 0;
    std::uint32_t first = 0;
    std::size_t probes = 0;
    std::size_t begun = 0, over = 0, answered = 0;
    std::array<Bytes, k_versions> hellos = {hello_of(0x0304), hello_of(0x0303), hello_of(0x0302),
                                            hello_of(0x0301), hello_of(0x0300), hello_of_ssl_2()};
};

struct Probe {
    std::uint8_t version = 0;
    bool sent = false;
};

void begin(int poll, Work& work, std::vector<Probe>& probes) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket < 0) {
        std::exit(1);
    }
    const auto number = static_cast<std::uint32_t>(work.begun / k_versions);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(work.port);
    address.sin_addr.s_addr = htonl(work.first + number);
    ::connect(
        socket, static_cast<const sockaddr*>(static_cast<const void*>(&address)), sizeof address
    );
    const auto at = static_cast<std::size_t>(socket);
    if (at >= probes.size()) {
        probes.resize(at + 1);
    }
    probes[at] = {static_cast<std::uint8_t>(work.begun++ % k_versions), false};
    epoll_event event{EPOLLOUT, {.fd = socket}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
}

/// True when the probe is over.
bool step(int poll, int socket, Work& work, Probe& probe) {
    std::array<std::uint8_t, 4096> buffer;
    if (!probe.sent) {
        const Bytes& hello = work.hellos[probe.version];
        probe.sent = true;
        if (::send(socket, hello.data(), hello.size(), MSG_NOSIGNAL) < 0) {
            return true;
        }
        epoll_event event{EPOLLIN, {.fd = socket}};
        ::epoll_ctl(poll, EPOLL_CTL_MOD, socket, &event);
        return false;
    }
    const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EAGAIN) {
        return false;
    }
    if (size > 0) {
        ++work.answered;
    }
    return true;
}

void end(int socket, Work& work) {
    const linger none{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    ::close(socket);
    ++work.over;
}

bool run(Work& work, std::size_t in_flight) {
    const int poll = ::epoll_create1(EPOLL_CLOEXEC);
    std::vector<Probe> probes;
    std::array<epoll_event, 256> events;
    while (work.over < work.probes) {
        while (work.begun < work.probes && work.begun - work.over < in_flight) {
            begin(poll, work, probes);
        }
        const int count =
            ::epoll_wait(poll, events.data(), static_cast<int>(events.size()), k_patience_ms);
        if (count <= 0) {
            return false;
        }
        for (int i = 0; i < count; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (step(poll, socket, work, probes[static_cast<std::size_t>(socket)])) {
                end(socket, work);
            }
        }
    }
    return true;
}

double us_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
}

} // namespace

int main(int count, char** words) {
    in_addr first{};
    if (count != 5 || ::inet_pton(AF_INET, words[3], &first) != 1) {
        std::fputs("usage: raw_floor IN_FLIGHT PORT FIRST_ADDRESS TARGETS\n", stderr);
        return 2;
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    Work work;
    work.port = static_cast<std::uint16_t>(std::strtoul(words[2], nullptr, 10));
    work.first = ntohl(first.s_addr);
    work.probes = std::strtoul(words[4], nullptr, 10) * k_versions;
    const auto began = std::chrono::steady_clock::now();
    if (!run(work, std::strtoul(words[1], nullptr, 10))) {
        std::fprintf(
            stderr, "raw_floor: no answer for %d ms after %zu probes\n", k_patience_ms, work.over
        );
        return 1;
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto probes = static_cast<double>(work.probes);
    std::printf(
        "{\"probes\": %zu, \"answered\": %zu, \"probes_per_s\": %.0f, \"user_us\": %.2f, "
        "\"system_us\": %.2f}\n",
        work.probes, work.answered, probes / wall.count(), us_of(usage.ru_utime) / probes,
        us_of(usage.ru_stime) / probes
    );
    return 0;
}
