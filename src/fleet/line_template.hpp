// SPDX-License-Identifier: Apache-2.0
// A finished line with slots for what differs between targets of equal evidence. It is made of two
// lines that the ordinary code wrote for two invented targets: where both say the same is literal,
// where each says its own is a slot, and where anything else differs there is no template.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::fleet {

/// What a line repeats of its target.
enum class Slot : std::uint8_t { host, sni, input, address, started, elapsed, port };

/// The texts of one target, by slot. An empty one does not occur.
using SlotTexts = std::array<std::string_view, 7>;

/// Returns the text of a slot.
inline std::string_view& at(SlotTexts& texts, Slot slot) {
    return texts.at(static_cast<std::size_t>(slot)); // NOLINT: an enumerator
}

/// A line in pieces.
class LineTemplate final {
public:
    /// Compares two lines of invented targets; the texts must be found nowhere else.
    static std::optional<LineTemplate>
    of(std::string_view first, const SlotTexts& its, std::string_view second,
       const SlotTexts& others);

    /// Returns the line of another target. Where two slots had one text, they must again.
    std::string filled(const SlotTexts& texts) const;

    /// Returns about how many bytes it occupies.
    std::size_t size() const { return literals_.size() + parts_.size() * sizeof(Part); }

private:
    struct Part {
        std::uint32_t literal{}; ///< how many literal bytes go before the slot
        std::uint8_t slot{};
        bool operator==(const Part&) const = default;
    };

    static LineTemplate split(std::string_view line, const SlotTexts& texts);

    std::string literals_{};
    std::vector<Part> parts_{};
};

} // namespace tlsdoctor::fleet
