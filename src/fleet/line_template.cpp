// SPDX-License-Identifier: Apache-2.0
// Splitting is exact search; invented texts are long and odd enough to be nowhere by chance.
#include "fleet/line_template.hpp"

namespace tlsdoctor::fleet {

namespace {

constexpr std::size_t k_no_slot = SIZE_MAX;

/// Returns the slot whose text begins the line; the earlier one where two have the same.
std::size_t slot_at(std::string_view line, const SlotTexts& texts) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (!texts[i].empty() && line.starts_with(texts[i])) {
            return i;
        }
    }
    return k_no_slot;
}

} // namespace

LineTemplate LineTemplate::split(std::string_view line, const SlotTexts& texts) {
    LineTemplate made;
    std::uint32_t literal = 0;
    while (!line.empty()) {
        const std::size_t slot = slot_at(line, texts);
        if (slot == k_no_slot) {
            made.literals_ += line.front();
            ++literal;
            line.remove_prefix(1);
            continue;
        }
        made.parts_.push_back({.literal = literal, .slot = static_cast<std::uint8_t>(slot)});
        literal = 0;
        line.remove_prefix(texts.at(slot).size());
    }
    return made;
}

std::optional<LineTemplate> LineTemplate::of(
    std::string_view first, const SlotTexts& its, std::string_view second, const SlotTexts& others
) {
    LineTemplate made = split(first, its);
    const LineTemplate other = split(second, others);
    if (made.literals_ != other.literals_ || made.parts_ != other.parts_) {
        return std::nullopt;
    }
    return made;
}

std::string LineTemplate::filled(const SlotTexts& texts) const {
    std::size_t size = literals_.size();
    for (const Part& part : parts_) {
        size += texts.at(part.slot).size();
    }
    std::string line;
    line.reserve(size);
    std::string_view rest = literals_;
    for (const Part& part : parts_) {
        line += rest.substr(0, part.literal);
        rest.remove_prefix(part.literal);
        line += texts.at(part.slot);
    }
    line += rest;
    return line;
}

} // namespace tlsdoctor::fleet
