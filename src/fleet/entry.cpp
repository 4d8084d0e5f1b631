// SPDX-License-Identifier: Apache-2.0
// One line at a time; what a word means as a target is not decided here.
#include "fleet/entry.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::fleet {

namespace {

constexpr std::string_view k_grepable = "Host: ";
constexpr std::string_view k_nmap_comment = "# Nmap ";

/// The line without its comment: `#` at the beginning or after a space, since a URL may hold one.
std::string_view before_comment(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
            return line.substr(0, i);
        }
    }
    return line;
}

ListItem wrong(std::size_t line, std::string what) {
    return ListProblem{.line = line, .what = std::move(what)};
}

std::optional<std::uint16_t> port_in(std::string_view text) {
    const auto number = number_in(text, 65535);
    return number && *number != 0 ? std::optional(static_cast<std::uint16_t>(*number))
                                  : std::nullopt;
}

ListItem block_item(std::string_view text, Entry entry) {
    auto block = read_block(text);
    if (!block) {
        return wrong(entry.line, std::move(block.error()));
    }
    entry.block = *block;
    return entry;
}

/// A field of a row without its quotes.
std::string_view unquoted(std::string_view field) {
    field = trimmed(field);
    const bool quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
    return quoted ? trimmed(field.substr(1, field.size() - 2)) : field;
}

/// Reads zgrab2's `ip,name,tag,port`: go to the address, send the name; either may be left out.
ListItem row_item(std::string_view line, std::size_t number) {
    const std::vector<std::string_view> fields = split(line, ',');
    const std::string_view ip = unquoted(fields[0]);
    const std::string_view name = unquoted(fields[1]);
    const std::string_view port = fields.size() > 3 ? unquoted(fields[3]) : std::string_view{};
    Entry entry{.input = std::string(line), .line = number};
    if (!port.empty()) {
        entry.port = port_in(port);
        if (!entry.port) {
            return wrong(number, "the fourth field is not a port");
        }
    }
    if (is_block(ip) && name.empty()) {
        return block_item(ip, std::move(entry));
    }
    if (!ip.empty() && !ip_in(ip)) {
        return wrong(
            number, is_block(ip) ? "one name cannot belong to a block of addresses"
                                 : "the first field is not an IP address"
        );
    }
    entry.word = ip.empty() ? name : ip;
    entry.name = ip.empty() ? std::string_view{} : name;
    return entry;
}

/// `192.0.2.0/24`, `2001:db8::/112`, `192.0.2.0/24:8443`, `[2001:db8::/112]:8443`; nullopt where
/// the text is none of them.
std::optional<ListItem> block_with_port(std::string_view text, std::size_t number) {
    Entry entry{.input = std::string(text), .line = number};
    std::string_view block = text;
    if (text.starts_with('[') && text.contains(']')) {
        const std::size_t end = text.find(']');
        block = text.substr(1, end - 1);
        entry.port =
            text.substr(end + 1).starts_with(':') ? port_in(text.substr(end + 2)) : std::nullopt;
        if (is_block(block) && !entry.port && end + 1 != text.size()) {
            return wrong(number, "after ']' only ':PORT' may follow");
        }
    } else if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
        const std::size_t colon = text.find(':', slash);
        block = text.substr(0, colon);
        if (colon != std::string_view::npos) {
            entry.port = port_in(text.substr(colon + 1));
            if (is_block(block) && !entry.port) {
                return wrong(number, "after the block's ':' a port is wanted");
            }
        }
    }
    return is_block(block) ? std::optional(block_item(block, std::move(entry))) : std::nullopt;
}

/// A port of nmap's grepable output: `443/open/tcp//https///`.
std::optional<std::uint16_t> open_port(std::string_view text) {
    const std::vector<std::string_view> parts = split(trimmed(text), '/');
    const bool open = parts.size() >= 3 && parts[1] == "open" && parts[2] == "tcp";
    return open ? port_in(parts[0]) : std::nullopt;
}

} // namespace

void LineReader::note_comment(std::string_view line) {
    // "# Nmap 7.93 scan initiated Mon Nov 23 10:00:00 2026 as: nmap -n -oG - example.com"
    const std::size_t as = line.find(" as: ");
    if (!line.starts_with(k_nmap_comment) || as == std::string_view::npos) {
        return;
    }
    typed_.clear();
    no_reverse_dns_ = false;
    for (const std::string_view word : split(line.substr(as + 5), ' ')) {
        no_reverse_dns_ = no_reverse_dns_ || word == "-n";
        typed_.push_back(lower(word));
    }
}

bool LineReader::was_typed(std::string_view name) const {
    return no_reverse_dns_ || std::ranges::find(typed_, lower(name)) != typed_.end();
}

std::vector<ListItem> LineReader::read_grepable(std::string_view line, std::size_t number) const {
    std::vector<ListItem> items;
    std::string_view rest = trimmed(line.substr(k_grepable.size()));
    const std::string_view address = rest.substr(0, rest.find_first_of(" \t"));
    if (!ip_in(address)) {
        items.push_back(wrong(number, "no IP address after 'Host:'"));
        return items;
    }
    std::string_view name;
    const std::size_t open = rest.find('(');
    const std::size_t close = rest.find(')');
    if (open != std::string_view::npos && close != std::string_view::npos && open < close) {
        name = rest.substr(open + 1, close - open - 1);
    }
    constexpr std::string_view k_ports = "Ports: ";
    const std::size_t ports = rest.find(k_ports);
    if (ports == std::string_view::npos) {
        return items; // `Status: Up`
    }
    rest = rest.substr(ports + k_ports.size());
    rest = rest.substr(0, rest.find('\t'));
    for (const std::string_view text : split(rest, ',')) {
        if (const auto port = open_port(text)) {
            items.push_back(Entry{
                .word = std::string(address),
                .port = port,
                .name = std::string(!name.empty() && was_typed(name) ? name : std::string_view{}),
                .input = fmt::format(
                    "{}:{}", address.contains(':') ? fmt::format("[{}]", address) : address, *port
                ),
                .line = number
            });
        }
    }
    return items;
}

std::vector<ListItem> LineReader::read(std::string_view whole, std::size_t number) {
    if (whole.starts_with(k_grepable)) {
        return read_grepable(whole, number); // a service's name may hold a '#'
    }
    note_comment(whole);
    const std::string_view line = trimmed(before_comment(whole));
    std::vector<ListItem> items;
    if (line.empty()) {
        return items;
    }
    const std::size_t comma = line.find(',');
    if (comma != std::string_view::npos && comma < line.find("://")) { // a URL may hold one, too
        items.push_back(row_item(line, number));
    } else if (auto block = block_with_port(line, number)) {
        items.push_back(std::move(*block));
    } else {
        items.push_back(Entry{.word = std::string(line), .input = std::string(line), .line = number}
        );
    }
    return items;
}

std::expected<std::vector<std::uint16_t>, std::string> read_ports(std::string_view text) {
    std::vector<std::uint16_t> ports;
    std::set<std::uint16_t> seen;
    for (const std::string_view part : split(text, ',')) {
        const std::string_view range = trimmed(part);
        const std::size_t dash = range.find('-');
        const auto first = port_in(range.substr(0, dash));
        const auto last = dash == std::string_view::npos ? first : port_in(range.substr(dash + 1));
        if (!first || !last || *last < *first) {
            return std::unexpected(
                fmt::format("'{}' is not a port of 1 to 65535, or a range of them", harmless(range))
            );
        }
        for (std::uint32_t port = *first; port <= *last; ++port) {
            if (seen.insert(static_cast<std::uint16_t>(port)).second) {
                ports.push_back(static_cast<std::uint16_t>(port));
            }
        }
    }
    return ports;
}

} // namespace tlsdoctor::fleet
