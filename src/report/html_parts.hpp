// SPDX-License-Identifier: Apache-2.0
// The small pieces of the HTML report. Private to this module. Whatever is not written here in this
// source goes through `escaped`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/overview.hpp"

namespace tlsdoctor::report {

/// Returns text of any origin as HTML text or attribute: markup is spelled out, and what could hide
/// or reorder text is shown as \xNN.
std::string escaped(std::string_view text);

/// Returns the page's style sheet, its script, and the policy that allows these two by their
/// digests and nothing else.
std::string_view html_style();
std::string_view html_script();
std::string html_policy();

/// Returns `12,345`.
std::string grouped(std::size_t number);

/// Returns `3.4 %`; `< 0.1 %` for what is more than none.
std::string percent_of(std::size_t count, std::size_t whole);

/// Returns the word of a status with its symbol, `✕ FAIL`, as a badge.
std::string status_badge(std::string_view status);

/// Returns a cause's name, a link to its text where there is one.
std::string cause_link(std::string_view cause);

/// Returns a bar for a cell beside its number; says nothing to who cannot see it.
std::string bar_svg(std::size_t count, std::size_t whole, std::string_view css_class);

/// Returns one bar of all verdicts.
std::string verdict_bar(const RunFigures& figures);

/// One line of a chart over time.
struct Series {
    std::string name{};
    std::string css_class{};
    std::vector<double> shares{}; ///< 0 to 1, one for each run; negative: unknown
};

/// Returns a chart of shares over the runs, with its title as the text in its place.
std::string line_chart(
    std::string_view id, std::string_view title, const std::vector<Series>& series,
    const std::vector<std::string>& run_names
);

/// Return the sections of the page.
std::string causes_section(const Overview& overview);
std::string versions_section(const Overview& overview);
std::string stacks_section(const Overview& overview);
std::string certificates_section(const Overview& overview);
std::string targets_section(const Overview& overview);
std::string meanings_section(const Overview& overview);

} // namespace tlsdoctor::report
