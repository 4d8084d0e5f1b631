// SPDX-License-Identifier: Apache-2.0
// Puts the sections together. A report that would be longer than a terminal is written again with
// less of what matters least, rather than scrolling its verdict out of sight.
#include "report/screen.hpp"

#include <algorithm>
#include <utility>

#include "report/sections.hpp"

namespace tlsdoctor::report {

namespace {

/// From generous to scarce; the last one is taken even where it is too long. A second fix goes
/// before the security cost of the first: nobody should apply one without knowing it.
// clang-format off
constexpr Amount k_amounts[] = {
    {},
    {.client_lines = 1, .notes = 3},
    {.client_lines = 1, .notes = 2, .differences = 6, .addresses = 3},
    {.fixes = 1, .client_lines = 1, .notes = 2, .differences = 6, .addresses = 3},
    {.fixes = 1, .client_lines = 1, .notes = 1, .differences = 5, .addresses = 2},
    {.fixes = 1, .costs = false, .client_lines = 1, .notes = 1, .differences = 4, .addresses = 2},
    {.citations = 2, .fixes = 1, .costs = false, .client_lines = 1, .notes = 1, .differences = 3, .addresses = 1},
};
// clang-format on

constexpr Amount k_everything = {
    .citations = 1'000,
    .fixes = 1'000,
    .client_lines = 4,
    .notes = 1'000,
    .addresses = 1'000,
    .all_facts = true,
};

/// A whole page, and how many of its lines must fit a terminal: who asks for an enumeration wants
/// its tables, however long they are.
struct Written {
    Page page;
    std::size_t counted{};
};

Written written(const advise::CaseFile& file, const Look& look, const Amount& amount) {
    Page page{look};
    write_verdict(page, file);
    page.blank();
    write_fault(page, file, amount);
    write_policy(page, file, amount);
    write_locked_out(page, file, amount);
    write_fixes(page, file, amount);
    write_notes(page, file, amount);
    page.blank();
    write_addresses(page, file, amount);
    const std::size_t before = page.lines();
    if (amount.inventory) {
        write_inventory(page, file, amount);
    }
    const std::size_t tables = page.lines() - before;
    if (amount.all_clients) {
        page.blank();
        write_clients(page, file, amount);
    }
    if (file.what_if) {
        page.blank();
        write_what_if(page, file, amount);
    }
    if (amount.bytes) {
        page.blank();
        write_evidence(page, file);
    }
    if (amount.all_facts || amount.all_clients || amount.bytes || tables > 0) {
        page.blank();
    }
    write_footer(page, file);
    const std::size_t counted = page.lines() - tables;
    return {.page = std::move(page), .counted = counted};
}

} // namespace

std::string screen(const advise::CaseFile& file, const ScreenOptions& options) {
    const Look look{
        .color = options.color,
        .utf8 = options.utf8,
        .columns = std::max<std::size_t>(options.columns, 40),
    };
    if (options.verbose || options.evidence_hex || options.show_clients) {
        Amount amount = options.verbose ? k_everything : k_amounts[0];
        amount.all_clients = options.show_clients;
        amount.bytes = options.evidence_hex;
        amount.inventory = options.show_inventory;
        return written(file, look, amount).page.text();
    }
    std::string text;
    for (Amount amount : k_amounts) {
        amount.inventory = options.show_inventory;
        const Written report = written(file, look, amount);
        text = report.page.text();
        if (report.counted <= k_screen_lines) {
            break;
        }
    }
    return text;
}

} // namespace tlsdoctor::report
