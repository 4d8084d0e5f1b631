// SPDX-License-Identifier: Apache-2.0
// Text, numbers and badges as HTML.
#include "report/html_parts.hpp"

#include <array>

#include <fmt/core.h>

#include "registry/cause.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

struct Badge {
    std::string_view status{};
    std::string_view shown{}; ///< the symbol tells them apart where colours do not
};

constexpr std::array<Badge, 4> k_badges{
    {{"fail", "✕ FAIL"}, {"unsure", "? UNSURE"}, {"warn", "! WARN"}, {"ok", "✓ OK"}}
};

} // namespace

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : safe_text(text)) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        case '\'':
            html += "&#39;";
            break;
        default:
            html += c;
        }
    }
    return html;
}

std::string grouped(std::size_t number) {
    std::string digits = fmt::format("{}", number);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string percent_of(std::size_t count, std::size_t whole) {
    if (whole == 0) {
        return "–";
    }
    const double share = 100.0 * static_cast<double>(count) / static_cast<double>(whole);
    if (count != 0 && share < 0.1) {
        return "&lt; 0.1 %";
    }
    const bool almost = count != whole && share > 99.9;
    return almost ? "&gt; 99.9 %" : fmt::format("{:.{}f} %", share, share < 10 ? 1 : 0);
}

std::string status_badge(std::string_view status) {
    for (const Badge& badge : k_badges) {
        if (badge.status == status) {
            return fmt::format(R"(<span class="badge {}">{}</span>)", badge.status, badge.shown);
        }
    }
    return escaped(status);
}

std::string cause_link(std::string_view cause) {
    const CauseInfo* const known = find_cause(cause);
    return known == nullptr
               ? fmt::format("<code>{}</code>", escaped(cause))
               : fmt::format(R"(<a href="#cause-{0}"><code>{0}</code></a>)", known->name);
}

} // namespace tlsdoctor::report
