// SPDX-License-Identifier: Apache-2.0
// What the lines of a list say, before anybody decides what a target is: words, blocks of
// addresses, rows of other scanners.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evidence/visit.hpp"
#include "fleet/ip.hpp"

namespace tlsdoctor::fleet {

/// One target or block of a list.
struct Entry {
    std::string word{};                  ///< `host`, `host:port`, a URL ...; empty for a block
    std::optional<Block> block{};        ///< every address of it is a target
    std::optional<std::uint16_t> port{}; ///< that stands apart from the word
    std::string name{};                  ///< to send to an address as server_name; empty: none
    std::string input{};                 ///< as it stands in the list
    std::size_t line{};                  ///< from 1
};

/// What cannot be read.
struct ListProblem {
    std::size_t line{};   ///< from 1; 0 where it is about the whole list
    std::size_t column{}; ///< of the first character that is wrong, from 1; 0: unknown
    std::string what{};
};

using ListItem = std::variant<Entry, ListProblem>;

/// A word of a list with what stood beside it; all borrow.
struct Word {
    std::string_view text{};
    std::optional<std::uint16_t> port{}; ///< where the text itself names none
    std::string_view name{};             ///< to send as server_name; empty: none
    std::string_view input{};            ///< what results show; empty: the text
};

/// Why a word is no target.
struct WordError {
    std::string what{};
    std::size_t column{}; ///< from 1; 0: unknown
};

/// Reads one word; the command line's rules about targets live there (cli/target).
using WordReader = std::function<std::expected<evidence::Target, WordError>(const Word&)>;

/// Reads a line of a list of lines: a target or a block, zgrab2's `ip,name,tag,port`, nmap's
/// grepable output. Comments and blank lines have no items.
class LineReader {
public:
    /// Reads a line without its newline.
    std::vector<ListItem> read(std::string_view line, std::size_t number);

private:
    void note_comment(std::string_view line);
    bool was_typed(std::string_view name) const;
    std::vector<ListItem> read_grepable(std::string_view line, std::size_t number) const;

    /// nmap's command line, as its output quotes it: a name that was typed there is asked for, one
    /// that came from the reverse DNS is not.
    std::vector<std::string> typed_{};
    bool no_reverse_dns_{};
};

/// Reads `443,8443,9000-9010`: ports and ranges, in their order, without duplicates.
std::expected<std::vector<std::uint16_t>, std::string> read_ports(std::string_view text);

} // namespace tlsdoctor::fleet
