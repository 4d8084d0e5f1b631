// SPDX-License-Identifier: Apache-2.0
// What an earlier run finished, read back from its output: which targets need no visit, and where
// the output has to be cut because its last line is torn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "evidence/result.hpp"
#include "evidence/visit.hpp"
#include "fleet/lane.hpp"
#include "fleet/seen.hpp"

namespace tlsdoctor::fleet {

/// A line longer than this was not written by us.
inline constexpr std::size_t k_longest_result = std::size_t{16} * 1024 * 1024;

/// Reads the lines of an output, block by block.
class Finished final {
public:
    /// `key`: random, for the hashes.
    explicit Finished(std::uint64_t key) : targets_{key} {}

    /// Reads on. The error says which line is no result of a scan: then this is not its output.
    std::expected<void, std::string> feed(std::string_view bytes);

    /// Returns how many bytes are complete lines; what follows them is torn.
    std::uint64_t complete_bytes() const { return complete_; }

    /// Returns how many lines there are.
    std::size_t lines() const { return lines_; }

    /// Tells whether a target is among them.
    bool contains(const evidence::Target& target) const;

    /// Called for each line; may be empty.
    std::function<void(const evidence::Result&, std::string_view line)> on_result{};

private:
    std::expected<void, std::string> read_line(std::string_view line);

    Fingerprints targets_;
    std::string begun_{};
    std::uint64_t complete_{};
    std::size_t lines_{};
};

/// Returns the gist of a result as far as the summary needs it; without an exit code.
Gist gist_of(const evidence::Result& result);

} // namespace tlsdoctor::fleet
