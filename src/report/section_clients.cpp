// SPDX-License-Identifier: Apache-2.0
// The known clients: who is out, and with `--clients` who connects and why the others do not, equal
// fates together.
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::CaseFile;
using evidence::ClientBasis;
using evidence::ClientOutcome;
using evidence::ClientResult;

using Clients = std::vector<const ClientOutcome*>;

/// How many names stand for a group on one screen.
constexpr std::size_t k_most_client_names = 6;

/// Puts the telling names first, and among them one of each family (`Java`, `Android` ...), so that
/// a short list says as much as it can.
void sort_telling_first(Clients& out) {
    std::set<std::string_view> families;
    std::ranges::stable_partition(out, [](const ClientOutcome* client) { return client->telling; });
    std::ranges::stable_partition(out, [&](const ClientOutcome* client) {
        const std::string_view name = client->name;
        return client->telling && families.insert(name.substr(0, name.find(' '))).second;
    });
}

/// Names as many clients as fit into `columns`.
std::string names_of(const Clients& out, std::size_t columns) {
    std::string names;
    std::size_t left = out.size();
    for (const ClientOutcome* client : out) {
        const std::string name = clipped(safe_text(client->name), 40);
        if (width(names) + width(name) + 2 <= columns) {
            names += (names.empty() ? "" : ", ") + name;
            --left;
        }
    }
    return left == 0 ? names + ";" : names + (names.empty() ? "…" : ", …");
}

Clients clients_that(const std::vector<ClientOutcome>& all, ClientResult result) {
    Clients out;
    for (const ClientOutcome& client : all) {
        if (client.outcome == result) {
            out.push_back(&client);
        }
    }
    return out;
}

bool all_replayed(const std::vector<ClientOutcome>& all) {
    return std::ranges::all_of(all, [](const ClientOutcome& client) {
        return client.based_on == ClientBasis::replay;
    });
}

std::string_view result_word(ClientResult result) {
    constexpr std::string_view k_words[] = {"connects", "fails", "unsure", "not tested"};
    return k_words[std::to_underlying(result)];
}

std::string_view tally_word_of(ClientResult result) {
    return result == ClientResult::connects ? "connect"
           : result == ClientResult::fails  ? "fail"
                                            : result_word(result);
}

/// What came about, in a few words: `TLS 1.2, TLS_..., x25519`.
std::string chosen_by(const ClientOutcome& client) {
    std::string text = client.version ? tlsdoctor::name_of(*client.version) : "";
    if (client.cipher_suite) {
        text += ", " + tlsdoctor::name_of(*client.cipher_suite);
    }
    if (client.group) {
        text += ", " + tlsdoctor::name_of(*client.group);
    }
    return text;
}

/// Clients with one fate, in the words that they share.
struct Fate {
    std::string what{};
    Clients clients{};
};

std::vector<Fate> fates_of(const Clients& clients, bool by_version) {
    std::vector<Fate> fates;
    std::map<std::string, std::size_t> places;
    for (const ClientOutcome* client : clients) {
        const std::string what = !by_version       ? client->reason
                                 : client->version ? tlsdoctor::name_of(*client->version)
                                                   : "";
        const auto [at, is_new] = places.try_emplace(what, fates.size());
        if (is_new) {
            fates.push_back({.what = what});
        }
        fates[at->second].clients.push_back(client);
    }
    std::ranges::stable_sort(fates, [](const Fate& a, const Fate& b) {
        return a.clients.size() > b.clients.size();
    });
    return fates;
}

/// Returns a few names that stand for all: `Java 6u45, Android 2.3.7 and 12 more`.
std::string names_for(Clients clients, bool all) {
    sort_telling_first(clients);
    std::string names;
    const std::size_t shown = all ? clients.size() : std::min(clients.size(), k_most_client_names);
    for (std::size_t i = 0; i < shown; ++i) {
        names += (i == 0 ? "" : ", ") + clipped(safe_text(clients[i]->name), 40);
    }
    return shown == clients.size() ? names
                                   : fmt::format("{} and {} more", names, clients.size() - shown);
}

/// What would help all of them, or the most telling of them.
std::string change_for(Clients clients) {
    sort_telling_first(clients);
    const ClientOutcome& first = *clients.front();
    const bool same = std::ranges::all_of(clients, [&](const ClientOutcome* client) {
        return client->change == first.change;
    });
    return same || first.change.empty() ? first.change
                                        : fmt::format("for {}: {}", first.name, first.change);
}

void write_fate(Page& page, const Fate& fate, std::string_view word, bool all) {
    constexpr std::size_t k_hang_of_fates = 12;
    page.put(
        {.indent = 2, .word = word, .hang = k_hang_of_fates},
        fmt::format(
            "{}{}{}", names_for(fate.clients, all), fate.what.empty() ? "" : ": ", fate.what
        )
    );
    if (const std::string change = change_for(fate.clients); !change.empty()) {
        page.put({.hang = k_hang_of_fates}, "→ " + change);
    }
}

void write_one(Page& page, const ClientOutcome& client) {
    constexpr std::size_t k_hang_of_one = 12;
    const std::string chosen = chosen_by(client);
    page.put(
        {.indent = 2, .word = result_word(client.outcome), .hang = k_hang_of_one},
        fmt::format(
            "{}{}{}  [{}]{}{}", client.name, chosen.empty() ? "" : ", ", chosen, client.id,
            client.reason.empty() ? "" : "  ", client.reason
        )
    );
    if (!client.change.empty()) {
        page.put({.hang = k_hang_of_one}, "→ " + client.change);
    }
}

constexpr ClientResult k_in_order[] = {
    ClientResult::fails, ClientResult::unsure, ClientResult::not_tested, ClientResult::connects
};

void write_tally(Page& page, const std::vector<ClientOutcome>& all) {
    std::string text;
    for (const ClientResult result : k_in_order) {
        const std::size_t count = clients_that(all, result).size();
        if (count > 0 || result == ClientResult::connects) {
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, tally_word_of(result));
        }
    }
    const auto replayed = std::ranges::count(all, ClientBasis::replay, &ClientOutcome::based_on);
    page.put(
        heading("Clients"),
        fmt::format("{}; {} of {} by replaying their hello", text, replayed, all.size())
    );
}

} // namespace

void write_locked_out(Page& page, const CaseFile& file, const Amount& amount) {
    Clients out = clients_that(file.clients, ClientResult::fails);
    if (out.empty() || file.clients.size() == 1) { // `--client` has words of its own
        return;
    }
    sort_telling_first(out);
    const std::string count = fmt::format(
        " {} of {} known clients{}", out.size(), file.clients.size(),
        all_replayed(file.clients) ? "" : ", calculated"
    );
    // A line that is not the last ends where the next word does not fit.
    constexpr std::size_t k_lost_per_line = 12;
    const std::size_t room = page.room(k_hang);
    const std::size_t most =
        amount.client_lines * room - (amount.client_lines - 1) * k_lost_per_line;
    const std::size_t for_count = count.size() + 3;
    page.put(heading("Out"), names_of(out, most > for_count ? most - for_count : 0) + count);
}

void write_what_if(Page& page, const CaseFile& file, const Amount& amount) {
    if (!file.what_if) {
        return;
    }
    const evidence::WhatIf& what_if = *file.what_if;
    page.put(
        heading("What if"),
        fmt::format(
            "{}: {} of {} known clients would connect, {} do now", what_if.change,
            what_if.connect_then, file.clients.size(), what_if.connect_now
        )
    );
    const std::pair<std::string_view, const std::vector<ClientOutcome>&> groups[] = {
        {"lost", what_if.lost}, {"gained", what_if.gained}, {"unsure", what_if.unsure}
    };
    for (const auto& [word, clients] : groups) {
        Clients shown;
        std::ranges::transform(clients, std::back_inserter(shown), [](const auto& client) {
            return &client;
        });
        const bool by_version = word == "gained";
        for (const Fate& fate : fates_of(shown, by_version)) {
            write_fate(page, fate, word, amount.all_facts);
        }
    }
}

void write_clients(Page& page, const CaseFile& file, const Amount& amount) {
    if (file.clients.empty()) {
        return;
    }
    write_tally(page, file.clients);
    for (const ClientResult result : k_in_order) {
        const Clients clients = clients_that(file.clients, result);
        if (amount.all_facts) {
            for (const ClientOutcome* client : clients) {
                write_one(page, *client);
            }
            continue;
        }
        for (const Fate& fate : fates_of(clients, result == ClientResult::connects)) {
            write_fate(page, fate, result_word(result), false);
        }
    }
}

} // namespace tlsdoctor::report
