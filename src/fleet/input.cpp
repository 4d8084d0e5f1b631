// SPDX-License-Identifier: Apache-2.0
// Plain system calls: a stream would wait where it cannot be told to stop.
#include "fleet/input.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace tlsdoctor::fleet {

namespace {

/// Waits for something to read; false where it is to stop.
bool wait_for_input(int file, int stop) {
    std::array<pollfd, 2> waited{{
        {.fd = file, .events = POLLIN, .revents = 0},
        {.fd = stop, .events = POLLIN, .revents = 0}, // a negative one is passed over
    }};
    while (poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
    }
    return waited[1].revents == 0;
}

} // namespace

std::expected<Input, std::string> Input::open(const std::string& path) {
    Input input;
    input.name_ = path == "-" ? "standard input" : harmless(path);
    input.owned_ = path != "-";
    input.file_ = input.owned_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    struct stat there{};
    if (input.file_ < 0 || fstat(input.file_, &there) != 0) {
        return std::unexpected(fmt::format("cannot open {}: {}", input.name_, std::strerror(errno))
        );
    }
    if (S_ISDIR(there.st_mode)) {
        return std::unexpected(fmt::format("cannot read {}: it is a folder", input.name_));
    }
    input.size_ = S_ISREG(there.st_mode) ? static_cast<std::uint64_t>(there.st_size) : 0;
    return input;
}

Input::Input(Input&& other) noexcept
    : file_{std::exchange(other.file_, -1)}, owned_{other.owned_}, name_{std::move(other.name_)},
      size_{other.size_} {}

Input::~Input() {
    if (owned_ && file_ >= 0) {
        close(file_);
    }
}

std::expected<std::size_t, std::string> Input::read(std::span<char> into, int stop) {
    for (;;) {
        if (stop >= 0 && !wait_for_input(file_, stop)) {
            return 0;
        }
        const ssize_t count = ::read(file_, into.data(), into.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR && errno != EAGAIN) {
            return std::unexpected(fmt::format("cannot read {}: {}", name_, std::strerror(errno)));
        }
    }
}

} // namespace tlsdoctor::fleet
