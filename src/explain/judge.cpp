// SPDX-License-Identifier: Apache-2.0
// What a probe that ran here can rule out. It cannot see another machine's client, network or
// trust store, so causes of these stay open.
#include "explain/judge.hpp"

#include <algorithm>
#include <utility>

namespace tlsdoctor::explain {

namespace {

/// Causes that a server which answered well from here cannot have.
constexpr std::string_view k_not_of_a_healthy_server[] = {
    "server_only_legacy",
    "server_only_tls13",
    "server_no_certificate",
    "cert_key_type_mismatch",
    "weak_dh",
    "seclevel_blocks_old_tls",
    "server_protocol_config",
    "legacy_renegotiation",
    "client_only_tls13",
    "backend_unreachable",
    "port_closed",
    "port_filtered",
    "dns_failure",
    "host_unreachable",
    "not_tls_plain_http",
    "not_tls_other_protocol",
    "starttls_not_offered",
    "client_cert_required",
    "sni_unknown",
};

/// Causes of a port without TLS, or without any service.
constexpr std::string_view k_no_tls_there[] = {
    "not_tls_plain_http", "not_tls_other_protocol", "port_closed",          "port_filtered",
    "dns_failure",        "host_unreachable",       "starttls_not_offered",
};

/// Causes that only a service has which speaks TLS at once, or after an upgrade.
constexpr std::string_view k_of_a_tls_service[] = {
    "starttls_needed",
    "server_only_legacy",
    "server_only_tls13",
    "no_common_cipher",
    "weak_dh",
    "sni_missing",
    "sni_unknown",
    "client_cert_required",
    "cert_not_trusted",
    "no_common_group",
    "client_speaks_plain_to_tls",
    "server_requires_newer_version",
    "version_intolerance",
};

constexpr std::string_view k_of_a_server_without_1_2[] = {
    "server_only_legacy", "server_only_tls13"
};

template <typename Table>
bool is_among(const Table& table, std::string_view cause) {
    return std::ranges::find(table, cause) != std::end(table);
}

Ruling ruling_on(std::string_view cause, const Probed& probed) {
    if (cause == probed.verdict || is_among(probed.findings, cause)) {
        return Ruling::confirmed;
    }
    if (cause == "starttls_needed" && probed.reached) {
        return probed.upgraded ? Ruling::confirmed : Ruling::excluded;
    }
    const bool no_tls = is_among(k_no_tls_there, probed.verdict);
    const bool out = (no_tls && is_among(k_of_a_tls_service, cause)) ||
                     (probed.takes_1_2 && is_among(k_of_a_server_without_1_2, cause)) ||
                     (probed.takes_1_3 && cause == "client_only_tls13") ||
                     (probed.healthy && is_among(k_not_of_a_healthy_server, cause)) ||
                     (probed.reached && is_among(k_no_tls_there, cause)) ||
                     (probed.trusted && cause == "clock");
    return out ? Ruling::excluded : Ruling::open;
}

} // namespace

std::vector<Judged> judge(std::span<const Candidate> candidates, const Probed& probed) {
    std::vector<Judged> judged;
    for (const Candidate& candidate : candidates) {
        judged.push_back({candidate, ruling_on(candidate.cause->name, probed)});
    }
    const CauseInfo* const verdict = find_cause(probed.verdict);
    const bool known = std::ranges::any_of(judged, [&](const Judged& one) {
        return one.candidate.cause == verdict;
    });
    if (verdict != nullptr && verdict->status == Status::fail && !known) {
        judged.push_back({{verdict, verdict->side, 1, verdict->title}, Ruling::confirmed});
    }
    const bool any = std::ranges::any_of(judged, [](const Judged& one) {
        return one.ruling == Ruling::confirmed;
    });
    double sum = 0;
    for (Judged& one : judged) {
        const bool counts = one.ruling == (any ? Ruling::confirmed : Ruling::open);
        one.candidate.weight = counts ? one.candidate.weight : 0;
        sum += one.candidate.weight;
    }
    for (Judged& one : judged) {
        one.candidate.weight = sum > 0 ? one.candidate.weight / sum : 0;
    }
    std::ranges::stable_sort(judged, [](const Judged& a, const Judged& b) {
        constexpr int k_order[] = {0, 2, 1}; // confirmed, excluded, open
        const int left = k_order[std::to_underlying(a.ruling)];
        const int right = k_order[std::to_underlying(b.ruling)];
        return left != right ? left < right : a.candidate.weight > b.candidate.weight;
    });
    return judged;
}

std::string_view name_of(Ruling ruling) {
    switch (ruling) {
    case Ruling::confirmed:
        return "confirmed";
    case Ruling::excluded:
        return "excluded";
    case Ruling::open:
        return "open";
    }
    std::unreachable();
}

} // namespace tlsdoctor::explain
