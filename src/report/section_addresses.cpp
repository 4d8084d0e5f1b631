// SPDX-License-Identifier: Apache-2.0
// What each address answered, version by version. Addresses that answered alike share one table,
// and the usual answers (TLS 1.2 and 1.3, nothing older) take one line.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "evidence/facts.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using evidence::Endpoint;
using evidence::Outcome;
using evidence::VersionAnswer;

/// Addresses with the same answers; borrows from the visit.
struct Group {
    std::vector<const Endpoint*> endpoints{};
    std::vector<std::string> words{}; ///< of all versions, spelled in full
};

std::vector<std::string> words_of_all(const Endpoint& endpoint, Spelling spelling) {
    std::vector<std::string> words;
    for (const VersionAnswer& answer : evidence::version_answers(endpoint)) {
        words.push_back(words_of(answer, spelling));
    }
    return words;
}

std::vector<Group> grouped(const std::vector<Endpoint>& endpoints) {
    std::vector<Group> groups;
    for (const Endpoint& endpoint : endpoints) {
        std::vector<std::string> words = endpoint.reach == evidence::Reach::open
                                             ? words_of_all(endpoint, Spelling::full)
                                             : std::vector{words_of(endpoint)};
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return group.words == words;
        });
        Group& group = same == groups.end() ? groups.emplace_back() : *same;
        group.endpoints.push_back(&endpoint);
        group.words = std::move(words);
    }
    return groups;
}

std::string addresses_of(const Group& group, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < std::min(group.endpoints.size(), most); ++i) {
        text += (i == 0 ? "" : ", ") + name_of(*group.endpoints[i]);
    }
    const std::size_t hidden = group.endpoints.size() - std::min(group.endpoints.size(), most);
    return hidden == 0 ? text : fmt::format("{} and {} more", text, hidden);
}

bool usual(const Endpoint& endpoint) {
    const auto answers = evidence::version_answers(endpoint);
    return std::all_of(answers.begin(), answers.end(), [](const VersionAnswer& answer) {
        const bool wanted = answer.version >= ProtocolVersion::tls_1_2;
        const bool fails_later = answer.shown_by != nullptr && answer.shown_by->alert_after;
        return wanted
                   ? answer.outcome == Outcome::accepted && !fails_later
                   : answer.outcome != Outcome::accepted && answer.outcome != Outcome::not_tested;
    });
}

/// The whole table in one line, where it says the same of every version or nothing unusual.
std::string one_line(const Group& group) {
    if (std::adjacent_find(group.words.begin(), group.words.end(), std::not_equal_to<>{}) ==
        group.words.end()) {
        return group.words.size() == 1 ? group.words.front()
                                       : "every version: " + group.words.front();
    }
    return usual(*group.endpoints.front()) ? "TLS 1.2 and TLS 1.3 accepted, nothing older" : "";
}

/// A way to set the table of six versions.
struct Setting {
    Spelling spelling{};
    bool beside{};         ///< starts in the address's own line
    std::size_t columns{}; ///< of versions
};

/// From the most to the least that one would like.
constexpr Setting k_settings[] = {
    {Spelling::full, true, 2},   {Spelling::full, false, 2},  {Spelling::brief, true, 2},
    {Spelling::brief, false, 2}, {Spelling::brief, false, 1},
};

/// The rows of the table: versions run down the columns.
std::vector<std::string> rows_of(const Endpoint& endpoint, const Setting& setting) {
    const std::vector<std::string> words = words_of_all(endpoint, setting.spelling);
    const std::size_t height = words.size() / setting.columns;
    std::size_t widest = 0;
    for (std::size_t i = 0; i < height; ++i) {
        widest = std::max(widest, width(words[i]));
    }
    std::vector<std::string> rows(height);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string cell = fmt::format("{}  {}", tlsdoctor::name_of(k_versions[i]), words[i]);
        std::string& row = rows[i % height];
        row = row.empty() ? cell : padded(row, widest + 12) + cell;
    }
    return rows;
}

bool fit(const std::vector<std::string>& rows, std::size_t columns) {
    return std::all_of(rows.begin(), rows.end(), [&](const std::string& row) {
        return width(row) <= columns;
    });
}

void write_table(Page& page, const Group& group) {
    const std::string addresses = addresses_of(group, 2);
    for (const Setting& setting : k_settings) {
        const std::size_t hang =
            setting.beside ? std::max<std::size_t>(width(addresses) + 5, k_hang) : 4;
        const std::vector<std::string> rows = rows_of(*group.endpoints.front(), setting);
        if (!fit(rows, page.room(hang)) && &setting != std::end(k_settings) - 1) {
            continue;
        }
        if (!setting.beside) {
            page.put({.indent = 2, .hang = 2}, addresses);
        }
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool named = setting.beside && i == 0;
            page.put({.indent = 2, .word = named ? addresses : "", .hang = hang}, rows[i]);
        }
        return;
    }
}

void write_group(Page& page, const Group& group) {
    const std::string line = one_line(group);
    if (line.empty()) {
        write_table(page, group);
        return;
    }
    const std::string addresses = addresses_of(group, 2);
    page.put({.indent = 2, .word = addresses, .hang = width(addresses) + 5}, line);
}

} // namespace

void write_addresses(Page& page, const advise::CaseFile& file, const Amount& amount) {
    if (amount.all_facts) {
        for (const Endpoint& endpoint : file.visit.endpoints) {
            write_all_facts(page, file, endpoint);
        }
        return;
    }
    const std::vector<Group> groups = grouped(file.visit.endpoints);
    const std::size_t shown = std::min(groups.size(), amount.addresses);
    std::for_each_n(groups.begin(), shown, [&](const Group& group) { write_group(page, group); });
    std::size_t hidden = 0;
    std::for_each(
        groups.begin() + static_cast<std::ptrdiff_t>(shown), groups.end(),
        [&](const Group& group) { hidden += group.endpoints.size(); }
    );
    if (hidden > 0) {
        page.put(
            {.hang = 2}, fmt::format("… {} more address{}: -v", hidden, hidden == 1 ? "" : "es")
        );
    }
}

} // namespace tlsdoctor::report
