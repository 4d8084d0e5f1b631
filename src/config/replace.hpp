// SPDX-License-Identifier: Apache-2.0
// Replaces a file so that whoever looks, and whatever fails, finds the old bytes or the new ones:
// a new file is made beside it, given the same owner, mode and attributes, and renamed over it. A
// backup is kept. Where a rename cannot do (other names of the file would keep the old bytes, or
// the file is a mount point) it is written in place, and the result says so.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace tlsdoctor::config {

/// One file to change.
struct Replacement {
    std::string path{};   ///< a symbolic link stays one: the file behind it is changed
    std::string before{}; ///< its bytes as they were read: a file that has others now is left alone
    std::string after{};
};

/// What was done.
struct Replaced {
    std::string path{};     ///< the real one
    std::string backup{};   ///< empty where none was wanted
    std::string in_place{}; ///< why it was written in place; empty: it was renamed
};

/// Why nothing was changed.
struct ReplaceError {
    std::string path{};
    std::string what{};
};

/// Tells whether the server would read a file of this name, as `include sites-enabled/*` does: no
/// backup goes there. Empty: never.
using WouldRead = std::function<bool(const std::string& path)>;

/// Whether the old bytes are kept beside the new ones.
struct Backup {
    bool wanted{true};
    WouldRead would_read{};
};

/// Replaces one file. On an error it is as it was, but for a file written in place whose disk
/// fails; the error then names the backup.
std::expected<Replaced, ReplaceError>
replace_file(const Replacement& replacement, const Backup& backup);

/// Puts the old bytes back, if nobody changed the file since, and takes the backup away. An error
/// leaves both.
std::expected<void, ReplaceError>
put_back(const Replacement& replacement, const Replaced& replaced);

/// Returns the names that a backup may have, the best first: `FILE.tlsdoctor.orig`, with a number
/// where `exists` says that it is taken, then hidden, then one folder up.
std::vector<std::string>
backup_names(const std::string& path, const std::function<bool(const std::string&)>& exists);

} // namespace tlsdoctor::config
