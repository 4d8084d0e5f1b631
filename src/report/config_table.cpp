// SPDX-License-Identifier: Apache-2.0
// The lower half: what each address does for each name, equal ones in one row.
#include <algorithm>
#include <map>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/config_sections.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ConfigFile;
using evidence::ConfigDoor;
using evidence::Configuration;
using evidence::ConfiguredEndpoint;

constexpr std::size_t k_most_columns_of_names = 48;

/// The name as people say it.
std::string sni_text(const std::optional<std::string>& sni) {
    if (!sni) {
        return "no name";
    }
    return *sni == "*" ? "other names" : *sni;
}

std::string address_text(const ConfiguredEndpoint& endpoint) {
    return endpoint.starttls ? fmt::format("{} (STARTTLS {})", endpoint.address, *endpoint.starttls)
                             : endpoint.address;
}

/// Names first, then those who send another, then those who send none.
int order_of_name(const std::optional<std::string>& sni) {
    return !sni ? 2 : *sni == "*" ? 1 : 0;
}

/// One row: what several endpoints of one address have in common.
struct TableRow {
    std::string address{};
    std::vector<std::optional<std::string>> names{};
    std::string outcome{};
    std::string key{};
    std::size_t of_address{}; ///< endpoints that the address has in all
};

std::string names_text(const TableRow& row) {
    if (row.names.size() == row.of_address && row.of_address > 1) {
        return "every name";
    }
    std::vector<std::optional<std::string>> names = row.names;
    std::ranges::stable_sort(names, {}, order_of_name);
    std::vector<std::string> words;
    for (const auto& name : names) {
        words.push_back(sni_text(name));
    }
    return clipped(safe_text(joined(words, ", ")), k_most_columns_of_names);
}

std::vector<TableRow>
rows_of(const Configuration& configuration, const std::vector<std::size_t>& chosen) {
    std::map<std::string, std::size_t> counts;
    for (const ConfiguredEndpoint& endpoint : configuration.endpoints) {
        ++counts[address_text(endpoint)];
    }
    std::vector<TableRow> rows;
    for (const std::size_t number : chosen) {
        const ConfiguredEndpoint& endpoint = configuration.endpoints[number];
        const std::string address = address_text(endpoint);
        const std::string outcome = outcome_text(endpoint);
        auto row = std::ranges::find_if(rows, [&](const TableRow& one) {
            return one.address == address && one.outcome == outcome &&
                   one.key == endpoint.certificate_key;
        });
        if (row == rows.end()) {
            row = rows.insert(
                rows.end(), {.address = address,
                             .outcome = outcome,
                             .key = endpoint.certificate_key,
                             .of_address = counts[address]}
            );
        }
        row->names.push_back(endpoint.sni);
    }
    return rows;
}

std::vector<std::size_t> all_numbers(const Configuration& configuration) {
    std::vector<std::size_t> numbers(configuration.endpoints.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = i;
    }
    return numbers;
}

std::string version_names(const std::vector<ProtocolVersion>& versions) {
    std::vector<std::string> names;
    for (const ProtocolVersion version : versions) {
        names.push_back(tlsdoctor::name_of(version));
    }
    return joined(names, ", ");
}

template <typename T>
std::string list_text(const std::vector<T>& list) {
    std::vector<std::string> names;
    for (const T one : list) {
        names.push_back(tlsdoctor::name_of(one));
    }
    return joined(names, " ");
}

void write_obstacles(Page& page, const ConfiguredEndpoint& endpoint) {
    for (const evidence::ConfiguredVersion& state : endpoint.versions) {
        page.put(
            {.indent = 4, .word = tlsdoctor::name_of(state.version), .hang = 14},
            state.accepted ? "accepted"
                           : fmt::format("not accepted ({})", evidence::name_of(state.obstacle))
        );
    }
}

void write_endpoint(Page& page, const ConfiguredEndpoint& endpoint) {
    page.put(
        {.indent = 2, .hang = 4, .paint = Paint::heading},
        fmt::format("{}  {}", address_text(endpoint), sni_text(endpoint.sni))
    );
    if (endpoint.door == ConfigDoor::tls) {
        write_obstacles(page, endpoint);
    } else {
        page.put({.indent = 4, .hang = 4}, outcome_text(endpoint));
    }
    const std::pair<std::string_view, std::string> facts[] = {
        {"Suites", list_text(endpoint.suites)},
        {"TLS 1.3", list_text(endpoint.tls13_suites)},
        {"Groups", list_text(endpoint.groups)},
        {"Key", endpoint.certificate_key},
    };
    for (const auto& [word, text] : facts) {
        if (!text.empty()) {
            page.put({.indent = 4, .word = word, .hang = 14}, text);
        }
    }
    for (const evidence::ConfigLine& line : endpoint.decided_by) {
        page.put(
            {.indent = 4, .word = evidence::name_of(line.role), .hang = 14},
            fmt::format(
                "{}:{}  {}{}", line.file, line.line, without_tabs(line.text),
                line.why.empty() ? "" : "  (" + line.why + ")"
            )
        );
    }
    page.blank();
}

} // namespace

std::string outcome_text(const ConfiguredEndpoint& endpoint) {
    constexpr std::string_view k_doors[] = {
        "nothing is accepted",
        "clear text, no TLS",
        "STARTTLS is not offered",
        "nothing listens",
        "refused (alert 112 unrecognized_name)",
        "no certificate (alert 80 internal_error)",
        "closed without an answer",
    };
    const auto accepted = evidence::accepted_versions(endpoint);
    if (!accepted.empty()) {
        return version_names(accepted);
    }
    const bool starts = endpoint.versions.empty() || endpoint.versions.front().obstacle !=
                                                         evidence::ConfigObstacle::not_starting;
    return starts ? std::string{k_doors[static_cast<std::size_t>(endpoint.door)]}
                  : "the server does not start";
}

std::string endpoints_text(
    const Configuration& configuration, const std::vector<std::size_t>& endpoints,
    std::size_t columns
) {
    if (endpoints.empty()) {
        return {};
    }
    if (endpoints.size() == configuration.endpoints.size() && endpoints.size() > 2) {
        const auto rows = rows_of(configuration, endpoints);
        return rows.size() == 1 ? rows.front().address : "every address and name";
    }
    const auto rows = rows_of(configuration, endpoints);
    std::string text = rows.front().address;
    if (rows.front().of_address > 1) {
        text += fmt::format(" ({})", names_text(rows.front()));
    }
    if (rows.size() > 1) {
        text += fmt::format(" and {} more", rows.size() - 1);
    }
    return clipped(safe_text(text), columns);
}

void write_config_table(Page& page, const ConfigFile& file, const ConfigAmount& amount) {
    const auto rows = rows_of(file.configuration, all_numbers(file.configuration));
    const std::size_t shown = std::min(rows.size(), amount.endpoints);
    std::size_t address_width = 0;
    std::size_t names_width = 0;
    for (std::size_t i = 0; i < shown; ++i) {
        address_width = std::max(address_width, width(safe_text(rows[i].address)));
        names_width = std::max(names_width, width(names_text(rows[i])));
    }
    for (std::size_t i = 0; i < shown; ++i) {
        const TableRow& row = rows[i];
        const std::string key = row.key.empty() ? "" : fmt::format("  ({})", row.key);
        page.put(
            {.hang = 2},
            fmt::format(
                "{}  {}  {}{}", padded(safe_text(row.address), address_width),
                padded(names_text(row), names_width), row.outcome, key
            )
        );
    }
    if (shown < rows.size()) {
        page.put({.indent = 2, .hang = 2}, fmt::format("… {} more: -v", rows.size() - shown));
    }
}

void write_config_facts(Page& page, const ConfigFile& file) {
    for (const ConfiguredEndpoint& endpoint : file.configuration.endpoints) {
        write_endpoint(page, endpoint);
    }
}

} // namespace tlsdoctor::report
