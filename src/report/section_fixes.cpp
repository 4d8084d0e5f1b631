// SPDX-License-Identifier: Apache-2.0
// What to do: the fixes, and who cannot connect until it is done.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::CaseFile;
using advise::Fix;

/// The likeliest product first; second the other side's fix, for those who can only act there.
std::vector<const Fix*> chosen(const std::vector<Fix>& fixes, std::size_t most) {
    std::vector<const Fix*> result;
    for (const Fix& fix : fixes) {
        result.push_back(&fix);
    }
    if (result.size() > most && most >= 2) {
        const auto other_side = std::find_if(result.begin() + 1, result.end(), [&](const Fix* fix) {
            return fix->side != fixes.front().side;
        });
        if (other_side != result.end()) {
            std::rotate(result.begin() + 1, other_side, other_side + 1);
        }
    }
    result.resize(std::min(result.size(), most));
    return result;
}

/// Says where to act: `nginx, the server block ...`; the product "any" needs no name.
std::string place_of(const Fix& fix) {
    if (fix.product == "any" && !fix.where.empty()) {
        return fix.where;
    }
    return fix.where.empty() ? fix.product : fix.product + ", " + fix.where;
}

void write_fix(Page& page, const Fix& fix, const Fix& first, bool with_cost) {
    const std::string alternative = &fix == &first ? "" : "or ";
    const std::string side =
        fix.side != first.side ? fmt::format("on the {}: ", tlsdoctor::name_of(fix.side)) : "";
    const bool free = fix.cost == "None.";
    page.put(
        heading(&fix == &first ? "Fix" : ""),
        fmt::format(
            "{}{}{}  ({}{})", alternative, side, place_of(fix),
            fix.verified ? "verified" : "not verified", free ? ", no security cost" : ""
        )
    );
    page.exact({.hang = k_hang + 2}, fix.text);
    if (with_cost && !free && !fix.cost.empty()) {
        page.put({.indent = k_hang, .word = "Cost:", .hang = k_hang + 6}, fix.cost);
    }
}

/// Names as many clients as fit into `columns`, and says how many they are of all.
std::string names_of(
    const std::vector<const evidence::ClientOutcome*>& out, std::size_t all, std::size_t columns
) {
    std::string names;
    std::size_t named = 0;
    for (const evidence::ClientOutcome* client : out) {
        const std::string name = clipped(safe_text(client->name), 40);
        if (width(names) + width(name) + 2 > columns) {
            break;
        }
        names += (names.empty() ? "" : ", ") + name;
        ++named;
    }
    const std::string_view separator = named == out.size() ? ";" : names.empty() ? "…" : ", …";
    return fmt::format("{}{} {} of {} known clients", names, separator, out.size(), all);
}

} // namespace

void write_fixes(Page& page, const CaseFile& file, const Amount& amount) {
    const std::vector<const Fix*> shown = chosen(file.fixes, amount.fixes);
    for (const Fix* fix : shown) {
        write_fix(page, *fix, *shown.front(), amount.costs);
    }
    if (shown.size() < file.fixes.size()) {
        page.put(heading(""), fmt::format("{} more: -v", file.fixes.size() - shown.size()));
    }
    const bool healthy = verdict_of(file).status == Status::ok;
    const bool has_command = !shown.empty() && !shown.front()->verify.empty();
    if (!healthy || has_command) {
        const std::string command =
            has_command ? shown.front()->verify : command_for(file.visit.target);
        page.exact(heading("Check"), command);
    }
}

void write_locked_out(Page& page, const CaseFile& file, const Amount& amount) {
    std::vector<const evidence::ClientOutcome*> out;
    for (const evidence::ClientOutcome& client : file.clients) {
        if (!client.connects) {
            out.push_back(&client);
        }
    }
    if (out.empty()) {
        return;
    }
    std::stable_partition(out.begin(), out.end(), [](const auto* client) {
        return client->telling;
    });
    // A line ends where the next name does not fit, and the count stands behind the names.
    constexpr std::size_t k_lost_per_line = 12;
    constexpr std::size_t k_count = 34;
    const std::size_t columns = amount.client_lines * (page.room(k_hang) - k_lost_per_line);
    const std::size_t for_names = columns > k_count ? columns - k_count : 0;
    page.put(heading("Out"), names_of(out, file.clients.size(), for_names));
}

void write_clients(Page& page, const CaseFile& file) {
    for (const bool connects : {false, true}) {
        for (const evidence::ClientOutcome& client : file.clients) {
            if (client.connects != connects) {
                continue;
            }
            const std::string version =
                client.version ? ", " + tlsdoctor::name_of(*client.version) : "";
            const std::string reason = client.reason.empty() ? "" : "  " + client.reason;
            page.put(
                {.indent = 2, .word = connects ? "connects" : "fails", .hang = 12},
                fmt::format("{}{}  [{}]{}", client.name, version, client.id, reason)
            );
        }
    }
}

} // namespace tlsdoctor::report
