// SPDX-License-Identifier: Apache-2.0
// What the readers of archives share: a place for their files that keeps the bounds.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "config/archive.hpp"

namespace tlsdoctor::config {

using ArchiveResult = std::expected<void, std::string>;

/// Takes what an archive holds. Each function's error ends the reading.
class Unpacked final {
public:
    explicit Unpacked(MemoryFiles& files) : files_{files} {}
    ArchiveResult add_file(std::string_view name, std::string bytes);
    /// A symbolic link; a relative target begins at the link's folder.
    ArchiveResult add_link(std::string_view name, std::string_view target);
    /// A hard link: another name of a file of the archive.
    ArchiveResult add_twin(std::string_view name, std::string_view target);
    std::size_t count() const { return count_; }

private:
    std::expected<std::string, std::string> path_of(std::string_view name);

    MemoryFiles& files_;
    std::size_t count_{};
    std::size_t bytes_{};
};

/// Reads tar.
ArchiveResult read_tar(std::string_view bytes, Unpacked& unpacked);
/// Reads zip.
ArchiveResult read_zip(std::string_view bytes, Unpacked& unpacked);

/// Inflates at most `most` bytes; `window` as zlib has it: 47 for gzip, -15 for raw data.
std::expected<std::string, std::string>
inflated(std::string_view bytes, int window, std::size_t most);

} // namespace tlsdoctor::config
