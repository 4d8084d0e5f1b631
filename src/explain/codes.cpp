// SPDX-License-Identifier: Apache-2.0
// Codes to reasons; the rows come from data/registry/openssl_reasons.tsv.
#include "explain/codes.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

struct Reason {
    std::uint16_t number{};
    std::string_view text{};
};

constexpr Reason k_reasons[] = {
#include "openssl_reasons.inc"
};

constexpr std::uint32_t k_ssl = 20;
constexpr std::uint32_t k_reason_bits = 0xfff;
constexpr std::size_t k_digits = 8;

/// Returns the code of eight hexadecimal digits at the beginning that end there.
std::optional<std::uint32_t> code_at(std::string_view text) {
    std::uint32_t code = 0;
    const char* const end = text.data() + std::min(text.size(), k_digits);
    const auto read = std::from_chars(text.data(), end, code, 16);
    return text.size() >= k_digits && read.ec == std::errc{} && read.ptr == end
               ? std::optional{code}
               : std::nullopt;
}

} // namespace

std::optional<std::string_view> openssl_reason(std::uint32_t code) {
    const bool old_form = code >> 24U == k_ssl; // 1.x: library, function, reason
    const bool new_form = code >> 23U == k_ssl; // 3.x: no function
    if (!old_form && !new_form) {
        return std::nullopt;
    }
    const auto row = std::ranges::lower_bound(k_reasons, code & k_reason_bits, {}, &Reason::number);
    return row != std::end(k_reasons) && row->number == (code & k_reason_bits)
               ? std::optional{row->text}
               : std::nullopt;
}

std::string spelled_codes(std::string_view line) {
    constexpr std::string_view starts[] = {"error:", "0x"};
    std::string result;
    std::string lowered;
    for (const std::string_view start : starts) {
        for (std::size_t at = line.find(start); at != std::string_view::npos;
             at = line.find(start, at + 1)) {
            const auto code = code_at(line.substr(at + start.size()));
            const auto reason = code ? openssl_reason(*code) : std::nullopt;
            lowered = reason && lowered.empty() ? lower(line) : lowered;
            if (reason && lowered.find(*reason) == std::string::npos) {
                result += (result.empty() ? "" : "; ") + std::string{"error:"} +
                          std::string{line.substr(at + start.size(), k_digits)} +
                          ":SSL routines::" + std::string{*reason};
            }
        }
    }
    return result;
}

} // namespace tlsdoctor::explain
