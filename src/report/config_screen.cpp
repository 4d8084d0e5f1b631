// SPDX-License-Identifier: Apache-2.0
// Puts the sections together, as much of each as fits a terminal.
#include "report/config_screen.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "report/config_sections.hpp"
#include "report/layout.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ConfigFile;
using diagnose::ConfigFinding;

/// What may be left out, the least important first.
// clang-format off
constexpr ConfigAmount k_config_amounts[] = {
    {.lines = 6, .fixes = 2},
    {},
    {.endpoints = 4},
    {.context = false, .endpoints = 4},
    {.lines = 3, .context = false, .notes = 2, .endpoints = 3},
    {.lines = 3, .context = false, .costs = false, .notes = 1, .endpoints = 3},
    {.lines = 2, .context = false, .costs = false, .notes = 1, .endpoints = 2},
};
// clang-format on

constexpr ConfigAmount k_all_of_it = {
    .lines = 1'000,
    .fixes = 1'000,
    .notes = 1'000,
    .endpoints = 100'000,
    .all_facts = true,
};

constexpr std::size_t k_most_columns_of_endpoints = 60;

const ConfigFinding& config_verdict(const ConfigFile& file) {
    return file.diagnosis.findings.front();
}

void write_config_verdict(Page& page, const ConfigFile& file) {
    const ConfigFinding& verdict = config_verdict(file);
    const std::string_view word = word_of(verdict.finding.status);
    const std::string where =
        endpoints_text(file.configuration, verdict.endpoints, k_most_columns_of_endpoints);
    page.put(
        {.word = word,
         .hang = std::max<std::size_t>(6, word.size() + 2),
         .paint = paint_of(verdict.finding.status)},
        where.empty() ? verdict.finding.summary : where + "  " + verdict.finding.summary
    );
}

std::string product_text(const evidence::Configuration& configuration) {
    std::string text = configuration.product;
    if (!configuration.server_version.empty()) {
        text += " " + configuration.server_version;
    }
    if (configuration.version_source == "assumed") {
        text += " (assumed)";
    }
    if (!configuration.library_version.empty()) {
        text += fmt::format(", {} {}", configuration.library, configuration.library_version);
    }
    return text;
}

void write_config_footer(Page& page, const ConfigFile& file) {
    const std::size_t count = file.configuration.files.size();
    page.put(
        {.indent = 2, .hang = 2},
        fmt::format(
            "{}; {} file{} read.   tlsdoctor help {}", product_text(file.configuration), count,
            count == 1 ? "" : "s", config_verdict(file).finding.cause->name
        )
    );
}

Page config_page(const ConfigFile& file, const Look& look, const ConfigAmount& amount) {
    Page page{look};
    write_config_verdict(page, file);
    page.blank();
    write_config_fault(page, file, amount);
    write_config_fixes(page, file, amount);
    write_config_action(page, file, amount);
    write_config_notes(page, file, amount);
    page.blank();
    if (amount.all_facts) {
        write_config_facts(page, file);
    } else {
        write_config_table(page, file, amount);
    }
    write_config_footer(page, file);
    return page;
}

} // namespace

std::string screen(const ConfigFile& file, const ScreenOptions& options) {
    const Look look{
        .color = options.color,
        .utf8 = options.utf8,
        .columns = std::max<std::size_t>(options.columns, 40)
    };
    if (options.verbose) {
        return config_page(file, look, k_all_of_it).text();
    }
    std::string text;
    for (const ConfigAmount& amount : k_config_amounts) {
        const Page page = config_page(file, look, amount);
        text = page.text();
        if (page.lines() <= k_screen_lines) {
            break;
        }
    }
    return text;
}

std::string quiet_line(const ConfigFile& file, bool utf8) {
    constexpr std::size_t k_most_columns = 400;
    const diagnose::Finding& verdict = config_verdict(file).finding;
    const std::string line = safe_text(fmt::format(
        "{}  {}  {}  {}  {}  {}", word_of(verdict.status), file.configuration.server,
        verdict.cause->name, tlsdoctor::name_of(verdict.side),
        tlsdoctor::name_of(verdict.confidence), verdict.summary
    ));
    const std::string shown = clipped(line, k_most_columns);
    return (utf8 ? shown : ascii_text(shown)) + "\n";
}

} // namespace tlsdoctor::report
