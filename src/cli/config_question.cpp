// SPDX-License-Identifier: Apache-2.0
// Chooses endpoints as the server would.
#include "cli/config_question.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::Configuration;
using evidence::ConfiguredEndpoint;

constexpr std::string_view k_every_address[] = {"0.0.0.0", "[::]", "*"};

std::string_view host_of(std::string_view address) {
    return address.substr(0, address.rfind(':'));
}
std::string_view port_of(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    return colon == std::string_view::npos ? std::string_view{} : address.substr(colon + 1);
}

bool is_port(std::string_view text) {
    return number_in(text, 65535).has_value();
}

/// `443`, `:443`, `127.0.0.1`, `[::1]:443`.
bool names_address(std::string_view typed, std::string_view address) {
    if (typed.empty() || typed == address) {
        return true;
    }
    const std::string_view bare = typed.front() == ':' ? typed.substr(1) : typed;
    if (is_port(bare)) {
        return port_of(address) == bare;
    }
    return host_of(address) == typed || host_of(address) == "[" + std::string{typed} + "]";
}

/// Tells whether what was typed is an address with a port: `127.0.0.1:443`, `[::1]:443`, not `::1`.
bool has_port(std::string_view typed) {
    const bool bare_ipv6 = !typed.starts_with('[') && std::ranges::count(typed, ':') > 1;
    return !bare_ipv6 && is_port(port_of(typed));
}

/// A server that listens on every address answers on this one too.
bool covers_address(std::string_view typed, std::string_view address) {
    const bool every =
        std::ranges::find(k_every_address, host_of(address)) != std::end(k_every_address);
    const bool port_alone = is_port(typed) || typed.starts_with(':');
    return every && !port_alone && (!has_port(typed) || port_of(typed) == port_of(address));
}

/// How well an endpoint fits a name: 0 not at all; the longer the pattern the better.
std::size_t fit_of(const ConfiguredEndpoint& endpoint, const std::optional<std::string>& sni) {
    constexpr std::size_t k_exact = 100'000;
    if (!sni || !endpoint.sni) {
        return sni.has_value() == endpoint.sni.has_value() ? k_exact : 0;
    }
    const std::string_view pattern = *endpoint.sni;
    if (same_ignoring_case(pattern, *sni)) {
        return k_exact;
    }
    if (pattern == "*") {
        return 1;
    }
    const bool covers =
        pattern.starts_with("*.") && sni->size() >= pattern.size() &&
        same_ignoring_case(
            std::string_view{*sni}.substr(sni->size() - pattern.size() + 1), pattern.substr(1)
        );
    return covers ? pattern.size() : 0;
}

std::vector<std::size_t>
at_addresses(const Configuration& configuration, const std::string& typed, auto&& fits) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < configuration.endpoints.size(); ++i) {
        if (fits(typed, configuration.endpoints[i].address)) {
            found.push_back(i);
        }
    }
    return found;
}

} // namespace

std::vector<std::size_t> endpoints_for(
    const Configuration& configuration, const std::string& address, bool any_name,
    const std::optional<std::string>& sni
) {
    std::vector<std::size_t> found = at_addresses(configuration, address, names_address);
    if (found.empty()) {
        found = at_addresses(configuration, address, covers_address);
    }
    if (any_name) {
        return found;
    }
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> best;
    for (const std::size_t number : found) {
        const ConfiguredEndpoint& endpoint = configuration.endpoints[number];
        const std::size_t fit = fit_of(endpoint, sni);
        auto& [known, at] = best[{endpoint.address, endpoint.starttls.value_or("")}];
        if (fit > known) {
            known = fit;
            at = number;
        }
    }
    std::vector<std::size_t> chosen;
    for (const auto& [key, value] : best) {
        if (value.first > 0) {
            chosen.push_back(value.second);
        }
    }
    std::ranges::sort(chosen);
    return chosen;
}

diagnose::ConfigQuestion
config_question(const Options& options, const Configuration& configuration) {
    const ConfigSettings& config = options.config;
    diagnose::ConfigQuestion question{
        .expect = options.visit.question.expect, .target = config.target
    };
    const bool any_name = !config.sni && !config.no_sni;
    if (!any_name || !config.address.empty()) {
        question.endpoints = endpoints_for(configuration, config.address, any_name, config.sni);
    }
    return question;
}

} // namespace tlsdoctor::cli
