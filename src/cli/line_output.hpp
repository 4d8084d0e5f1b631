// SPDX-License-Identifier: Apache-2.0
// Where a scan's lines go, each by one write(2): standard output, a device or pipe, or a regular
// file that grows line by line, so that a run which is killed leaves what it finished.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "cli/output.hpp"

namespace tlsdoctor::cli {

/// What may be done to a file that is there already.
enum class Existing : std::uint8_t {
    refused,
    replaced,  ///< `--overwrite`
    continued, ///< `--resume`
};

/// One output of lines.
class LineOutput final {
public:
    /// Opens it; `-` is standard output. A regular file is locked: two runs cannot write to it.
    static std::expected<LineOutput, OutputError> open(const std::string& path, Existing existing);

    LineOutput(LineOutput&& other) noexcept;
    LineOutput& operator=(LineOutput&&) = delete;
    LineOutput(const LineOutput&) = delete;
    LineOutput& operator=(const LineOutput&) = delete;
    ~LineOutput();

    /// Hands what is in a regular file to `feed`, block by block, until it returns an error.
    using Feed = std::function<std::expected<void, std::string>(std::string_view)>;
    std::expected<void, std::string> read_back(const Feed& feed);

    /// Cuts a regular file to this size.
    std::expected<void, OutputError> cut(std::uint64_t size);

    /// Writes a whole line. Where it does not fit on the disk, no part of it stays.
    std::expected<void, OutputError> write(std::string_view line);

    /// Flushes and closes.
    std::expected<void, OutputError> finish();

private:
    LineOutput() = default;

    OutputError failed(int error) const;

    int file_{-1};
    bool owned_{};
    bool regular_{};
    std::string path_{};
};

} // namespace tlsdoctor::cli
