// SPDX-License-Identifier: Apache-2.0
// Charts as SVG inside the page. Lines are told apart by dashes, markers and the names at their
// ends; every figure also stands in a table.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/core.h>

#include "report/html_parts.hpp"

namespace tlsdoctor::report {

namespace {

constexpr double k_left = 44;
constexpr double k_right = 620;
constexpr double k_top = 14;
constexpr double k_bottom = 234;
constexpr double k_label_height = 15;
constexpr std::size_t k_most_markers = 40;    ///< more runs than this would be a bead string
constexpr std::size_t k_most_chart_names = 6; ///< of runs, below the axis

double x_of(std::size_t run, std::size_t runs) {
    return runs < 2 ? k_right
                    : k_left + (k_right - k_left) * static_cast<double>(run) /
                                   static_cast<double>(runs - 1);
}

double y_of(double share) {
    return k_bottom - (k_bottom - k_top) * share;
}

/// A marker of its own for each line.
std::string marker(std::size_t series, double x, double y, const std::string& css_class) {
    constexpr std::array<std::string_view, 6> shapes{
        "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z", // a disc
        "M-3 -3h6v6h-6z",
        "M0 -4l4 7h-8z",
        "M0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",
        "M0 4l4 -7h-8z",
        "M-1 -4h2v3h3v2h-3v3h-2v-3h-3v-2h3z",
    };
    return fmt::format(
        R"svg(<path class="mark {}" transform="translate({:.1f} {:.1f})" d="{}"/>)svg", css_class,
        x, y, shapes[series % shapes.size()]
    );
}

std::string dashes(std::size_t series) {
    constexpr std::array<std::string_view, 4> patterns{"", "7 4", "2 4", "9 3 2 3"};
    const std::string_view pattern = patterns[series % patterns.size()];
    return pattern.empty() ? "" : fmt::format(R"( stroke-dasharray="{}")", pattern);
}

std::string one_line(const Series& series, std::size_t number) {
    std::string path;
    std::string marks;
    bool drawn = false;
    for (std::size_t run = 0; run < series.shares.size(); ++run) {
        if (series.shares[run] < 0) {
            drawn = false;
            continue;
        }
        const double x = x_of(run, series.shares.size());
        const double y = y_of(series.shares[run]);
        path += fmt::format("{}{:.1f} {:.1f}", drawn ? "L" : "M", x, y);
        drawn = true;
        if (series.shares.size() <= k_most_markers) {
            marks += marker(number, x, y, series.css_class);
        }
    }
    return fmt::format(
        R"(<path class="line {}" d="{}"{}/>{})", series.css_class, path, dashes(number), marks
    );
}

/// The names at the ends of the lines, moved apart where they would cover each other.
std::string end_names(const std::vector<Series>& series) {
    std::vector<std::pair<double, std::size_t>> places;
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!series[i].shares.empty() && series[i].shares.back() >= 0) {
            places.emplace_back(y_of(series[i].shares.back()), i);
        }
    }
    std::ranges::sort(places);
    double least = k_top;
    for (auto& [y, i] : places) {
        y = std::max(y, least);
        least = y + k_label_height;
    }
    double most = k_bottom + 4;
    for (auto place = places.rbegin(); place != places.rend(); ++place) {
        place->first = std::min(place->first, most);
        most = place->first - k_label_height;
    }
    std::string text;
    for (const auto& [y, i] : places) {
        text += marker(i, k_right + 14, y, series[i].css_class);
        text += fmt::format(
            R"(<text class="name" x="{:.0f}" y="{:.1f}">{} {:.0f} %</text>)", k_right + 24, y + 4,
            escaped(series[i].name), 100 * series[i].shares.back()
        );
    }
    return text;
}

std::string axes(const std::vector<std::string>& names) {
    std::string text;
    for (const int share : {0, 25, 50, 75, 100}) {
        const double y = y_of(share / 100.0);
        text += fmt::format(
            R"(<path class="grid" d="M{0} {1:.1f}H{2}"/><text class="tick" x="{3}" y="{4:.1f}" text-anchor="end">{5} %</text>)",
            k_left, y, k_right, k_left - 6, y + 4, share
        );
    }
    const std::size_t step =
        std::max<std::size_t>(1, (names.size() + k_most_chart_names - 1) / k_most_chart_names);
    for (std::size_t i = 0; i < names.size(); i += step) {
        const std::size_t run = names.size() - 1 - i; // the last one always has its name
        text += fmt::format(
            R"(<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>)",
            x_of(run, names.size()), k_bottom + 22, escaped(names[run])
        );
    }
    return text;
}

} // namespace

std::string bar_svg(std::size_t count, std::size_t whole, std::string_view css_class) {
    const double share = whole == 0 ? 0 : static_cast<double>(count) / static_cast<double>(whole);
    // What is there at all can be seen.
    const double width = count == 0 ? 0 : std::max(1.0, 100 * share);
    return fmt::format(
        R"(<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rail" width="100" height="10"/><rect class="fill {}" width="{:.2f}" height="10"/></svg>)",
        css_class, width
    );
}

std::string verdict_bar(const RunFigures& figures) {
    constexpr std::array<std::string_view, 4> classes{"fail", "unsure", "warn", "ok"};
    std::string parts;
    double x = 0;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const double width = figures.targets == 0
                                 ? 0
                                 : 1'000.0 * static_cast<double>(figures.by_status[i]) /
                                       static_cast<double>(figures.targets);
        parts += fmt::format(
            R"(<rect class="fill {}" x="{:.2f}" width="{:.2f}" height="16"/>)", classes[i], x, width
        );
        x += width;
        if (width > 0 && x < 999) {
            parts +=
                fmt::format(R"(<rect class="gap" x="{:.2f}" width="3" height="16"/>)", x - 1.5);
        }
    }
    return fmt::format(
        R"(<svg class="verdicts" viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">{}</svg>)",
        parts
    );
}

std::string line_chart(
    std::string_view id, std::string_view title, const std::vector<Series>& series,
    const std::vector<std::string>& run_names
) {
    std::string text = fmt::format(
        R"(<svg class="chart" viewBox="0 0 760 264" role="img" aria-labelledby="{0}"><title id="{0}">{1}</title>)",
        id, escaped(title)
    );
    text += axes(run_names);
    for (std::size_t i = 0; i < series.size(); ++i) {
        text += one_line(series[i], i);
    }
    return text + end_names(series) + "</svg>\n";
}

} // namespace tlsdoctor::report
