// SPDX-License-Identifier: Apache-2.0
// The order of the steps is what makes it safe: the backup is complete before the new file gets its
// name, and the new file is complete, and on the disk, before that too.
#include "config/replace.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include <cstdio>
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "config/disk_file.hpp"
#include "config/files.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_most_backups = 1000;
/// With these a rename cannot work where writing may: a mount point, a folder in which only the
/// owner may rename.
constexpr std::array k_not_renamed = {EXDEV, EBUSY, EPERM, EACCES};

using Failed = std::unexpected<ReplaceError>;

Failed failed(const std::string& path, std::string what) {
    return Failed{ReplaceError{.path = path, .what = std::move(what)}};
}

std::string resolved(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real{realpath(path.c_str(), nullptr), &std::free};
    return real ? std::string{real.get()} : std::string{};
}

bool is_there(const std::string& path) {
    struct stat facts{};
    return lstat(path.c_str(), &facts) == 0;
}

/// Tells whether the name still leads to the file that was read, and nobody wrote to it since.
bool is_still(const std::string& path, const struct stat& then) {
    struct stat now{};
    return lstat(path.c_str(), &now) == 0 && now.st_ino == then.st_ino &&
           now.st_dev == then.st_dev && now.st_size == then.st_size &&
           now.st_mtim.tv_sec == then.st_mtim.tv_sec && now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
}

/// A file that is removed unless it is kept.
class Draft final {
public:
    explicit Draft(std::string name) : name_(std::move(name)) {}
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    ~Draft() {
        if (!name_.empty()) {
            unlink(name_.c_str());
        }
    }

    void keep() { name_.clear(); }

private:
    std::string name_;
};

/// Writes the file's bytes beside it, everything else alike, its times too. Returns the name.
std::expected<std::string, std::string>
write_backup(const OpenFile& file, const std::string& path, const Backup& wishes) {
    std::string target;
    for (const std::string& name : backup_names(path, is_there)) {
        if (!wishes.would_read || !wishes.would_read(name)) {
            target = name;
            break;
        }
    }
    if (target.empty()) {
        return std::unexpected{
            std::string{"no backup can be kept: the server would read it wherever it stands"}
        };
    }
    std::string hidden;
    const auto copy = open_hidden(folder_of(target), path, hidden);
    if (!copy) {
        return std::unexpected{"no backup can be made: " + copy.error()};
    }
    Draft draft{hidden};
    if (!write_whole(copy->get(), file.bytes)) {
        return std::unexpected{"no backup can be made: " + last_error()};
    }
    copy_attributes(file, copy->get()); // as far as it can be: it is private until then
    const std::array times = {file.facts.st_atim, file.facts.st_mtim};
    futimens(copy->get(), times.data());
    if (!rename_to_free_name(hidden, target)) {
        return std::unexpected{"no backup can be made: " + last_error()};
    }
    draft.keep();
    return target;
}

/// Writes into the file itself; on an error the old bytes are written again.
std::expected<void, std::string>
write_in_place(const std::string& path, const OpenFile& old, const std::string& bytes) {
    const process::Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) {
        return std::unexpected{last_error()};
    }
    if (write_whole(file.get(), bytes)) {
        return {};
    }
    std::string why = last_error();
    if (!write_whole(file.get(), old.bytes)) {
        why += "; writing the old bytes again failed too: use the backup";
    }
    return std::unexpected{std::move(why)};
}

/// Tries the rename. Returns why the file must be written in place instead, empty where it was
/// renamed.
std::expected<std::string, std::string>
rename_over(const std::string& path, const OpenFile& old, const std::string& bytes) {
    if (old.facts.st_nlink > 1) {
        return fmt::format(
            "it has {} names (hard links), and the others would have kept the old bytes",
            old.facts.st_nlink
        );
    }
    std::string hidden;
    const auto fresh = open_hidden(folder_of(path), path, hidden);
    if (!fresh) {
        return std::unexpected{"no file can be made beside it: " + fresh.error()};
    }
    Draft draft{hidden};
    if (!write_whole(fresh->get(), bytes)) {
        return std::unexpected{last_error()};
    }
    if (!copy_attributes(old, fresh->get()) || fsync(fresh->get()) != 0) {
        return std::string{"a new file cannot be given its owner and attributes"};
    }
    if (!is_still(path, old.facts)) {
        return std::unexpected{std::string{"it has changed since it was read"}};
    }
    if (rename(hidden.c_str(), path.c_str()) == 0) {
        draft.keep();
        return std::string{};
    }
    const int code = errno;
    for (const int known : k_not_renamed) {
        if (code == known) {
            return "it cannot be renamed over: " + last_error();
        }
    }
    return std::unexpected{last_error()};
}

} // namespace

std::vector<std::string>
backup_names(const std::string& path, const std::function<bool(const std::string&)>& exists) {
    const std::string folder = folder_of(path);
    const std::string name = path.substr(folder.size() + 1) + ".tlsdoctor.orig";
    std::vector<std::string> names;
    for (const std::string& start :
         {folder + "/" + name, folder + "/." + name, folder_of(folder) + "/" + name}) {
        std::string free = start;
        for (int number = 1; exists(free) && number < k_most_backups; ++number) {
            free = fmt::format("{}.{}", start, number);
        }
        names.push_back(free);
    }
    return names;
}

std::expected<Replaced, ReplaceError>
replace_file(const Replacement& replacement, const Backup& backup) {
    Replaced replaced{.path = resolved(replacement.path)};
    const std::string& path = replaced.path;
    if (path.empty()) {
        return failed(replacement.path, last_error());
    }
    const auto folder = locked_folder_of(path);
    if (!folder) {
        return failed(path, folder.error());
    }
    const auto old = open_whole(path);
    if (!old) {
        return failed(path, old.error());
    }
    if (old->bytes != replacement.before) {
        return failed(path, "it has changed since it was read");
    }
    remove_leftovers(path);
    if (backup.wanted) {
        auto name = write_backup(*old, path, backup);
        if (!name) {
            return failed(path, std::move(name.error()));
        }
        replaced.backup = *std::move(name);
    }
    auto in_place = rename_over(path, *old, replacement.after);
    std::expected<void, std::string> written;
    if (in_place && !in_place->empty()) {
        written = write_in_place(path, *old, replacement.after);
        replaced.in_place = *in_place;
    }
    if (!in_place || !written) {
        std::string why = in_place ? std::move(written.error()) : std::move(in_place.error());
        if (!replaced.backup.empty() && !why.contains("use the backup")) {
            unlink(replaced.backup.c_str());
        }
        return failed(path, std::move(why));
    }
    fsync(folder->get());
    return replaced;
}

std::expected<void, ReplaceError>
put_back(const Replacement& replacement, const Replaced& replaced) {
    const bool beside = folder_of(replaced.backup) == folder_of(replaced.path);
    if (replaced.backup.empty() || !replaced.in_place.empty() || !beside) {
        const Replacement reverse{
            .path = replaced.path, .before = replacement.after, .after = replacement.before
        };
        if (auto undone = replace_file(reverse, {.wanted = false}); !undone) {
            return Failed{std::move(undone.error())};
        }
        unlink(replaced.backup.c_str());
        return {};
    }
    // The backup itself comes back, times and all: that needs no room on a disk that may be full.
    const auto folder = locked_folder_of(replaced.path);
    const auto now = open_whole(replaced.path);
    if (!folder || !now) {
        return failed(replaced.path, folder ? now.error() : folder.error());
    }
    if (now->bytes != replacement.after) {
        return failed(
            replaced.path, "somebody changed it meanwhile; the old one is " + replaced.backup
        );
    }
    if (rename(replaced.backup.c_str(), replaced.path.c_str()) != 0) {
        return failed(replaced.path, last_error());
    }
    fsync(folder->get());
    return {};
}

} // namespace tlsdoctor::config
