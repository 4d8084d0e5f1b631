// SPDX-License-Identifier: Apache-2.0
// The upper half of the screen: verdict, fault and evidence, other findings, and the last line.
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include <fmt/core.h>

#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::CaseFile;
using diagnose::Citation;
using diagnose::Finding;

constexpr std::size_t k_most_cited_columns = 300;

std::string with_arrow(std::string_view text) {
    std::string result = clipped(safe_text(text), k_most_cited_columns);
    for (std::size_t at = result.find(" -> "); at != std::string::npos; at = result.find(" -> ")) {
        result.replace(at, 4, " → ");
    }
    return result;
}

/// What shows the finding; where the diagnosis cites no exchange, the system's own words do.
std::vector<Citation> shown_by(const CaseFile& file) {
    std::vector<Citation> cited = verdict_of(file).evidence;
    if (cited.empty() && !file.visit.dns_error.empty()) {
        cited.push_back(
            {.text = "looking up " + file.visit.target.host + " -> " + file.visit.dns_error}
        );
    }
    for (const evidence::Endpoint& endpoint : file.visit.endpoints) {
        if (verdict_of(file).evidence.empty() && !endpoint.reach_error.empty()) {
            cited.push_back({.text = "TCP to " + name_of(endpoint) + " -> " + endpoint.reach_error}
            );
        }
    }
    return cited;
}

/// Aligns the ids behind the lines where that fits.
std::size_t id_column(const std::vector<std::string>& lines, std::size_t most) {
    std::size_t longest = 0;
    for (const std::string& line : lines) {
        const std::size_t columns = width(line);
        longest = columns <= most ? std::max(longest, columns) : longest;
    }
    return longest;
}

void write_why(Page& page, const CaseFile& file, const Amount& amount) {
    std::vector<Citation> cited = shown_by(file);
    const std::size_t shown = std::min(cited.size(), amount.citations);
    const std::size_t hidden = cited.size() - shown;
    cited.resize(shown);
    std::vector<std::string> lines;
    std::transform(
        cited.begin(), cited.end(), std::back_inserter(lines),
        [](const Citation& citation) { return with_arrow(citation.text); }
    );
    const std::size_t column = id_column(lines, page.room(k_hang) - 7);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string id = cited[i].exchange.empty() ? "" : "  [" + cited[i].exchange + "]";
        const bool last = i + 1 == lines.size();
        const std::string more = last && hidden > 0 ? fmt::format("  … {} more: -v", hidden) : "";
        page.put(
            heading(i == 0 ? "Why" : ""), padded(lines[i], id.empty() ? 0 : column) + id + more
        );
    }
}

/// The other findings of one cause that say the same sentence.
struct Alike {
    const Finding* finding{};
    std::string addresses{};
};

std::vector<Alike> other_findings(const CaseFile& file) {
    std::vector<Alike> result;
    for (auto it = file.diagnosis.findings.begin() + 1; it != file.diagnosis.findings.end(); ++it) {
        auto same = std::find_if(result.begin(), result.end(), [&](const Alike& alike) {
            return alike.finding->cause == it->cause && alike.finding->summary == it->summary;
        });
        if (same == result.end()) {
            same = result.insert(result.end(), Alike{.finding = &*it});
        }
        if (file.visit.endpoints.size() > 1 && !it->address.empty()) {
            same->addresses += (same->addresses.empty() ? "" : ", ") + it->address;
        }
    }
    return result;
}

std::string line_of(const Alike& alike) {
    constexpr std::size_t k_most_columns_of_addresses = 80;
    const std::string addresses = clipped(safe_text(alike.addresses), k_most_columns_of_addresses);
    return fmt::format(
        "{}  {}{}{} ({})", word_of(alike.finding->status), addresses, addresses.empty() ? "" : ": ",
        clipped(safe_text(alike.finding->summary), k_most_cited_columns), alike.finding->cause->name
    );
}

constexpr std::array<std::uint16_t, 8> k_usual_ports = {443, 8443, 853, 465, 636, 993, 995, 5671};

std::string neighbours_of(std::uint16_t port) {
    std::string ports;
    for (const std::uint16_t usual : k_usual_ports) {
        if (usual != port) {
            ports += fmt::format("{}{}", ports.empty() ? "" : ", ", usual);
        }
    }
    return "TLS often listens on " + ports + "; none of them was tried.";
}

bool anything_open(const CaseFile& file) {
    const auto& endpoints = file.visit.endpoints;
    return std::any_of(endpoints.begin(), endpoints.end(), [](const evidence::Endpoint& endpoint) {
        return endpoint.reach == evidence::Reach::open;
    });
}

/// What the user should know about the question itself.
std::vector<std::string> remarks(const CaseFile& file) {
    const evidence::Target& target = file.visit.target;
    std::vector<std::string> lines;
    if (verdict_of(file).cause->name == "port_closed") {
        lines.push_back(neighbours_of(target.port));
    }
    if (target.literal && !target.sni && anything_open(file)) {
        lines.push_back(
            "No server name was sent: an address is never sent as one. Servers with several "
            "names may answer differently to --sni NAME."
        );
    }
    if (file.visit.interrupted) {
        lines.push_back("The run was cut short; what is missing is shown as \"not tested\".");
    }
    return lines;
}

void write_under(Page& page, std::string_view word, const std::vector<std::string>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        page.put(heading(i == 0 ? word : ""), lines[i]);
    }
}

} // namespace

void write_verdict(Page& page, const CaseFile& file) {
    const Finding& verdict = verdict_of(file);
    std::string target = name_of(file.visit.target);
    if (file.visit.target.starttls) {
        target += " (STARTTLS " + *file.visit.target.starttls + ")";
    }
    // A sentence that begins with the target itself is not preceded by it once more.
    const bool named = verdict.summary.starts_with(target);
    const std::string_view word = word_of(verdict.status);
    page.put(
        {.word = word,
         .hang = std::max<std::size_t>(6, word.size() + 2),
         .paint = paint_of(verdict.status)},
        named ? verdict.summary : target + "  " + verdict.summary
    );
}

void write_fault(Page& page, const CaseFile& file, const Amount& amount) {
    const Finding& verdict = verdict_of(file);
    if (verdict.side != Side::none) {
        page.put(
            heading("Fault"),
            fmt::format("{}  ({})", words_of(verdict.side), tlsdoctor::name_of(verdict.confidence))
        );
    }
    if (verdict.status != Status::ok || amount.all_facts) {
        write_why(page, file, amount);
    }
    if (amount.all_facts && !verdict.refuted_by.empty()) {
        page.put(heading("Unless"), verdict.refuted_by);
    }
    if (!file.diagnosis.error_note.empty()) {
        page.put(heading("Error"), file.diagnosis.error_note);
    }
    if (!file.diagnosis.client_note.empty()) {
        page.put(heading("Client"), file.diagnosis.client_note);
    }
    if (!file.diagnosis.config_note.empty()) {
        page.put(heading("Files"), file.diagnosis.config_note);
    }
}

void write_notes(Page& page, const CaseFile& file, const Amount& amount) {
    const std::vector<Alike> others = other_findings(file);
    std::vector<std::string> also;
    std::transform(others.begin(), others.end(), std::back_inserter(also), line_of);
    if (also.size() > amount.notes) {
        const std::size_t hidden = also.size() - amount.notes;
        also.resize(amount.notes);
        also.push_back(fmt::format("… {} more: -v", hidden));
    }
    write_under(page, "Also", also);
    write_under(page, "Note", remarks(file));
}

void write_footer(Page& page, const CaseFile& file) {
    const evidence::Visit& visit = file.visit;
    const std::string text = fmt::format(
        "{} connection{}, {:.0f} ms.   tlsdoctor help {}", visit.connections,
        visit.connections == 1 ? "" : "s", visit.elapsed_ms, verdict_of(file).cause->name
    );
    page.put({.indent = 2, .hang = 2}, text);
}

} // namespace tlsdoctor::report
