// SPDX-License-Identifier: Apache-2.0
// Writing by the system's own calls: stdio would report a full disk only when it is too late.
#include "cli/output.hpp"

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/descriptor.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr mode_t k_new_file_mode = 0666; // less the umask
constexpr mode_t k_permission_bits = 07777;

std::string words_of(int error) {
    return std::strerror(error);
}

std::string shown(const std::string& path) {
    return path == "-" ? "standard output" : harmless(path);
}

OutputError not_opened(const std::string& path, int error) {
    return {
        .kind = OutputError::Kind::not_opened,
        .what = fmt::format("cannot open {}: {}", shown(path), words_of(error))
    };
}

/// The file behind symbolic links, so that the link stays and its target is replaced.
std::string resolved(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real{
        realpath(path.c_str(), nullptr), &std::free
    };
    return real ? std::string{real.get()} : path;
}

/// Gives the temporary file its name. Where no file may be replaced, one that appeared since `open`
/// is not replaced either.
int rename_into_place(const std::string& from, const std::string& to, bool replaces) {
    if (!replaces) {
        if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
            return 0;
        }
        if (errno != EINVAL && errno != ENOSYS) { // file systems without the flag
            return errno;
        }
    }
    return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

} // namespace

std::expected<Output, OutputError> Output::open(const std::string& path, bool overwrite) {
    Output output;
    output.path_ = path;
    if (path == "-") {
        output.file_ = STDOUT_FILENO;
        return output;
    }
    struct stat there{};
    const bool exists = stat(path.c_str(), &there) == 0;
    output.owned_ = true;
    if (exists && !S_ISREG(there.st_mode)) {
        output.file_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (output.file_ < 0) {
            return std::unexpected{not_opened(path, errno)};
        }
        return output;
    }
    if (exists && !overwrite) {
        return std::unexpected{OutputError{
            .kind = OutputError::Kind::exists,
            .what = fmt::format("{} exists; --overwrite replaces it", shown(path))
        }};
    }
    output.replaces_ = exists;
    output.final_ = resolved(path);
    std::string temporary = fmt::format("{}.{}.tmp", output.final_, getpid());
    output.file_ = ::open(
        temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, k_new_file_mode
    );
    if (output.file_ < 0) {
        return std::unexpected{not_opened(path, errno)};
    }
    output.temporary_ = std::move(temporary);
    if (exists && fchmod(output.file_, there.st_mode & k_permission_bits) != 0) {
        return std::unexpected{not_opened(path, errno)};
    }
    return output;
}

Output::Output(Output&& other) noexcept
    : file_{std::exchange(other.file_, -1)}, owned_{std::exchange(other.owned_, false)},
      path_{std::move(other.path_)}, final_{std::move(other.final_)},
      temporary_{std::exchange(other.temporary_, {})}, replaces_{other.replaces_} {}

Output::~Output() {
    if (owned_ && file_ >= 0) {
        close(file_);
    }
    if (!temporary_.empty()) {
        unlink(temporary_.c_str());
    }
}

OutputError Output::failed(int error) const {
    const bool gone = error == EPIPE;
    return {
        .kind = gone ? OutputError::Kind::reader_gone : OutputError::Kind::not_written,
        .what = fmt::format("cannot write {}: {}", shown(path_), words_of(error))
    };
}

std::expected<void, OutputError> Output::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file_, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            wait_until_writable(file_);
        } else if (errno != EINTR) {
            return std::unexpected{failed(errno)};
        }
    }
    return {};
}

std::expected<void, OutputError> Output::finish() {
    if (!owned_) {
        return {};
    }
    if (const int error = close_synchronised(std::exchange(file_, -1)); error != 0) {
        return std::unexpected{failed(error)};
    }
    if (temporary_.empty()) {
        return {};
    }
    const int error = rename_into_place(temporary_, final_, replaces_);
    if (error != 0) {
        return std::unexpected{failed(error)};
    }
    temporary_.clear();
    return {};
}

std::expected<void, OutputError>
finish(std::initializer_list<std::reference_wrapper<std::optional<Output>>> outputs) {
    for (std::optional<Output>& output : outputs) {
        if (output) {
            auto finished = output->finish();
            if (!finished) {
                return finished;
            }
        }
    }
    return {};
}

void secure_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
            // The lowest free number is this stream's. Input for writing and the other way round:
            // using it stays an error that is reported.
            static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
        }
    }
    std::signal(SIGPIPE, SIG_IGN);
}

std::expected<std::string, std::string> read_whole(const std::string& path) {
    const bool standard = path == "-";
    const int file = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const std::string name = standard ? "standard input" : harmless(path);
    if (file < 0) {
        return std::unexpected{fmt::format("cannot open {}: {}", name, words_of(errno))};
    }
    std::string text;
    std::string block(64 * 1024, '\0');
    ssize_t got = 0;
    int error = 0;
    while ((got = ::read(file, block.data(), block.size())) != 0 && error == 0) {
        if (got > 0) {
            text.append(block, 0, static_cast<std::size_t>(got));
        } else if (errno != EINTR) {
            error = errno;
        }
    }
    if (!standard) {
        close(file);
    }
    if (error != 0) {
        return std::unexpected{fmt::format("cannot read {}: {}", name, words_of(error))};
    }
    return text;
}

} // namespace tlsdoctor::cli
