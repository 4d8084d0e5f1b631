// SPDX-License-Identifier: Apache-2.0
// Bytes of any origin to clean lines: what people paste carries colours, carriage returns, UTF-16
// from PowerShell, or is no text at all. Lines are bounded; nothing here fails.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tlsdoctor::explain {

/// Longer lines are cut here.
inline constexpr std::size_t k_longest_line = 16'384;

/// Cuts a stream of bytes into lines.
class LineCutter final {
public:
    /// Gets each line without its end, cleaned; the view is good during the call alone.
    using Sink = std::function<void(std::string_view)>;

    explicit LineCutter(Sink sink) : sink_{std::move(sink)} {}

    /// Takes the next bytes, cut anywhere.
    void feed(std::string_view bytes);

    /// Ends the last line.
    void finish();

private:
    enum class Encoding : std::uint8_t { unknown, bytes, utf16_le, utf16_be };

    void begin(std::string_view bytes);
    void take(std::string_view bytes);
    void take_utf16(std::string_view bytes);
    void end_line();

    Sink sink_;
    Encoding encoding_{Encoding::unknown};
    std::string head_{};    ///< the first bytes, until the encoding is known
    std::string line_{};    ///< as it came, bounded
    std::string clean_{};   ///< kept for its memory
    std::string decoded_{}; ///< likewise
    std::string odd_{};     ///< half a unit of UTF-16
    std::uint32_t high_{};  ///< a surrogate that waits for the other
};

/// Writes `line` without escape sequences and control characters into `clean`; a carriage return in
/// the middle begins the line anew, as on a terminal. Lines of JSON lose the escapes of strings.
void clean_line(std::string_view line, std::string& clean);

} // namespace tlsdoctor::explain
