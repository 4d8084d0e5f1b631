// SPDX-License-Identifier: Apache-2.0
// Reads lists of targets line by line.
#include "cli/target_list.hpp"

#include <optional>

#include "base/text.hpp"
#include "net/address.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";

/// The line without its comment: `#` at the beginning or after a space, since a URL may hold one.
std::string_view without_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
            return line.substr(0, i);
        }
    }
    return line;
}

/// Reads zgrab2's `ip,name,tag,port`: go to the address, send the name; either may be left out.
std::expected<evidence::Target, TargetError>
read_row(std::string_view line, const TargetRules& rules) {
    const std::vector<std::string_view> fields = split(line, ',');
    const std::string_view ip = trimmed(fields[0]);
    const std::string_view name = trimmed(fields[1]);
    const std::string_view port = fields.size() > 3 ? trimmed(fields[3]) : std::string_view{};
    TargetRules row_rules = rules;
    if (!port.empty()) {
        const auto number = number_in(port, 65535);
        if (!number || *number == 0) {
            return std::unexpected{TargetError{.what = "the fourth field is not a port"}};
        }
        row_rules.port = static_cast<std::uint16_t>(*number);
    }
    if (!ip.empty() && !net::is_ip_literal(ip)) {
        return std::unexpected{TargetError{.what = "the first field is not an IP address"}};
    }
    if (!ip.empty() && !name.empty() && !rules.sni) {
        auto sni = read_name(name);
        if (!sni) {
            return std::unexpected{std::move(sni.error())};
        }
        row_rules.sni = std::move(*sni);
    }
    auto target = read_target(ip.empty() ? name : ip, row_rules);
    if (target) {
        target->input = std::string{line};
    }
    return target;
}

} // namespace

TargetList read_target_list(std::string_view text, const TargetRules& rules) {
    if (text.starts_with(k_byte_order_mark)) {
        text.remove_prefix(k_byte_order_mark.size());
    }
    TargetList list;
    std::size_t number = 0;
    for (const std::string_view raw : split(text, '\n')) {
        ++number;
        const std::string_view line = trimmed(without_comment(raw));
        if (line.empty()) {
            continue;
        }
        auto target = line.contains(',') ? read_row(line, rules) : read_target(line, rules);
        if (target) {
            list.targets.push_back(std::move(*target));
        } else {
            list.problems.push_back({.line = number, .error = std::move(target.error())});
        }
    }
    return list;
}

} // namespace tlsdoctor::cli
