// SPDX-License-Identifier: Apache-2.0
// Fixes from the table, with the target's names filled in. Nothing is judged here: the verdict's
// cause selects the rows, and what the server said of itself only changes their order.
#include "advise/fix.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace tlsdoctor::advise {

namespace {

constexpr FixRow k_rows[] = {
#include "fixes.inc"
};

/// What a placeholder becomes.
struct Substitute {
    std::string_view placeholder{};
    std::string value{};
};

using Substitutes = std::array<Substitute, 4>;

/// Returns the host as it stands in a URL: an IPv6 address in brackets.
std::string url_host(const evidence::Target& target) {
    const bool ipv6 = target.host.find(':') != std::string::npos;
    return ipv6 ? "[" + target.host + "]" : target.host;
}

/// Returns the name to configure or to ask for.
std::string server_name(const evidence::Target& target) {
    if (target.sni) {
        return *target.sni;
    }
    return target.literal ? "NAME" : target.host;
}

/// Returns what the user can type again: as it was typed, or made of host and port.
std::string typed(const evidence::Target& target) {
    return target.input.empty() ? url_host(target) + ":" + std::to_string(target.port)
                                : target.input;
}

/// The target with the options that made it this question.
std::string question_again(const evidence::Target& target) {
    const std::string options = target.options.empty() ? "" : target.options + " ";
    return options + shell_word(typed(target));
}

Substitutes substitutes_for(const evidence::Target& target) {
    return {{
        {.placeholder = "{host}", .value = shell_word(url_host(target))},
        {.placeholder = "{port}", .value = std::to_string(target.port)},
        {.placeholder = "{target}", .value = question_again(target)},
        {.placeholder = "{name}", .value = shell_word(server_name(target))},
    }};
}

/// Returns `text` with every placeholder replaced. One pass: what was filled in is not read again,
/// so a target that is spelled like a placeholder stays as it is.
std::string filled(std::string_view text, const Substitutes& substitutes) {
    std::string result;
    while (!text.empty()) {
        const auto found = std::ranges::find_if(substitutes, [&](const Substitute& substitute) {
            return text.starts_with(substitute.placeholder);
        });
        const bool replace = found != substitutes.end();
        result += replace ? std::string_view{found->value} : text.substr(0, 1);
        text.remove_prefix(replace ? found->placeholder.size() : 1);
    }
    return result;
}

Fix fix_from(const FixRow& row, const Substitutes& substitutes) {
    return {
        .side = row.side,
        .product = std::string{row.product},
        .where = filled(row.where, substitutes),
        .text = filled(row.text, substitutes),
        .cost = filled(row.cost, substitutes),
        .verify = filled(row.verify, substitutes),
        .verified = false,
    };
}

} // namespace

std::span<const FixRow> fix_rows() {
    return k_rows;
}

std::vector<Fix> fixes_for(const diagnose::Diagnosis& diagnosis, const evidence::Visit& visit) {
    std::vector<Fix> fixes;
    if (diagnosis.findings.empty()) {
        return fixes;
    }
    const std::string_view cause = diagnosis.findings.front().cause->name;
    const Substitutes substitutes = substitutes_for(visit.target);
    for (const FixRow& row : k_rows) {
        if (row.cause == cause) {
            fixes.push_back(fix_from(row, substitutes));
        }
    }
    const std::string_view product = product_shown_by(visit);
    std::ranges::stable_partition(fixes, [&](const Fix& fix) { return fix.product == product; });
    return fixes;
}

} // namespace tlsdoctor::advise
