// SPDX-License-Identifier: Apache-2.0
// Reading, writing and naming files on the disk; see the header.
#include "config/disk_file.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <vector>

#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "config/files.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_hidden_mark = ".tlsdoctor-";
constexpr std::size_t k_most_names = 255; ///< bytes of a file's name, on every usual file system
constexpr std::size_t k_random_part = 6;  ///< mkstemp's

std::string name_of_path(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

/// Returns `.NAME.tlsdoctor-`, short enough for what mkstemp adds.
std::string hidden_start(const std::string& path) {
    const std::string name = name_of_path(path);
    return "." + name.substr(0, k_most_names - k_hidden_mark.size() - k_random_part - 1) +
           std::string{k_hidden_mark};
}

std::expected<std::string, std::string> bytes_in(int descriptor) {
    std::string bytes;
    std::array<char, 1 << 16> piece{};
    for (;;) {
        const ssize_t size = read(descriptor, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size < 0) {
            return std::unexpected{last_error()};
        }
        if (size == 0) {
            return bytes;
        }
        bytes.append(piece.data(), static_cast<std::size_t>(size));
        if (bytes.size() > k_most_file_bytes) {
            return std::unexpected{std::string{"it is larger than 16 MiB"}};
        }
    }
}

/// Copies the extended attributes; a file system that has none has nothing to copy.
bool copy_extended(int from, int to) {
    const ssize_t size = flistxattr(from, nullptr, 0);
    if (size <= 0) {
        return size == 0 || errno == ENOTSUP;
    }
    std::vector<char> names(static_cast<std::size_t>(size));
    const ssize_t listed = flistxattr(from, names.data(), names.size());
    std::vector<char> value(1 << 16); // the kernel's bound
    bool all = listed >= 0;
    for (std::size_t at = 0; at < static_cast<std::size_t>(listed < 0 ? 0 : listed);) {
        const char* const name = names.data() + at;
        const ssize_t length = fgetxattr(from, name, value.data(), value.size());
        all = length >= 0 &&
              fsetxattr(to, name, value.data(), static_cast<std::size_t>(length), 0) == 0 && all;
        at += std::string_view{name}.size() + 1;
    }
    return all;
}

} // namespace

std::string last_error() {
    return std::error_code(errno, std::generic_category()).message();
}

std::expected<OpenFile, std::string> open_whole(const std::string& path) {
    OpenFile file{
        .descriptor = process::Descriptor(
            open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY)
        )
    };
    if (file.descriptor.get() < 0 || fstat(file.descriptor.get(), &file.facts) != 0) {
        return std::unexpected{last_error()};
    }
    if (!S_ISREG(file.facts.st_mode)) {
        return std::unexpected{std::string{"it is not a regular file"}};
    }
    auto bytes = bytes_in(file.descriptor.get());
    if (!bytes) {
        return std::unexpected{std::move(bytes.error())};
    }
    file.bytes = *std::move(bytes);
    return file;
}

std::expected<process::Descriptor, std::string> locked_folder_of(const std::string& path) {
    const std::string name = folder_of(path);
    process::Descriptor folder(
        open(name.empty() ? "/" : name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    );
    if (folder.get() < 0) {
        return std::unexpected{last_error()};
    }
    if (flock(folder.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return std::unexpected{std::string{"another tlsdoctor is changing files in its folder"}};
    }
    return folder;
}

bool write_whole(int descriptor, std::string_view bytes) {
    const auto size = static_cast<off_t>(bytes.size());
    if (size > 0) {
        const int code = posix_fallocate(descriptor, 0, size);
        if (code == ENOSPC || code == EFBIG || code == EDQUOT) {
            errno = code;
            return false;
        }
    }
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t more = pwrite(
            descriptor, bytes.data() + written, bytes.size() - written, static_cast<off_t>(written)
        );
        if (more < 0 && errno == EINTR) {
            continue;
        }
        if (more <= 0) {
            return false;
        }
        written += static_cast<std::size_t>(more);
    }
    return ftruncate(descriptor, size) == 0 && fsync(descriptor) == 0;
}

std::expected<process::Descriptor, std::string>
open_hidden(const std::string& folder, const std::string& path, std::string& name) {
    name = folder + "/" + hidden_start(path) + std::string(k_random_part, 'X');
    process::Descriptor file(mkostemp(name.data(), O_CLOEXEC));
    if (file.get() < 0) {
        return std::unexpected{last_error()};
    }
    return file;
}

void remove_leftovers(const std::string& path) {
    const std::string folder = folder_of(path) + "/";
    const std::string start = hidden_start(path);
    const std::unique_ptr<DIR, int (*)(DIR*)> open{opendir(folder.c_str()), &closedir};
    while (const dirent* entry = open ? readdir(open.get()) : nullptr) {
        const std::string name = entry->d_name;
        if (name.starts_with(start) && name.size() == start.size() + k_random_part) {
            unlink((folder + name).c_str());
        }
    }
}

bool copy_attributes(const OpenFile& from, int to) {
    // The owner first: changing it takes set-user-id bits away. Access lists come before the mode,
    // whose group bits are their mask.
    const bool owned = fchown(to, from.facts.st_uid, from.facts.st_gid) == 0;
    const bool extended = copy_extended(from.descriptor.get(), to);
    return fchmod(to, from.facts.st_mode & 07777) == 0 && owned && extended;
}

bool rename_to_free_name(const std::string& from, const std::string& to) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return false;
    }
    return link(from.c_str(), to.c_str()) == 0 && unlink(from.c_str()) == 0;
}

} // namespace tlsdoctor::config
