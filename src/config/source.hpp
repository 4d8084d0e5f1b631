// SPDX-License-Identifier: Apache-2.0
// The files of a configuration, byte for byte as they were read, and places in them. Every value
// that the doctor talks about keeps its place, so that it can be shown, and edited, where it
// stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::config {

/// The number of a file among the sources of one reading.
enum class FileId : std::uint32_t {};

/// A range of bytes of one file, `end` not in it.
struct Place {
    FileId file{};
    std::size_t begin{};
    std::size_t end{};

    bool operator==(const Place&) const = default;
};

/// A file as it was read.
struct SourceFile {
    std::string path{}; ///< the real one, symbolic links resolved: what an edit must change
    std::string bytes{};
    std::vector<std::size_t> line_starts{}; ///< offsets, the first is 0
};

/// Owns the files of one reading. Files are never taken away, so references stay good.
class Sources final {
public:
    /// Adds a file; the same path twice gives the first one's number.
    FileId add(std::string path, std::string bytes);

    const SourceFile& at(FileId file) const;
    std::size_t size() const { return files_.size(); }

    /// Returns the line on which the place begins, from 1.
    std::size_t line_of(Place place) const;
    /// Returns the bytes of a place. Borrows.
    std::string_view text(Place place) const;
    /// Returns the whole line on which the place begins, without its end (`\n`, `\r\n`).
    Place line(Place place) const;
    /// Returns that line without blanks around it, cut to 200 bytes, control characters harmless.
    std::string shown_line(Place place) const;
    /// Returns the blanks with which that line begins.
    std::string_view indentation(Place place) const;
    /// Returns `path:line`.
    std::string where(Place place) const;

private:
    std::deque<SourceFile> files_{};
};

/// Something that a reader has to say about a place.
struct Remark {
    Place place{};
    std::string what{}; ///< one sentence without the place
};

} // namespace tlsdoctor::config
