// SPDX-License-Identifier: Apache-2.0
// What a configured endpoint has: which door it is, what keeps TLS 1.2 or TLS 1.3 from being
// accepted, and which versions are. A row holds for one endpoint; endpoints with the same row and
// sentence become one finding.
#include <algorithm>

#include "diagnose/config_case.hpp"
#include "diagnose/config_words.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::ConfigDoor;
using evidence::ConfigObstacle;

constexpr auto k_rule_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_rule_tls_1_3 = ProtocolVersion::tls_1_3;

/// Servers whose clear text is HTTP.
constexpr std::string_view k_http_servers[] = {"nginx", "apache", "haproxy", "lighttpd",
                                               "caddy", "tomcat", "hitch",   "squid"};
bool speaks_http(const ConfigCase& open) {
    return std::ranges::find(k_http_servers, open.configuration.server) != std::end(k_http_servers);
}

template <ConfigDoor door>
bool door_is(const ConfigCase& open) {
    return open.endpoint.door == door;
}

bool is_plain_http(const ConfigCase& open) {
    return door_is<ConfigDoor::plain>(open) && speaks_http(open) && open.endpoint.meant_for_tls;
}

bool is_plain_other(const ConfigCase& open) {
    return door_is<ConfigDoor::plain>(open) && !speaks_http(open) && open.endpoint.meant_for_tls;
}

bool refuses_no_name(const ConfigCase& open) {
    return door_is<ConfigDoor::name_refused>(open) && !open.endpoint.sni;
}

/// Servers refuse unknown names on purpose; a name of the configuration is none of these.
bool refuses_unknown_names(const ConfigCase& open) {
    return door_is<ConfigDoor::name_refused>(open) && open.endpoint.sni == "*";
}

/// Somebody asked for a name that is none of the configuration's, and expects an answer.
bool refuses_asked_name(const ConfigCase& open) {
    const auto& asked = open.question.endpoints;
    return refuses_unknown_names(open) && asked &&
           std::ranges::any_of(open.question.expect, &Expectation::accepted) &&
           std::ranges::all_of(*asked, [&](std::size_t number) {
               return open.configuration.endpoints[number].door == ConfigDoor::name_refused;
           });
}

bool refuses_this_name(const ConfigCase& open) {
    return door_is<ConfigDoor::name_refused>(open) && open.endpoint.sni && open.endpoint.sni != "*";
}

bool is_tls(const ConfigCase& open) {
    return open.endpoint.door == ConfigDoor::tls;
}

bool has_legacy(const ConfigCase& open) {
    return !open.accepted.empty() && open.accepted.front() < k_rule_tls_1_2;
}

/// TLS 1.2 (or everything) fails, and this is why.
template <ConfigObstacle... obstacles>
bool fails_by(const ConfigCase& open) {
    const ConfigObstacle main = main_obstacle(open);
    return is_tls(open) && !accepts(open, k_rule_tls_1_2) && ((main == obstacles) || ...);
}

bool is_java(const ConfigCase& open) {
    return open.configuration.library == "Java";
}

bool fails_by_java(const ConfigCase& open) {
    return is_java(open) && fails_by<ConfigObstacle::security_level>(open);
}

bool fails_by_level(const ConfigCase& open) {
    return !is_java(open) && fails_by<ConfigObstacle::security_level>(open);
}

bool fails_by_settings(const ConfigCase& open) {
    return fails_by<
        ConfigObstacle::not_enabled, ConfigObstacle::system_policy, ConfigObstacle::not_built,
        ConfigObstacle::none>(open);
}

bool no_version_is_left(const ConfigCase& open) {
    return open.accepted.empty() && fails_by_settings(open);
}

bool has_hole(const ConfigCase& open) {
    return fails_by_settings(open) && accepts(open, k_rule_tls_1_3) && has_legacy(open);
}

bool only_tls13(const ConfigCase& open) {
    return fails_by_settings(open) && accepts(open, k_rule_tls_1_3) && !has_legacy(open);
}

bool only_legacy(const ConfigCase& open) {
    return fails_by_settings(open) && has_legacy(open) && !accepts(open, k_rule_tls_1_3);
}

bool legacy_enabled(const ConfigCase& open) {
    return has_legacy(open) && open.accepted.back() >= k_rule_tls_1_2;
}

bool tops_out_at_tls_1_2(const ConfigCase& open) {
    return accepts(open, k_rule_tls_1_2) && !accepts(open, k_rule_tls_1_3);
}

bool is_healthy(const ConfigCase& open) {
    return accepts(open, k_rule_tls_1_2) && accepts(open, k_rule_tls_1_3) && !has_legacy(open);
}

bool fails_expectations(const ConfigCase& open) {
    return !unexpected_in(open).empty();
}

constexpr std::string_view k_of_a_running_server =
    "a handshake with the running server that succeeds";
constexpr std::string_view k_other_file = "another file that the running server reads";

constexpr ConfigRule k_config_rules[] = {
    {.cause = "not_tls_plain_http",
     .holds = is_plain_http,
     .summary = says_plain,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "not_tls_other_protocol",
     .holds = is_plain_other,
     .summary = says_plain,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "starttls_not_offered",
     .holds = door_is<ConfigDoor::starttls_not_offered>,
     .summary = says_starttls_not_offered,
     .refuted_by = k_of_a_running_server},
    {.cause = "port_closed",
     .holds = door_is<ConfigDoor::not_listening>,
     .summary = says_closed_port,
     .refuted_by = "another process that listens there"},
    {.cause = "sni_missing",
     .holds = refuses_no_name,
     .summary = says_name_needed,
     .refuted_by = k_of_a_running_server,
     .status = Status::warn},
    {.cause = "sni_unknown",
     .holds = refuses_this_name,
     .summary = says_this_name,
     .refuted_by = k_of_a_running_server},
    {.cause = "sni_unknown",
     .holds = refuses_asked_name,
     .summary = says_unknown_names,
     .refuted_by = k_of_a_running_server},
    {.cause = "sni_unknown",
     .holds = refuses_unknown_names,
     .summary = says_unknown_names,
     .refuted_by = k_of_a_running_server,
     .status = Status::ok},
    {.cause = "server_no_certificate",
     .holds = door_is<ConfigDoor::no_certificate>,
     .summary = says_no_certificate,
     .refuted_by = k_of_a_running_server},
    {.cause = "closed_after_hello",
     .holds = door_is<ConfigDoor::closes>,
     .summary = says_closes,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "cert_key_type_mismatch",
     .holds = fails_by<ConfigObstacle::key_mismatch>,
     .summary = says_key_mismatch,
     .refuted_by = "a second certificate that the running server has"},
    {.cause = "no_common_cipher",
     .holds = fails_by<ConfigObstacle::no_suite, ConfigObstacle::no_dh_parameters>,
     .summary = says_no_cipher,
     .refuted_by = k_of_a_running_server},
    {.cause = "no_common_group",
     .holds = fails_by<ConfigObstacle::no_group>,
     .summary = says_no_group,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "seclevel_blocks_old_tls",
     .holds = fails_by_level,
     .summary = says_level,
     .refuted_by = k_of_a_running_server},
    {.cause = "java_disabled_algorithms",
     .holds = fails_by_java,
     .summary = says_java,
     .refuted_by = k_of_a_running_server,
     .side = Side::server},
    {.cause = "server_protocol_config",
     .holds = no_version_is_left,
     .summary = says_no_version,
     .refuted_by = k_other_file},
    {.cause = "server_protocol_config",
     .holds = has_hole,
     .summary = says_hole,
     .refuted_by = k_other_file},
    {.cause = "server_only_tls13",
     .holds = only_tls13,
     .summary = says_only_tls13,
     .refuted_by = k_other_file},
    {.cause = "server_only_legacy",
     .holds = only_legacy,
     .summary = says_only_legacy,
     .refuted_by = k_other_file},
    {.cause = "expectation_failed",
     .holds = fails_expectations,
     .summary = says_unexpected,
     .refuted_by = k_other_file},
    {.cause = "legacy_versions_enabled",
     .holds = legacy_enabled,
     .summary = says_legacy,
     .refuted_by = k_other_file},
    {.cause = "no_tls13",
     .holds = tops_out_at_tls_1_2,
     .summary = says_no_tls13,
     .refuted_by = k_other_file},
    {.cause = "healthy",
     .holds = is_healthy,
     .summary = says_healthy,
     .refuted_by = "a process other than this server that answers"},
};

} // namespace

std::span<const ConfigRule> config_rules() {
    return k_config_rules;
}

} // namespace tlsdoctor::diagnose
