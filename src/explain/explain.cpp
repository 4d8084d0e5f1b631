// SPDX-License-Identifier: Apache-2.0
// From bytes over lines and messages to groups. A short text is read as a whole: what stands in one
// of its messages is a hint for the others.
#include "explain/explain.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "explain/lines.hpp"
#include "explain/next.hpp"
#include "explain/normal.hpp"
#include "explain/recall.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr std::size_t k_short_text = 60;      ///< lines
constexpr std::size_t k_most_groups = 2'000;  ///< further ones are counted with their meaning
constexpr std::size_t k_most_alike = 20;      ///< texts with one meaning that are shown apart
constexpr std::size_t k_longest_sample = 600; ///< bytes
constexpr std::size_t k_place_tries = 20;     ///< messages of a group that are read for a host

/// Cuts at a boundary of UTF-8.
std::string cut(std::string_view text) {
    text = trimmed(text);
    if (text.size() <= k_longest_sample) {
        return std::string{text};
    }
    std::size_t end = k_longest_sample;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) {
        --end;
    }
    return std::string{text.substr(0, end)} + "...";
}

/// What two messages of one meaning share.
std::string meaning_key(const Sighting& sighting) {
    std::string key = sighting.row != nullptr ? std::string{sighting.row->id} : std::string{};
    key += '\n' + std::to_string(sighting.alert.value_or(-1));
    const std::string_view id = sighting.row != nullptr ? sighting.row->id : std::string_view{};
    for (const int hint : sighting.hints) {
        if (counts_for(hint_rows()[static_cast<std::size_t>(hint)], id)) {
            key += ' ' + std::to_string(hint);
        }
    }
    return key;
}

int worst_status(const Group& group) {
    return group.meaning.candidates.empty()
               ? static_cast<int>(Status::ok)
               : static_cast<int>(group.meaning.candidates.front().cause->status);
}

} // namespace

struct Reader::State {
    Looker looker{};
    Recall recall{looker};
    PlaceFinder places{};
    Reading reading{};
    std::vector<std::pair<Message, Sighting>> early{}; ///< of a text that is short so far
    bool is_short{true};
    std::unordered_map<std::string, std::size_t> by_text{};
    std::unordered_map<std::string, std::pair<std::size_t, std::size_t>> by_meaning{};
    std::optional<Splitter> splitter{};
    std::optional<LineCutter> cutter{};

    void begin() {
        reading = {};
        early.clear();
        by_text.clear();
        by_meaning.clear();
        is_short = true;
        splitter.emplace([this](const Message& message) { take(message); });
        cutter.emplace([this](std::string_view line) { splitter->add(line); });
    }

    void take(const Message& message) {
        ++reading.messages;
        const bool early_one = is_short && splitter->lines() <= k_short_text;
        Sighting sighting = early_one ? looker.look(message, true) : recall.look(message);
        if (early_one) {
            early.emplace_back(message, std::move(sighting));
            return;
        }
        flush({});
        is_short = false;
        count(message, sighting, {});
    }

    void flush(const std::vector<int>& around) {
        for (const auto& [message, sighting] : std::exchange(early, {})) {
            count(message, sighting, around);
        }
    }

    void count(const Message& message, const Sighting& sighting, const std::vector<int>& around) {
        if (!sighting) {
            reading.unrecognised += message.line_count;
            return;
        }
        Group& group = group_of(message, sighting, around);
        ++group.count;
        if (group.place.host.empty() && group.count <= k_place_tries) {
            group.place = places.find(message.lines, group.meaning.observer);
        }
    }

    /// Finds the group of a message, or begins it.
    Group&
    group_of(const Message& message, const Sighting& sighting, const std::vector<int>& around) {
        const std::string& line = message.lines[sighting.line];
        std::string key = meaning_key(sighting);
        auto& [first, texts] = by_meaning.try_emplace(key, reading.groups.size(), 0U).first->second;
        key += normal_form(line);
        const bool full = texts >= k_most_alike || reading.groups.size() >= k_most_groups;
        if (const auto known = by_text.find(key); known != by_text.end()) {
            return reading.groups[known->second];
        }
        if (full && texts > 0) {
            return reading.groups[first];
        }
        if (full) { // a new meaning, after very many: it stays with whatever came last
            first = reading.groups.size() - 1;
            texts = 1;
            return reading.groups.back();
        }
        ++texts;
        by_text.emplace(std::move(key), reading.groups.size());
        Group& group = reading.groups.emplace_back();
        group.id = sighting.row != nullptr ? sighting.row->id : std::string_view{};
        group.meaning = decide(sighting, around);
        group.sample = cut(line);
        group.telling = cut(line.substr(std::min(begin_of(sighting, line), line.size())));
        group.first_line = message.first_line;
        return group;
    }

    /// Where the row's words stand in this line; those of the sighting may be of another one.
    std::size_t begin_of(const Sighting& sighting, std::string_view line) const {
        if (sighting.row == nullptr) {
            return sighting.begin;
        }
        const auto row = static_cast<int>(sighting.row - message_rows().data());
        return looker.matcher().extent(row, line).begin;
    }

    Reading end() {
        cutter->finish();
        splitter->finish();
        std::vector<int> around;
        std::vector<std::string> all;
        for (const auto& [message, sighting] : early) {
            around.insert(around.end(), sighting.hints.begin(), sighting.hints.end());
            all.insert(all.end(), message.lines.begin(), message.lines.end());
        }
        flush(around);
        reading.lines = splitter->lines();
        std::ranges::stable_sort(reading.groups, [&](const Group& a, const Group& b) {
            const auto key = [&](const Group& group) {
                const auto count = static_cast<std::ptrdiff_t>(group.count);
                const auto specific = std::ptrdiff_t{group.meaning.specificity};
                return is_short ? std::tuple{worst_status(group), -specific, -count}
                                : std::tuple{worst_status(group), -count, -specific};
            };
            return key(a) < key(b);
        });
        for (Group& group : reading.groups) {
            if (group.place.host.empty() && is_short) {
                group.place = places.find(all, group.meaning.observer);
            }
            group.next = next_commands(group.meaning, group.place);
        }
        return std::move(reading);
    }
};

Reader::Reader() : state_{std::make_unique<State>()} {
    state_->begin();
}

Reader::~Reader() = default;

void Reader::feed(std::string_view bytes) {
    state_->cutter->feed(bytes);
}

Reading Reader::finish() {
    Reading reading = state_->end();
    state_->begin();
    return reading;
}

Reading Reader::read(std::string_view text) {
    feed(text);
    return finish();
}

const Matcher& Reader::matcher() const {
    return state_->looker.matcher();
}

} // namespace tlsdoctor::explain
