// SPDX-License-Identifier: Apache-2.0
// A list of targets as a stream: blocks of bytes go in, entries and problems come out, and the list
// is never in memory as a whole. Which of the formats it has it finds out itself.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fleet/entry.hpp"
#include "fleet/nmap_xml.hpp"

namespace tlsdoctor::fleet {

/// A longer line is no line of a list, and is a problem with its number.
inline constexpr std::size_t k_longest_line = std::size_t{64} * 1024;

/// Reads one list. Feed it, take until nothing is left, feed on; `finish` at the end.
class ListReader final {
public:
    /// Reads on. A byte order mark, CRLF and blank lines do not matter.
    void feed(std::string_view bytes);

    /// Says that no more bytes come; the last line needs no newline.
    void finish();

    /// Returns the next item, in the order of the list; nullopt until more is fed.
    std::optional<ListItem> take();

private:
    enum class Format : std::uint8_t { unknown, lines, xml, refused };

    void recognise(bool last);
    void read_lines(std::string_view bytes);
    void end_line(std::string_view line);
    void add(std::vector<ListItem> items);

    Format format_{};
    std::string begun_{};       ///< a line, or the beginning of the list, that is not complete
    bool too_long_{};           ///< the rest of this line is skipped
    std::size_t line_number_{}; ///< of the last complete line
    LineReader lines_{};
    std::unique_ptr<NmapXml> xml_{};
    std::deque<ListItem> items_{};
};

} // namespace tlsdoctor::fleet
