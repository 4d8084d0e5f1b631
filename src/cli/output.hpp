// SPDX-License-Identifier: Apache-2.0
// Where results go: standard output, a device or pipe, or a file that is complete or not there at
// all. Every error of writing is reported; a disk that is full must not look like a healthy server.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace tlsdoctor::cli {

/// What went wrong with an output.
struct OutputError {
    enum class Kind : std::uint8_t {
        exists,      ///< a regular file is there and may not be overwritten
        not_opened,  ///< no such folder, no permission ...
        reader_gone, ///< EPIPE: nobody reads any more
        not_written, ///< disk full, input/output error ...
    };
    Kind kind{};
    std::string what{}; ///< one line that names the file
};

/// An output that was opened. A new or overwritten regular file gets its name only in `finish`;
/// until then, and where `finish` is not reached, what was there before is untouched.
class Output final {
public:
    /// Opens `path`; `-` is standard output. Regular files are replaced only with `overwrite`;
    /// devices and pipes are written directly.
    static std::expected<Output, OutputError> open(const std::string& path, bool overwrite);

    Output(Output&& other) noexcept;
    Output& operator=(Output&& other) = delete;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    /// Writes all of `text`, unbuffered.
    std::expected<void, OutputError> write(std::string_view text);

    /// Flushes, closes and gives the file its name.
    std::expected<void, OutputError> finish();

private:
    Output() = default;

    OutputError failed(int error) const;

    int file_{-1};
    bool owned_{};            ///< to be closed
    std::string path_{};      ///< for messages
    std::string final_{};     ///< the name that a temporary file gets; empty when written directly
    std::string temporary_{}; ///< to be removed unless finished
    bool replaces_{};         ///< a file with the final name may be there
};

/// Finishes those of the outputs that were opened, up to the first that fails.
std::expected<void, OutputError>
finish(std::initializer_list<std::reference_wrapper<std::optional<Output>>> outputs);

/// Makes standard streams that the caller closed point at /dev/null, so that no socket or file of
/// ours gets their numbers, and makes writing to a pipe without a reader an error instead of a
/// signal.
void secure_standard_streams();

/// Reads a whole file; `-` is standard input. The error is one line that names the file.
std::expected<std::string, std::string> read_whole(const std::string& path);

} // namespace tlsdoctor::cli
