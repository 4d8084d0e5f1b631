// SPDX-License-Identifier: Apache-2.0
// The rules of nginx's directives as tables; see the header.
#include "config/servers/nginx_rules.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

/// How often a directive may stand in one block. `once`: twice is an error. `many`: the lines add
/// up.
enum class NginxTimes : std::uint8_t { once, many };

struct NginxRule {
    std::string_view name{};
    NginxTimes times{};
    std::string_view since{}; ///< of nginx; empty: ever
    std::string_view until{}; ///< the first version without it
    bool flag{};              ///< `on` or `off`
};

// From the documentation of nginx's http, stream and mail ssl modules, and CHANGES.
// clang-format off
constexpr NginxRule k_nginx_rules[] = {
    {"ssl", NginxTimes::once, "", "1.25.1", true},
    {"ssl_alpn", NginxTimes::once, "1.21.4", "", false},
    {"ssl_buffer_size", NginxTimes::once, "1.5.9", "", false},
    {"ssl_certificate", NginxTimes::many, "", "", false},
    {"ssl_certificate_cache", NginxTimes::once, "1.27.4", "", false},
    {"ssl_certificate_compression", NginxTimes::once, "1.29.1", "", true},
    {"ssl_certificate_key", NginxTimes::many, "", "", false},
    {"ssl_ciphers", NginxTimes::once, "", "", false},
    {"ssl_client_certificate", NginxTimes::once, "", "", false},
    {"ssl_conf_command", NginxTimes::many, "1.19.4", "", false},
    {"ssl_crl", NginxTimes::once, "", "", false},
    {"ssl_dhparam", NginxTimes::once, "", "", false},
    {"ssl_early_data", NginxTimes::once, "1.15.3", "", true},
    {"ssl_ecdh_curve", NginxTimes::once, "", "", false},
    {"ssl_ech_file", NginxTimes::many, "1.29.4", "", false},
    {"ssl_handshake_timeout", NginxTimes::once, "", "", false},
    {"ssl_key_log", NginxTimes::once, "1.27.2", "", false},
    {"ssl_ocsp", NginxTimes::once, "1.19.0", "", false},
    {"ssl_ocsp_cache", NginxTimes::once, "1.19.0", "", false},
    {"ssl_ocsp_responder", NginxTimes::once, "1.19.0", "", false},
    {"ssl_password_file", NginxTimes::once, "1.7.3", "", false},
    {"ssl_prefer_server_ciphers", NginxTimes::once, "", "", true},
    {"ssl_preread", NginxTimes::once, "1.11.5", "", true},
    {"ssl_protocols", NginxTimes::many, "", "", false},
    {"ssl_reject_handshake", NginxTimes::once, "1.19.4", "", true},
    {"ssl_session_cache", NginxTimes::many, "", "", false},
    {"ssl_session_ticket_key", NginxTimes::many, "1.5.7", "", false},
    {"ssl_session_tickets", NginxTimes::once, "1.5.9", "", true},
    {"ssl_session_timeout", NginxTimes::once, "", "", false},
    {"ssl_stapling", NginxTimes::once, "1.3.7", "", true},
    {"ssl_stapling_file", NginxTimes::once, "1.3.7", "", false},
    {"ssl_stapling_responder", NginxTimes::once, "1.3.7", "", false},
    {"ssl_stapling_verify", NginxTimes::once, "1.3.7", "", true},
    {"ssl_trusted_certificate", NginxTimes::once, "1.3.7", "", false},
    {"ssl_verify_client", NginxTimes::once, "", "", false},
    {"ssl_verify_depth", NginxTimes::once, "", "", false},
};

struct NginxDefault {
    std::string_view until{}; ///< the first version that differs; empty: to this day
    VersionSet versions{};
};

using NginxVersion = ProtocolVersion;
constexpr NginxDefault k_nginx_defaults[] = {
    {"0.8.19", VersionSet::range(NginxVersion::ssl_2_0, NginxVersion::tls_1_0)},
    {"1.1.13", VersionSet::range(NginxVersion::ssl_3_0, NginxVersion::tls_1_0)},
    {"1.9.1", VersionSet::range(NginxVersion::ssl_3_0, NginxVersion::tls_1_2)},
    {"1.23.4", VersionSet::range(NginxVersion::tls_1_0, NginxVersion::tls_1_2)},
    {"1.27.3", VersionSet::range(NginxVersion::tls_1_0, NginxVersion::tls_1_3)},
    {"", VersionSet::range(NginxVersion::tls_1_2, NginxVersion::tls_1_3)},
};

constexpr std::pair<std::string_view, ProtocolVersion> k_nginx_protocols[] = {
    {"SSLv2", NginxVersion::ssl_2_0}, {"SSLv3", NginxVersion::ssl_3_0},   {"TLSv1", NginxVersion::tls_1_0},
    {"TLSv1.1", NginxVersion::tls_1_1}, {"TLSv1.2", NginxVersion::tls_1_2}, {"TLSv1.3", NginxVersion::tls_1_3},
};

constexpr std::string_view k_nginx_names[] = {
    "ssl", "ssl_protocols", "ssl_ciphers", "ssl_ecdh_curve", "ssl_dhparam", "ssl_conf_command",
    "ssl_certificate", "ssl_certificate_key", "ssl_reject_handshake", "starttls",
};

constexpr std::string_view k_nginx_client_side[] = {
    "proxy_ssl", "proxy_ssl_protocols", "proxy_ssl_ciphers", "proxy_ssl_conf_command",
    "grpc_ssl_protocols", "grpc_ssl_ciphers", "grpc_ssl_conf_command",
    "uwsgi_ssl_protocols", "uwsgi_ssl_ciphers", "uwsgi_ssl_conf_command",
};

/// Sections whose bodies are directives; those of `map`, `types` ... are values.
constexpr std::string_view k_nginx_sections[] = {
    "http", "stream", "mail", "server", "location", "if", "limit_except", "upstream",
};
/// Sections in which TLS directives may stand.
constexpr std::string_view k_nginx_tls_sections[] = {"http", "stream", "mail", "server"};
constexpr std::string_view k_nginx_inner_sections[] = {"location", "if", "limit_except"};
// clang-format on

template <std::size_t size>
bool nginx_is_among(const std::string_view (&names)[size], std::string_view name) {
    return std::ranges::find(names, name) != std::end(names);
}

/// Checks one body after the other.
class NginxChecker final {
public:
    explicit NginxChecker(Reading& reading) : reading_{reading} {}

    void check(const std::vector<NginxDirective>& body, std::string_view section) {
        std::map<std::string_view, const Statement*> seen;
        for (const NginxDirective& directive : body) {
            const std::string_view name = directive.name();
            if (name == "ssl" || name.starts_with("ssl_")) {
                check_one(directive, section, seen);
            }
            if (directive.statement->section && nginx_is_among(k_nginx_sections, name)) {
                check(directive.body, name);
            }
        }
    }

private:
    void check_one(
        const NginxDirective& directive, std::string_view section,
        std::map<std::string_view, const Statement*>& seen
    ) {
        const std::string_view name = directive.name();
        const Statement& statement = *directive.statement;
        const auto* const rule = std::ranges::find(k_nginx_rules, name, &NginxRule::name);
        if (name == "ssl_engine") {
            return;
        }
        if (rule == std::end(k_nginx_rules)) {
            reading_.not_understood.push_back(
                {statement.place,
                 fmt::format("\"{}\" is no directive of nginx that is known here", name)}
            );
            return;
        }
        if (!is_in_version(*rule, statement)) {
            return;
        }
        if (!nginx_is_among(k_nginx_tls_sections, section)) {
            fatal(statement, fmt::format("\"{}\" is not allowed here", name));
        }
        if (directive.arguments() == 0 || statement.section) {
            fatal(statement, fmt::format("\"{}\" needs a value and a \";\"", name));
        } else if (rule->flag && !is_flag(directive.argument(0))) {
            fatal(statement, fmt::format("\"{}\" must be \"on\" or \"off\"", name));
        } else if (name == "ssl_protocols") {
            check_protocols(directive);
        }
        const auto [first, fresh] = seen.try_emplace(name, &statement);
        if (!fresh && rule->times == NginxTimes::once) {
            fatal(
                statement, fmt::format(
                               "\"{}\" stands twice in one block; the first is {}", name,
                               reading_.sources.where(first->second->place)
                           )
            );
        }
    }

    bool is_in_version(const NginxRule& rule, const Statement& statement) {
        const std::string& version = reading_.server_version;
        if (older(version, rule.since)) {
            fatal(statement, fmt::format("nginx has \"{}\" since {}", rule.name, rule.since));
            return false;
        }
        if (!rule.until.empty() && !version.empty() && !older(version, rule.until)) {
            fatal(statement, fmt::format("nginx {} no longer has \"{}\"", rule.until, rule.name));
            return false;
        }
        return true;
    }

    static bool is_flag(std::string_view word) {
        return same_ignoring_case(word, "on") || same_ignoring_case(word, "off");
    }

    void check_protocols(const NginxDirective& directive) {
        for (std::size_t i = 0; i < directive.arguments(); ++i) {
            const std::string_view word = directive.argument(i);
            const auto version = nginx_protocol(word);
            const bool too_new =
                version == NginxVersion::tls_1_3 && older(reading_.server_version, "1.13.0");
            if (!version || too_new) {
                fatal(
                    *directive.statement,
                    fmt::format("nginx knows no protocol \"{}\"", harmless(word))
                );
            }
        }
    }

    void fatal(const Statement& statement, std::string what) {
        reading_.fatal.push_back({statement.place, std::move(what)});
    }

    Reading& reading_;
};

} // namespace

std::string_view nginx_name(NginxKey key) {
    return k_nginx_names[static_cast<std::size_t>(key)];
}

NginxLines nginx_lines(const std::vector<NginxDirective>& body) {
    NginxLines lines;
    for (const NginxDirective& directive : body) {
        const auto* const found = std::ranges::find(k_nginx_names, directive.name());
        if (found != std::end(k_nginx_names) && directive.arguments() > 0) {
            lines[static_cast<std::size_t>(found - k_nginx_names)].push_back(directive.statement);
        }
    }
    return lines;
}

void add_nginx_client_side(
    const std::vector<NginxDirective>& body, std::vector<const Statement*>& lines
) {
    for (const NginxDirective& directive : body) {
        if (nginx_is_among(k_nginx_client_side, directive.name())) {
            lines.push_back(directive.statement);
        }
        if (nginx_is_among(k_nginx_inner_sections, directive.name())) {
            add_nginx_client_side(directive.body, lines);
        }
    }
}

VersionSet nginx_default_versions(std::string_view server_version) {
    for (const NginxDefault& row : k_nginx_defaults) {
        if (older(server_version, row.until)) {
            return row.versions;
        }
    }
    return std::rbegin(k_nginx_defaults)->versions;
}

std::optional<ProtocolVersion> nginx_protocol(std::string_view word) {
    for (const auto& [name, version] : k_nginx_protocols) {
        if (same_ignoring_case(name, word)) {
            return version;
        }
    }
    return std::nullopt;
}

VersionSet nginx_listed(const std::vector<const Statement*>& lines) {
    VersionSet set;
    for (const Statement* const line : lines) {
        for (std::size_t i = 1; i < line->words.size(); ++i) {
            if (const auto version = nginx_protocol(line->words[i].text)) {
                set.add(*version);
            }
        }
    }
    return set;
}

bool nginx_is_on(const std::vector<const Statement*>& lines) {
    return !lines.empty() && lines.front()->words.size() > 1 &&
           same_ignoring_case(lines.front()->words[1].text, "on");
}

void check_nginx(const NginxTree& tree, Reading& reading) {
    NginxChecker{reading}.check(tree.root, "");
}

} // namespace tlsdoctor::config
