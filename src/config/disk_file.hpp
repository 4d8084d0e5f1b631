// SPDX-License-Identifier: Apache-2.0
// The system calls beneath the replacement of a file: an error is text, a descriptor closes itself.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <sys/stat.h>

#include "process/spawn.hpp"

namespace tlsdoctor::config {

/// A file that is open for reading, and what it was when it was opened.
struct OpenFile {
    process::Descriptor descriptor{};
    struct stat facts{};
    std::string bytes{};
};

/// Returns what the system calls the last error.
std::string last_error();

/// Opens and reads a regular file that is no symbolic link, of at most `k_most_file_bytes`.
std::expected<OpenFile, std::string> open_whole(const std::string& path);

/// Opens the folder of a path and locks it against other runs of ours.
std::expected<process::Descriptor, std::string> locked_folder_of(const std::string& path);

/// Writes all of it from the beginning, cuts what stood behind, and waits until the disk has it.
/// Space is reserved first: a full disk leaves the old bytes.
bool write_whole(int descriptor, std::string_view bytes);

/// Makes a new file in `folder` that nobody else can read yet, under a hidden name made of that of
/// `path`.
std::expected<process::Descriptor, std::string>
open_hidden(const std::string& folder, const std::string& path, std::string& name);

/// Removes what killed runs left beside `path`; the folder must be locked.
void remove_leftovers(const std::string& path);

/// Gives `to` the owner, mode and extended attributes (access control lists among them) of `from`;
/// false where something of it could not be given.
bool copy_attributes(const OpenFile& from, int to);

/// Renames, unless the new name is taken.
bool rename_to_free_name(const std::string& from, const std::string& to);

} // namespace tlsdoctor::config
