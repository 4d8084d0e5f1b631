// SPDX-License-Identifier: Apache-2.0
// Where configurations are read from: the machine's own file system, an archive or a dump in
// memory, or either of them with some files changed (to see what a fix would lead to). Readers know
// only this interface, so all of them work on all of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::config {

/// Why a file could not be read.
struct FileError {
    std::string path{};
    std::string what{}; ///< `No such file or directory`
};

/// What stands under a name.
enum class FileKind : std::uint8_t { none, file, folder, other };

/// No file of a configuration is longer: what is, is refused.
inline constexpr std::size_t k_most_file_bytes = 16 << 20;
/// No configuration has more files: readers stop there and say so.
inline constexpr std::size_t k_most_files = 5000;
/// Includes go no deeper.
inline constexpr std::size_t k_most_include_depth = 32;

/// A tree of files. Paths are absolute, with `/`; `.` and `..` in them are followed.
class Files {
public:
    Files() = default;
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;
    virtual ~Files() = default;

    /// Returns the bytes of a file of at most `k_most_file_bytes`. Never blocks on a pipe or
    /// device.
    virtual std::expected<std::string, FileError> read(const std::string& path) const = 0;
    /// Returns the names in a folder in byte order, without `.` and `..`.
    virtual std::expected<std::vector<std::string>, FileError> names_in(const std::string& folder
    ) const = 0;
    virtual FileKind kind_of(const std::string& path) const = 0;
    /// Returns the path with symbolic links resolved; the path itself where that cannot be done.
    virtual std::string real_path(const std::string& path) const = 0;
};

/// The machine's own files. With a `root`, a path that does not exist is looked for below it too:
/// a copy of `/etc/nginx` that was put elsewhere finds the files that it includes by full path.
class DiskFiles final : public Files {
public:
    explicit DiskFiles(std::string root = {}) : root_{std::move(root)} {}
    std::expected<std::string, FileError> read(const std::string& path) const override;
    std::expected<std::vector<std::string>, FileError> names_in(const std::string& folder
    ) const override;
    FileKind kind_of(const std::string& path) const override;
    std::string real_path(const std::string& path) const override;

private:
    std::string found(const std::string& path) const;

    std::string root_;
};

/// Files in memory, by absolute path.
class MemoryFiles final : public Files {
public:
    void add(std::string path, std::string bytes) { files_[std::move(path)] = std::move(bytes); }
    /// `path` is another name of `target` (absolute).
    void link(std::string path, std::string target) { links_[std::move(path)] = std::move(target); }
    std::expected<std::string, FileError> read(const std::string& path) const override;
    std::expected<std::vector<std::string>, FileError> names_in(const std::string& folder
    ) const override;
    FileKind kind_of(const std::string& path) const override;
    std::string real_path(const std::string& path) const override;

private:
    std::map<std::string, std::string> files_{};
    std::map<std::string, std::string> links_{};
};

/// Other files with some contents replaced or added. Borrows `beneath`.
class PatchedFiles final : public Files {
public:
    explicit PatchedFiles(const Files& beneath) : beneath_{beneath} {}
    /// `path` is a real path.
    void replace(std::string path, std::string bytes) {
        changed_[std::move(path)] = std::move(bytes);
    }
    std::expected<std::string, FileError> read(const std::string& path) const override;
    std::expected<std::vector<std::string>, FileError> names_in(const std::string& folder
    ) const override;
    FileKind kind_of(const std::string& path) const override;
    std::string real_path(const std::string& path) const override;

private:
    const Files& beneath_;
    std::map<std::string, std::string> changed_{};
};

/// Returns `path` as it is where it is absolute, else below `folder`; `.` and `..` resolved.
std::string joined_path(std::string_view folder, std::string_view path);
/// Returns the folder of a path, without the last `/`.
std::string folder_of(std::string_view path);

/// Tells whether a pattern has one of `*?[`.
bool is_pattern(std::string_view text);
/// Returns the files (and folders) that match an absolute path with `*`, `?`, `[...]` in any part,
/// in byte order, as glob(3) does; names that begin with a dot match only a literal dot. At most
/// `k_most_files`.
std::vector<std::string> matches_of(const Files& files, const std::string& pattern);

} // namespace tlsdoctor::config
