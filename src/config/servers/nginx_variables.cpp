// SPDX-License-Identifier: Apache-2.0
// Maps and variables; see the header.
#include "config/servers/nginx_variables.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/servers/nginx_names.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_nginx_expansions = 8;
constexpr std::size_t k_most_nginx_lookups = 100;
constexpr std::string_view k_nginx_sni_variables[] = {"ssl_server_name", "ssl_preread_server_name"};
constexpr std::string_view k_nginx_map_words[] = {"default", "hostnames", "volatile"};
constexpr std::string_view k_nginx_variable_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/// A `$name` or `${name}` in a text.
struct NginxReference {
    std::string_view name{};
    std::size_t end{}; ///< behind it
};

NginxReference nginx_reference(std::string_view text, std::size_t dollar) {
    const bool braced = dollar + 1 < text.size() && text[dollar + 1] == '{';
    const std::size_t begin = dollar + (braced ? 2 : 1);
    const std::size_t end =
        std::min(text.find_first_not_of(k_nginx_variable_letters, begin), text.size());
    if (begin > text.size()) {
        return {{}, text.size()};
    }
    const std::size_t closing = braced && end < text.size() && text[end] == '}' ? 1 : 0;
    return {text.substr(begin, end - begin), end + closing};
}

/// Tells whether a host pattern of `map ... { hostnames; }` fits: `*.x`, `.x`, `x.*`.
bool nginx_host_fits(std::string_view pattern, std::string_view name) {
    if (pattern.starts_with('.')) {
        return name == pattern.substr(1) || name.ends_with(pattern);
    }
    if (pattern.starts_with("*.")) {
        return name.size() >= pattern.size() && name.ends_with(pattern.substr(1));
    }
    return pattern.ends_with(".*") && name.starts_with(pattern.substr(0, pattern.size() - 1));
}

/// How well a key of a map fits a value, 0: not. Exact keys come first, then the longest pattern.
std::size_t nginx_map_rank(std::string_view key, std::string_view value, bool hostnames) {
    const std::string small = lower(key);
    constexpr std::size_t k_exact = 1'000'000;
    if (key.starts_with('~')) {
        const std::string name = nginx_regex_name(key);
        return !name.empty() && (name == value || nginx_host_fits(name, value)) ? 1 : 0;
    }
    if (small == value) {
        return k_exact;
    }
    return hostnames && nginx_host_fits(small, value) ? 1 + small.size() : 0;
}

} // namespace

NginxVariables::NginxVariables(const NginxDirective& outer) {
    for (const NginxDirective* const map : nginx_named(outer.body, "map")) {
        if (map->arguments() == 2 && map->argument(1).starts_with('$')) {
            maps_.push_back(map);
        }
    }
}

std::optional<std::string> NginxVariables::expanded(
    std::string_view text, std::string_view name, std::vector<const Statement*>& used,
    std::size_t depth
) const {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t dollar = std::min(text.find('$', at), text.size());
        result += text.substr(at, dollar - at);
        if (dollar == text.size()) {
            break;
        }
        const NginxReference reference = nginx_reference(text, dollar);
        const auto value = value_of(reference.name, name, used, depth);
        if (!value) {
            return std::nullopt;
        }
        result += *value;
        at = reference.end;
    }
    return result;
}

std::optional<std::string> NginxVariables::value_of(
    std::string_view variable, std::string_view name, std::vector<const Statement*>& used,
    std::size_t depth
) const {
    if (std::ranges::find(k_nginx_sni_variables, variable) != std::end(k_nginx_sni_variables)) {
        return std::string{name};
    }
    const auto map = std::ranges::find_if(maps_, [&](const NginxDirective* one) {
        return one->argument(1).substr(1) == variable;
    });
    if (map == maps_.end() || depth >= k_most_nginx_expansions ||
        used.size() >= k_most_nginx_lookups) {
        return std::nullopt;
    }
    const auto source = expanded((*map)->argument(0), name, used, depth + 1);
    if (!source) {
        return std::nullopt;
    }
    const bool hostnames = !nginx_named((*map)->body, "hostnames").empty();
    const NginxDirective* best = nullptr;
    std::size_t best_rank = 0;
    for (const NginxDirective& entry : (*map)->body) {
        if (entry.arguments() != 1) {
            continue;
        }
        const bool otherwise = entry.name() == "default" && best == nullptr;
        const std::size_t rank = nginx_map_rank(entry.name(), *source, hostnames);
        if (otherwise || (entry.name() != "default" && rank > best_rank)) {
            best = &entry;
            best_rank = rank;
        }
    }
    if (best == nullptr) {
        return "";
    }
    used.push_back(best->statement);
    return expanded(best->argument(0), name, used, depth + 1);
}

std::vector<std::string> NginxVariables::names() const {
    std::vector<std::string> names;
    for (const NginxDirective* const map : maps_) {
        std::vector<const Statement*> used;
        if (!expanded(map->argument(0), "", used)) {
            continue; // it tells other things apart: addresses, headers
        }
        for (const NginxDirective& entry : map->body) {
            const std::string_view key = entry.name();
            const bool word =
                std::ranges::find(k_nginx_map_words, key) != std::end(k_nginx_map_words);
            if (word || key.empty()) {
                continue;
            }
            if (key.starts_with('.')) {
                names.push_back(lower(key.substr(1)));
                names.push_back("*" + lower(key));
            } else if (!key.starts_with('~')) {
                names.push_back(lower(key));
            } else if (std::string name = nginx_regex_name(key); !name.empty()) {
                names.push_back(std::move(name));
            }
        }
    }
    return names;
}

std::string nginx_sample_name(const std::optional<std::string>& sni) {
    if (!sni) {
        return {};
    }
    if (sni->ends_with(".*")) {
        return sni->substr(0, sni->size() - 1) + "invalid";
    }
    return *sni == "*" ? "other.invalid" : sni->starts_with("*.") ? "other" + sni->substr(1) : *sni;
}

} // namespace tlsdoctor::config
