// SPDX-License-Identifier: Apache-2.0
// Between fork and exec only async-signal-safe calls are allowed, since other threads may have held
// locks: everything that needs memory is prepared before.
#include "process/spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tlsdoctor::process {

namespace {

constexpr unsigned k_close_on_exec = 4; // CLOSE_RANGE_CLOEXEC, <linux/close_range.h>

/// What the child says where it does not come as far as the program.
struct Complaint {
    bool folder{}; ///< it was the working directory
    int code{};
};

struct Pipe {
    Descriptor read{};
    Descriptor write{};
};

std::string why(int code) {
    return std::error_code(code, std::generic_category()).message();
}

std::expected<Pipe, std::string> open_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::unexpected("cannot make a pipe: " + why(errno));
    }
    return Pipe{.read = Descriptor(ends[0]), .write = Descriptor(ends[1])};
}

/// Opens what the child reads: a file in memory, so that nobody has to feed it.
Descriptor open_input(const std::string& input) {
    if (input.empty()) {
        return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    Descriptor file(memfd_create("input", MFD_CLOEXEC));
    std::size_t written = 0;
    while (written < input.size()) {
        const ssize_t more = write(file.get(), input.data() + written, input.size() - written);
        if (more <= 0) {
            return Descriptor();
        }
        written += static_cast<std::size_t>(more);
    }
    lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::vector<std::string> environment_for(const Command& command) {
    const auto dropped = [&](std::string_view name) {
        return std::ranges::find(command.unset, name) != command.unset.end() ||
               std::ranges::any_of(command.set, [&](const auto& row) { return row.first == name; });
    };
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (!dropped(text.substr(0, text.find('=')))) {
            all.emplace_back(text);
        }
    }
    for (const auto& [name, value] : command.set) {
        all.push_back(fmt::format("{}={}", name, value));
    }
    return all;
}

/// Returns what exec takes; borrows from `words`.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

/// Everything that the child needs, made before the fork.
struct Prepared {
    std::vector<char*> argv;
    std::vector<char*> environment;
    const char* path;
    const char* folder;
    int input;
    int output;
    int complaints;
};

void forget_signals() {
    for (int number = 1; number < NSIG; ++number) {
        static_cast<void>(std::signal(number, SIG_DFL));
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// The child's part; it ends in the program or in `_exit`.
[[noreturn]] void become(const Prepared& prepared) {
    setpgid(0, 0);
    forget_signals();
    dup2(prepared.input, STDIN_FILENO);
    dup2(prepared.output, STDOUT_FILENO);
    dup2(prepared.output, STDERR_FILENO);
    // Sockets of Asio are inherited otherwise; older kernels have no such call, and no harm is
    // done.
    syscall(SYS_close_range, 3U, ~0U, k_close_on_exec);
    Complaint complaint{.folder = *prepared.folder != 0};
    if (!complaint.folder || chdir(prepared.folder) == 0) {
        complaint.folder = false;
        execve(prepared.path, prepared.argv.data(), prepared.environment.data());
    }
    complaint.code = errno;
    static_cast<void>(!write(prepared.complaints, &complaint, sizeof complaint));
    _exit(127);
}

/// Waits until the child runs its program; returns why it does not, empty if it does.
std::string complaint_in(int descriptor, const Command& command) {
    Complaint complaint;
    ssize_t size = 0;
    do {
        size = read(descriptor, &complaint, sizeof complaint);
    } while (size < 0 && errno == EINTR);
    if (size != sizeof complaint) {
        return {};
    }
    return complaint.folder
               ? fmt::format("cannot enter '{}': {}", command.folder, why(complaint.code))
               : fmt::format("cannot run '{}': {}", command.argv.front(), why(complaint.code));
}

} // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

void Descriptor::reset() {
    if (number_ >= 0) {
        close(std::exchange(number_, -1));
    }
}

std::expected<Child, std::string> spawn(const Command& command) {
    if (command.argv.empty()) {
        return std::unexpected("there is no command to run");
    }
    const std::string path = path_of(command.argv.front());
    if (path.empty()) {
        return std::unexpected(fmt::format("cannot run '{}': {}", command.argv.front(), why(ENOENT))
        );
    }
    auto output = open_pipe();
    auto complaints = open_pipe();
    const Descriptor input = open_input(command.input);
    if (!output || !complaints || input.get() < 0) {
        return std::unexpected("no descriptor is left");
    }
    std::vector<std::string> words = command.argv;
    std::vector<std::string> environment = environment_for(command);
    const Prepared prepared{
        .argv = pointers_to(words),
        .environment = pointers_to(environment),
        .path = path.c_str(),
        .folder = command.folder.c_str(),
        .input = input.get(),
        .output = output->write.get(),
        .complaints = complaints->write.get(),
    };
    const pid_t pid = fork();
    if (pid == 0) {
        become(prepared);
    }
    if (pid < 0) {
        return std::unexpected("cannot start a process: " + why(errno));
    }
    setpgid(pid, pid); // whoever comes first, we or the child
    output->write.reset();
    complaints->write.reset();
    if (auto complaint = complaint_in(complaints->read.get(), command); !complaint.empty()) {
        waitpid(pid, nullptr, 0);
        return std::unexpected(std::move(complaint));
    }
    fcntl(output->read.get(), F_SETFL, O_NONBLOCK);
    return Child{
        .pid = pid,
        .output = std::move(output->read),
        .end = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0U))),
    };
}

std::string path_of(const std::string& program) {
    if (program.contains('/')) {
        return access(program.c_str(), X_OK) == 0 ? program : std::string{};
    }
    const char* const searched = std::getenv("PATH");
    std::string_view rest = searched == nullptr ? "/usr/local/bin:/usr/bin:/bin" : searched;
    while (!program.empty() && !rest.empty()) {
        const std::string_view folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
        std::string path = fmt::format("{}/{}", folder.empty() ? "." : folder, program);
        struct stat about{};
        if (stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) &&
            access(path.c_str(), X_OK) == 0) {
            return path;
        }
    }
    return {};
}

} // namespace tlsdoctor::process
