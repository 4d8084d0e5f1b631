// SPDX-License-Identifier: Apache-2.0
// O_APPEND and one write for each line. A signal does not tear a line: what was begun is completed.
#include "cli/line_output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/descriptor.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr mode_t k_line_file_mode = 0666; // less the umask
constexpr std::size_t k_read_back_block = std::size_t{1} << 20U;

std::string shown_path(const std::string& path) {
    return path == "-" ? "standard output" : harmless(path);
}

OutputError unopened(const std::string& path, std::string_view why) {
    return {
        .kind = OutputError::Kind::not_opened,
        .what = fmt::format("cannot open {}: {}", shown_path(path), why)
    };
}

} // namespace

std::expected<LineOutput, OutputError>
LineOutput::open(const std::string& path, Existing existing) {
    LineOutput output;
    output.path_ = path;
    if (path == "-") {
        output.file_ = STDOUT_FILENO;
        return output;
    }
    struct stat there{};
    const bool exists = stat(path.c_str(), &there) == 0;
    output.regular_ = !exists || S_ISREG(there.st_mode);
    if (exists && output.regular_ && existing == Existing::refused) {
        return std::unexpected(OutputError{
            .kind = OutputError::Kind::exists,
            .what = fmt::format(
                "{} exists; --resume goes on with it, --overwrite replaces it", shown_path(path)
            )
        });
    }
    // Not O_TRUNC: the file may belong to a run that still writes to it.
    const int how =
        output.regular_ ? O_RDWR | O_APPEND | O_CREAT | (exists ? 0 : O_EXCL) : O_WRONLY;
    output.owned_ = true;
    output.file_ = ::open(path.c_str(), how | O_CLOEXEC | O_NOCTTY, k_line_file_mode);
    if (output.file_ < 0) {
        return std::unexpected(unopened(path, std::strerror(errno)));
    }
    if (output.regular_ && flock(output.file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return std::unexpected(unopened(path, "another run writes to it"));
    }
    if (exists && output.regular_ && existing == Existing::replaced &&
        ftruncate(output.file_, 0) != 0) {
        return std::unexpected(unopened(path, std::strerror(errno)));
    }
    return output;
}

LineOutput::LineOutput(LineOutput&& other) noexcept
    : file_{std::exchange(other.file_, -1)}, owned_{std::exchange(other.owned_, false)},
      regular_{other.regular_}, path_{std::move(other.path_)} {}

LineOutput::~LineOutput() {
    if (owned_ && file_ >= 0) {
        close(file_);
    }
}

OutputError LineOutput::failed(int error) const {
    return {
        .kind = error == EPIPE ? OutputError::Kind::reader_gone : OutputError::Kind::not_written,
        .what = fmt::format("cannot write {}: {}", shown_path(path_), std::strerror(error))
    };
}

std::expected<void, std::string> LineOutput::read_back(const Feed& feed) {
    if (!regular_) {
        return {};
    }
    std::string block(k_read_back_block, '\0');
    off_t at = 0;
    for (;;) {
        const ssize_t count = pread(file_, block.data(), block.size(), at);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            const std::string why = count < 0 ? std::strerror(errno) : "";
            return why.empty() ? std::expected<void, std::string>{} : std::unexpected(why);
        }
        at += count;
        auto fed = feed({block.data(), static_cast<std::size_t>(count)});
        if (!fed) {
            return fed;
        }
    }
}

std::expected<void, OutputError> LineOutput::cut(std::uint64_t size) {
    if (regular_ && ftruncate(file_, static_cast<off_t>(size)) != 0) {
        return std::unexpected(failed(errno));
    }
    return {};
}

std::expected<void, OutputError> LineOutput::write(std::string_view line) {
    std::size_t written = 0;
    while (written < line.size()) {
        const ssize_t count = ::write(file_, line.data() + written, line.size() - written);
        if (count >= 0) {
            written += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            wait_until_writable(file_);
        } else if (errno != EINTR) {
            const int error = errno;
            struct stat now{};
            if (regular_ && written > 0 && fstat(file_, &now) == 0) { // the disk is full
                static_cast<void>(!ftruncate(file_, now.st_size - static_cast<off_t>(written)));
            }
            return std::unexpected(failed(error));
        }
    }
    return {};
}

std::expected<void, OutputError> LineOutput::finish() {
    if (!owned_) {
        return {};
    }
    if (const int error = close_synchronised(std::exchange(file_, -1)); error != 0) {
        return std::unexpected(failed(error));
    }
    return {};
}

} // namespace tlsdoctor::cli
