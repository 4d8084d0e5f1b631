// SPDX-License-Identifier: Apache-2.0
// Trees of files and patterns of names; see the header.
#include "config/files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_most_links = 40; // as Linux has it

FileError error_of(const std::string& path, int number) {
    return {.path = path, .what = std::strerror(number)};
}

FileKind kind_in(const struct stat& facts) {
    if (S_ISREG(facts.st_mode)) {
        return FileKind::file;
    }
    return S_ISDIR(facts.st_mode) ? FileKind::folder : FileKind::other;
}

/// Reads what is open; `file` stays open.
std::expected<std::string, FileError> read_all(int file, const std::string& path) {
    std::string bytes;
    std::array<char, 1 << 16> piece{};
    for (;;) {
        const ssize_t count = ::read(file, piece.data(), piece.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return std::unexpected{error_of(path, errno)};
        }
        if (count == 0) {
            return bytes;
        }
        bytes.append(piece.data(), static_cast<std::size_t>(count));
        if (bytes.size() > k_most_file_bytes) {
            return std::unexpected{FileError{path, "larger than 16 MiB: not a configuration"}};
        }
    }
}

} // namespace

std::string DiskFiles::found(const std::string& path) const {
    struct stat facts{};
    if (root_.empty() || ::stat(path.c_str(), &facts) == 0) {
        return path;
    }
    const std::string below = root_ + path;
    return ::stat(below.c_str(), &facts) == 0 ? below : path;
}

std::expected<std::string, FileError> DiskFiles::read(const std::string& path) const {
    const std::string name = found(path);
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) {
        return std::unexpected{error_of(path, errno)};
    }
    struct stat facts{};
    if (::fstat(file, &facts) != 0 || kind_in(facts) != FileKind::file) {
        ::close(file);
        return std::unexpected{FileError{path, "not a regular file"}};
    }
    auto bytes = read_all(file, path);
    ::close(file);
    return bytes;
}

std::expected<std::vector<std::string>, FileError> DiskFiles::names_in(const std::string& folder
) const {
    const std::unique_ptr<DIR, int (*)(DIR*)> open{::opendir(found(folder).c_str()), &::closedir};
    if (!open) {
        return std::unexpected{error_of(folder, errno)};
    }
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(open.get())) {
        const std::string name = entry->d_name;
        if (name != "." && name != ".." && names.size() < k_most_files) {
            names.push_back(name);
        }
    }
    std::ranges::sort(names);
    return names;
}

FileKind DiskFiles::kind_of(const std::string& path) const {
    struct stat facts{};
    return ::stat(found(path).c_str(), &facts) == 0 ? kind_in(facts) : FileKind::none;
}

std::string DiskFiles::real_path(const std::string& path) const {
    const std::unique_ptr<char, void (*)(void*)> real{
        ::realpath(found(path).c_str(), nullptr), &::free
    };
    return real ? std::string{real.get()} : path;
}

std::string MemoryFiles::real_path(const std::string& path) const {
    std::string at = joined_path("/", path);
    for (int hops = 0; hops < k_most_links; ++hops) {
        const auto link = std::ranges::find_if(links_, [&](const auto& one) {
            return at == one.first || at.starts_with(one.first + "/");
        });
        if (link == links_.end()) {
            break;
        }
        at = joined_path("/", link->second + at.substr(link->first.size()));
    }
    return at;
}

std::expected<std::string, FileError> MemoryFiles::read(const std::string& path) const {
    const auto file = files_.find(real_path(path));
    if (file == files_.end()) {
        return std::unexpected{error_of(path, kind_of(path) == FileKind::folder ? EISDIR : ENOENT)};
    }
    return file->second;
}

std::expected<std::vector<std::string>, FileError> MemoryFiles::names_in(const std::string& folder
) const {
    const std::string real = real_path(folder);
    const std::string prefix = real == "/" ? real : real + "/";
    std::set<std::string> names;
    const auto collect = [&](const auto& table) {
        for (auto at = table.lower_bound(prefix);
             at != table.end() && at->first.starts_with(prefix); ++at) {
            const std::string rest = at->first.substr(prefix.size());
            names.insert(rest.substr(0, rest.find('/')));
        }
    };
    collect(files_);
    collect(links_);
    if (names.empty()) {
        return std::unexpected{error_of(folder, ENOENT)};
    }
    return std::vector<std::string>(names.begin(), names.end());
}

FileKind MemoryFiles::kind_of(const std::string& path) const {
    const std::string real = real_path(path);
    if (files_.contains(real)) {
        return FileKind::file;
    }
    return names_in(real) ? FileKind::folder : FileKind::none;
}

std::string PatchedFiles::real_path(const std::string& path) const {
    return changed_.contains(path) ? path : beneath_.real_path(path);
}

std::expected<std::string, FileError> PatchedFiles::read(const std::string& path) const {
    const auto file = changed_.find(real_path(path));
    return file == changed_.end() ? beneath_.read(path)
                                  : std::expected<std::string, FileError>{file->second};
}

std::expected<std::vector<std::string>, FileError> PatchedFiles::names_in(const std::string& folder
) const {
    auto names = beneath_.names_in(folder);
    const std::string real = beneath_.real_path(folder);
    for (const auto& [path, bytes] : changed_) {
        const std::string name = path.substr(path.rfind('/') + 1);
        if (names && folder_of(path) == real && std::ranges::find(*names, name) == names->end()) {
            names->insert(std::ranges::lower_bound(*names, name), name);
        }
    }
    return names;
}

FileKind PatchedFiles::kind_of(const std::string& path) const {
    return changed_.contains(real_path(path)) ? FileKind::file : beneath_.kind_of(path);
}

std::string joined_path(std::string_view folder, std::string_view path) {
    const std::string whole =
        path.starts_with('/') ? std::string{path} : std::string{folder} + "/" + std::string{path};
    std::vector<std::string_view> parts;
    for (const std::string_view part : split(whole, '/')) {
        if (part.empty() || part == ".") {
            continue;
        }
        if (part != "..") {
            parts.push_back(part);
        } else if (!parts.empty()) {
            parts.pop_back();
        }
    }
    std::string result;
    for (const std::string_view part : parts) {
        result += "/";
        result += part;
    }
    return result.empty() ? "/" : result;
}

std::string folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == path.npos) {
        return ".";
    }
    return slash == 0 ? "/" : std::string{path.substr(0, slash)};
}

bool is_pattern(std::string_view text) {
    return text.find_first_of("*?[") != text.npos;
}

std::vector<std::string> matches_of(const Files& files, const std::string& pattern) {
    std::vector<std::string> found{""};
    for (const std::string_view part : split(std::string_view{pattern}.substr(1), '/')) {
        const std::string name{part};
        std::vector<std::string> next;
        for (const std::string& folder : found) {
            if (!is_pattern(name)) {
                next.push_back(folder + "/" + name);
                continue;
            }
            const auto names = files.names_in(folder.empty() ? "/" : folder);
            if (!names) {
                continue;
            }
            for (const std::string& one : *names) {
                if (next.size() < k_most_files &&
                    ::fnmatch(name.c_str(), one.c_str(), FNM_PERIOD) == 0) {
                    next.push_back(folder + "/" + one);
                }
            }
        }
        found = std::move(next);
    }
    std::erase_if(found, [&](const std::string& path) {
        return files.kind_of(path) == FileKind::none;
    });
    std::ranges::sort(found);
    return found;
}

} // namespace tlsdoctor::config
