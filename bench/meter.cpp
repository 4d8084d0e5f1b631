// SPDX-License-Identifier: Apache-2.0
// Runs a program once and writes what it cost as one line of JSON: wall time, CPU time and peak
// memory of it and its children, connections that the kernel opened meanwhile, and its exit code.
// Small itself, because the kernel counts what the parent had resident before exec() as the child's
// peak.
//
//   meter FILE LIMIT_S COMMAND [ARG...]
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

pid_t g_child = 0;

void end_child(int /*signal*/) {
    ::kill(g_child, SIGKILL);
}

/// The kernel's count of connections that this network namespace began; -1 where it cannot be read.
long connections_begun() {
    std::array<char, 8192> text{};
    const int file = ::open("/proc/net/snmp", O_RDONLY | O_CLOEXEC);
    const ssize_t size = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    if (size <= 0) {
        return -1;
    }
    // The second line that begins so holds the numbers: RtoAlgorithm RtoMin RtoMax MaxConn
    // ActiveOpens ...
    const char* row = std::strstr(text.data(), "\nTcp: ");
    row = row == nullptr ? nullptr : std::strstr(row + 1, "\nTcp: ");
    long opened = -1;
    if (row == nullptr || std::sscanf(row + 1, "Tcp: %*s %*s %*s %*s %ld", &opened) != 1) {
        return -1;
    }
    return opened;
}

double ms_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

} // namespace

int main(int count, char** words) {
    if (count < 4) {
        std::fputs("usage: meter FILE LIMIT_S COMMAND [ARG...]\n", stderr);
        return 2;
    }
    const long before = connections_begun();
    const auto began = std::chrono::steady_clock::now();
    if (const int error = ::posix_spawnp(&g_child, words[3], nullptr, nullptr, words + 3, environ);
        error != 0) {
        std::fprintf(stderr, "meter: %s: %s\n", words[3], std::strerror(error));
        return 127;
    }
    ::signal(SIGALRM, end_child);
    ::alarm(static_cast<unsigned>(std::strtoul(words[2], nullptr, 10)));
    int status = 0;
    while (::waitpid(g_child, &status, 0) < 0 && errno == EINTR) {
    }
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - began;
    const long after = connections_begun();
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    std::FILE* out = std::fopen(words[1], "we");
    if (out == nullptr) {
        std::perror(words[1]);
        return 1;
    }
    std::fprintf(
        out,
        "{\"wall_ms\": %.4f, \"user_ms\": %.4f, \"system_ms\": %.4f, \"peak_kb\": %ld, \"opened\": "
        "%ld, \"code\": %d}\n",
        wall.count(), ms_of(usage.ru_utime), ms_of(usage.ru_stime), usage.ru_maxrss, after - before,
        code
    );
    return std::fclose(out) == 0 ? 0 : 1;
}
