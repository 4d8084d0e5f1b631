// SPDX-License-Identifier: Apache-2.0
// What to do: the fixes, and who cannot connect until it is done.
#include <algorithm>
#include <set>
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

/// The product of advice that is about none: its place says all.
constexpr std::string_view k_any = "any";

/// Says where to act: `nginx, the server block ...`.
std::string place_of(const Fix& fix) {
    if (fix.product == k_any && !fix.where.empty()) {
        return fix.where;
    }
    return fix.where.empty() ? fix.product : fix.product + ", " + fix.where;
}

void write_fix(Page& page, const Fix& fix, const Fix& first, bool with_cost) {
    const std::string alternative = &fix == &first ? "" : "or ";
    const bool other_side = fix.side != first.side && fix.product != k_any;
    const std::string side =
        other_side ? fmt::format("on the {}: ", tlsdoctor::name_of(fix.side)) : "";
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

/// Puts the telling names first, and among them one of each family (`Java`, `Android` ...), so that
/// a short list says as much as it can.
void sort_telling_first(std::vector<const evidence::ClientOutcome*>& out) {
    std::set<std::string_view> families;
    std::stable_partition(out.begin(), out.end(), [](const auto* client) {
        return client->telling;
    });
    std::stable_partition(out.begin(), out.end(), [&](const auto* client) {
        const std::string_view name = client->name;
        return client->telling && families.insert(name.substr(0, name.find(' '))).second;
    });
}

/// Names as many clients as fit into `columns`.
std::string names_of(const std::vector<const evidence::ClientOutcome*>& out, std::size_t columns) {
    std::string names;
    std::size_t left = out.size();
    for (const evidence::ClientOutcome* client : out) {
        const std::string name = clipped(safe_text(client->name), 40);
        if (width(names) + width(name) + 2 <= columns) {
            names += (names.empty() ? "" : ", ") + name;
            --left;
        }
    }
    return left == 0 ? names + ";" : names + (names.empty() ? "…" : ", …");
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
    sort_telling_first(out);
    const std::string count =
        fmt::format(" {} of {} known clients", out.size(), file.clients.size());
    // A line that is not the last ends where the next word does not fit.
    constexpr std::size_t k_lost_per_line = 12;
    const std::size_t room = page.room(k_hang);
    const std::size_t most =
        amount.client_lines * room - (amount.client_lines - 1) * k_lost_per_line;
    const std::size_t for_count = count.size() + 3;
    page.put(heading("Out"), names_of(out, most > for_count ? most - for_count : 0) + count);
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
