// SPDX-License-Identifier: Apache-2.0
// The file or pipe that a list comes from, read in blocks by a thread that may have to give up
// waiting for a slow writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace tlsdoctor::fleet {

/// An open file; `-` is standard input.
class Input final {
public:
    /// Opens it. The error is one line that names the file.
    static std::expected<Input, std::string> open(const std::string& path);

    Input(Input&& other) noexcept;
    Input& operator=(Input&&) = delete;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    ~Input();

    /// Reads a block; 0 at the end, and also when `stop` (a descriptor, -1 for none) becomes
    /// readable. The error is one line.
    std::expected<std::size_t, std::string> read(std::span<char> into, int stop);

    /// Returns the name for messages: the path, or `standard input`.
    const std::string& name() const { return name_; }

    /// Returns the size where it is a regular file, else 0.
    std::uint64_t size() const { return size_; }

private:
    Input() = default;

    int file_{-1};
    bool owned_{};
    std::string name_{};
    std::uint64_t size_{};
};

} // namespace tlsdoctor::fleet
