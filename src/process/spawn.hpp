// SPDX-License-Identifier: Apache-2.0
// From a command to a running child: fork, its descriptors, exec. The child learns nothing of our
// descriptors, signal handlers or terminal.
#pragma once

#include <expected>
#include <string>

#include <sys/types.h>

#include "process/run.hpp"

namespace tlsdoctor::process {

/// A descriptor, closed at the end.
class Descriptor final {
public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    /// Returns the number, -1 for none.
    int get() const { return number_; }
    /// Closes it, if there is one.
    void reset();

private:
    int number_;
};

/// A child that has been started, the leader of its own process group.
struct Child {
    pid_t pid{};
    Descriptor output{}; ///< what it says, non-blocking
    Descriptor end{};    ///< becomes readable when it has ended; none on kernels before 5.3
};

/// Starts the command; the error says what could not be done and why.
std::expected<Child, std::string> spawn(const Command& command);

} // namespace tlsdoctor::process
