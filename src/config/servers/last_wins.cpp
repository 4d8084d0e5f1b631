// SPDX-License-Identifier: Apache-2.0
// The last one counts; see the header.
#include "config/servers/last_wins.hpp"

#include <algorithm>
#include <ranges>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

const Setting* Settings::find(std::string_view name) const {
    for (const Setting& one : std::views::reverse(all_)) {
        if (one.name == name && one.ignored.empty()) {
            return &one;
        }
    }
    return nullptr;
}

std::string Settings::value_or(std::string_view name, std::string_view otherwise) const {
    const Setting* const found = find(name);
    return found == nullptr ? std::string{otherwise} : found->value;
}

void Settings::add_lines(
    const Sources& sources, Service& service, std::string_view name, Aspect aspect, Rewrite rewrite
) const {
    const Setting* const decides = find(name);
    for (const Setting& one : all_) {
        if (one.name != name) {
            continue;
        }
        Line line{
            .statement = one.statement,
            .value = one.value_place,
            .aspect = aspect,
            .role = &one == decides ? Role::effective : Role::inert,
            .why = one.ignored,
            .rewrite = rewrite
        };
        if (line.role == Role::inert && line.why.empty()) {
            line.why = sources.where(decides->statement) + " is read later and overrides it";
        }
        service.lines.push_back(std::move(line));
    }
}

Place value_in_word(const Sources& sources, const CommandWord& word) {
    const std::string_view raw = sources.text(word.place);
    const std::size_t equals = raw.find('=');
    if (equals == raw.npos) {
        return word.place;
    }
    Place place{word.place.file, word.place.begin + equals + 1, word.place.end};
    const bool quoted = raw.starts_with('"') || raw.starts_with('\'');
    if (quoted && raw.back() == raw.front() && place.end > place.begin) {
        --place.end;
    }
    return place;
}

std::string original_of(const StartCommand& start, const std::string& path) {
    for (const Copied& copy : std::views::reverse(start.copies)) {
        if (copy.to == path) {
            return copy.from;
        }
    }
    return path;
}

void refuse_empty_list(const Input& input, Reading& reading, const Setting* ciphers) {
    if (ciphers == nullptr || ciphers->value.empty() || !input.knowledge.suites) {
        return;
    }
    if (!input.knowledge.suites(ciphers->value)) {
        reading.fatal.push_back(
            {ciphers->statement,
             fmt::format("OpenSSL refuses `{}`: no cipher match", harmless(ciphers->value))}
        );
    }
}

std::string quoted_as(std::string_view old, std::string_view new_text) {
    std::string result{new_text};
    if (!old.empty() && (old.front() == '"' || old.front() == '\'')) {
        result.insert(0, 1, old.front());
        result += old.front();
    }
    return result;
}

} // namespace tlsdoctor::config
