// SPDX-License-Identifier: Apache-2.0
// Takes a target apart, left to right: scheme, user, host, port, path. Errors carry the column,
// because the wrong character is often an invisible one that was pasted.
#include "cli/target.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/scheme.hpp"
#include "net/address.hpp"
#include "net/idn.hpp"
#include "net/starttls.hpp"

namespace tlsdoctor::cli {

namespace {

/// The parts of a target; all borrow from its text.
struct Parts {
    const Scheme* scheme{};
    std::string_view authority{};
    std::string_view path{}; ///< with its leading `/`, `?` or `#`
};

/// A host and its port as typed.
struct HostPort {
    std::string_view host{};
    std::optional<std::string_view> port{};
    bool bracketed{};
};

std::unexpected<TargetError> wrong(std::string what, std::size_t column = 0) {
    return std::unexpected{TargetError{.what = std::move(what), .column = column}};
}

/// The column in `whole` of the first character of `part`, which borrows from it.
std::size_t column_of(std::string_view whole, std::string_view part) {
    return static_cast<std::size_t>(part.data() - whole.data()) + 1;
}

std::expected<const Scheme*, TargetError> read_scheme(std::string_view name) {
    const std::string wanted = lower(name);
    if (const Scheme* const scheme = find_scheme(wanted)) {
        return scheme;
    }
    std::vector<std::string_view> names;
    for (const Scheme& scheme : schemes()) {
        names.push_back(scheme.name);
    }
    const auto meant = nearest(wanted, names);
    return wrong(
        meant ? fmt::format("unknown scheme '{}'; did you mean '{}'?", harmless(name), *meant)
              : fmt::format("unknown scheme '{}'; HOST:PORT works without one", harmless(name)),
        1
    );
}

std::expected<Parts, TargetError> taken_apart(std::string_view text) {
    Parts parts;
    const std::size_t colon = text.find("://");
    // `host/?u=http://x` has a scheme in its query and none of its own
    if (colon != std::string_view::npos && text.find_first_of("/?#") == colon + 1) {
        const auto scheme = read_scheme(text.substr(0, colon));
        if (!scheme) {
            return std::unexpected{scheme.error()};
        }
        parts.scheme = *scheme;
        text.remove_prefix(colon + 3);
    }
    const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
    parts.authority = text.substr(0, end);
    parts.path = text.substr(end);
    if (const std::size_t at = parts.authority.rfind('@'); at != std::string_view::npos) {
        parts.authority.remove_prefix(at + 1);
    }
    return parts;
}

std::expected<HostPort, TargetError>
bracketed_host(std::string_view whole, std::string_view authority) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) {
        return wrong("'[' without ']'", column_of(whole, authority));
    }
    HostPort result{.host = authority.substr(1, end - 1), .bracketed = true};
    const std::string_view rest = authority.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') {
        return wrong("after ']' only ':PORT' may follow", column_of(whole, rest));
    }
    if (!rest.empty()) {
        result.port = rest.substr(1);
    }
    if (!net::is_v6(result.host)) {
        return wrong(
            "what stands in brackets is not an IPv6 address", column_of(whole, authority) + 1
        );
    }
    return result;
}

std::expected<HostPort, TargetError>
split_port(std::string_view whole, std::string_view authority) {
    if (authority.starts_with('[')) {
        return bracketed_host(whole, authority);
    }
    if (std::count(authority.begin(), authority.end(), ':') > 1) {
        if (net::is_v6(authority)) {
            return HostPort{.host = authority};
        }
        return wrong(
            "more than one ':' and not an IPv6 address; with a port it is written [ADDRESS]:PORT",
            column_of(whole, authority)
        );
    }
    const std::size_t colon = authority.find(':');
    if (colon == std::string_view::npos) {
        return HostPort{.host = authority};
    }
    return HostPort{.host = authority.substr(0, colon), .port = authority.substr(colon + 1)};
}

std::expected<std::uint16_t, TargetError> read_port(
    std::string_view whole, const HostPort& typed, const Scheme* scheme, const TargetRules& rules
) {
    if (typed.port &&
        !(typed.port->empty() && scheme)) { // `https://host:/` is legal [RFC 3986 3.2.3]
        const auto number = number_in(*typed.port, 65535);
        if (!number || *number == 0) {
            return wrong(
                typed.port->empty()
                    ? std::string{"no port after ':'"}
                    : fmt::format(
                          "'{}' is not a port; ports are 1 to 65535", harmless(*typed.port)
                      ),
                column_of(whole, *typed.port)
            );
        }
        return static_cast<std::uint16_t>(*number);
    }
    if (rules.port) {
        return *rules.port;
    }
    return scheme ? scheme->port : std::uint16_t{443};
}

/// Refuses what a resolver or a server would misunderstand, with the place where it stands.
std::optional<TargetError> bad_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte <= 0x20 || byte == 0x7f) {
            return TargetError{
                .what = byte == 0x20 ? std::string{"a space inside a target"}
                                     : fmt::format("the control character 0x{:02x}", byte),
                .column = i + 1
            };
        }
    }
    return std::nullopt;
}

/// Whether the last label is a number: no such top-level domain can exist, so `10.0.0` or `443` is
/// an address or a port gone wrong, and must not go to the DNS.
bool ends_in_number(std::string_view host) {
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return !last.empty() &&
           std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A password in a URL is nobody's business: not of a result that is passed on, nor of a command
/// line.
std::string without_userinfo(std::string_view whole) {
    const std::size_t scheme = whole.find("://");
    const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(whole.find_first_of("/?#", start), whole.size());
    const std::size_t at = whole.substr(start, end - start).rfind('@');
    return at == std::string_view::npos
               ? std::string{whole}
               : std::string{whole.substr(0, start)} + std::string{whole.substr(start + at + 1)};
}

/// Tells whether TLS begins at once where this port is used as the table of schemes has it.
bool is_tls_port(std::uint16_t port) {
    const auto begins_with_tls = [&](const Scheme& scheme) {
        return scheme.port == port && scheme.starttls.empty();
    };
    return std::ranges::any_of(schemes(), begins_with_tls) || port == 8443;
}

/// Decides how TLS begins: the option, else the scheme (`https:` says that it begins at once), else
/// the port, else the greeting.
void choose_starttls(const Scheme* scheme, const TargetRules& rules, evidence::Target& target) {
    if (rules.starttls == "none") {
        return;
    }
    if (rules.starttls != "auto") {
        target.starttls = rules.starttls;
        return;
    }
    if (scheme != nullptr) {
        const bool upgrades = !scheme->starttls.empty();
        target.starttls = upgrades ? std::optional(std::string{scheme->starttls}) : std::nullopt;
        return;
    }
    if (const net::StarttlsProtocol* const row = net::starttls_on_port(target.port)) {
        target.starttls = std::string{row->name};
    }
    target.listens = !is_tls_port(target.port);
}

std::expected<evidence::Target, TargetError>
target_from(std::string_view whole, const Parts& parts, const TargetRules& rules) {
    const auto typed = split_port(whole, parts.authority);
    if (!typed) {
        return std::unexpected{typed.error()};
    }
    if (typed->host.empty()) {
        return wrong("no host", column_of(whole, parts.authority));
    }
    const auto port = read_port(whole, *typed, parts.scheme, rules);
    if (!port) {
        return std::unexpected{port.error()};
    }
    evidence::Target target{
        .input = without_userinfo(whole),
        .scheme = parts.scheme ? std::string{parts.scheme->name} : std::string{},
        .port = *port,
        .literal = typed->bracketed || net::is_ip_literal(typed->host)
    };
    if (target.literal) {
        if (!parts.scheme && parts.path.size() > 1 && number_in(parts.path.substr(1), 128)) {
            return wrong(
                "ranges of addresses are not in this version", column_of(whole, parts.path)
            );
        }
        target.host = lower(typed->host);
    } else {
        const auto name = read_name(typed->host);
        if (!name) {
            return wrong(name.error().what, column_of(whole, typed->host));
        }
        target.host = *name;
        target.sni = *name;
    }
    if (rules.sni) {
        target.sni = rules.sni;
    }
    if (rules.no_sni) {
        target.sni.reset();
    }
    choose_starttls(parts.scheme, rules, target);
    return target;
}

} // namespace

std::expected<evidence::Target, TargetError>
read_target(std::string_view text, const TargetRules& rules) {
    const std::string_view whole = trimmed(text);
    if (whole.empty()) {
        return wrong("an empty target");
    }
    if (const auto bad = bad_character(whole)) {
        return std::unexpected{*bad};
    }
    const auto parts = taken_apart(whole);
    if (!parts) {
        return std::unexpected{parts.error()};
    }
    return target_from(whole, *parts, rules);
}

std::expected<AddressAndPort, TargetError> read_address(std::string_view text) {
    const auto address = net::parse_address(trimmed(text), 0);
    if (!address) {
        return wrong("not an IP address with or without a port");
    }
    return AddressAndPort{
        .address = address->text,
        .port = address->port == 0 ? std::nullopt : std::optional{address->port}
    };
}

std::expected<std::string, TargetError> read_name(std::string_view text) {
    std::string_view name = text;
    if (name.ends_with('.')) {
        name.remove_suffix(1); // the DNS root; in server_name it breaks handshakes with Go and Java
    }
    if (name.starts_with('-')) {
        return wrong("a name cannot begin with '-'", 1);
    }
    if (net::is_ip_literal(name)) {
        return wrong("an IP address is not a name", 1);
    }
    if (ends_in_number(name)) {
        return wrong(
            fmt::format("'{}' is neither a name nor a whole IPv4 address", harmless(name)), 1
        );
    }
    auto ascii = net::to_ascii(name);
    if (!ascii) {
        return wrong(ascii.error().text, 1);
    }
    return std::move(*ascii);
}

} // namespace tlsdoctor::cli
