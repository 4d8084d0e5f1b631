// SPDX-License-Identifier: Apache-2.0
// A server's side of a negotiation, from what was seen of it.
#include "client/foretell.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "client/choice.hpp"
#include "client/negotiate.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::ClientResult;
using evidence::Refuser;
using evidence::Selection;

constexpr auto k_newest_but_one = ProtocolVersion::tls_1_2;
constexpr auto k_newest = ProtocolVersion::tls_1_3;

template <typename T>
bool stands_in(const std::vector<T>& list, T value) {
    return std::ranges::find(list, value) != list.end();
}

/// Nobody chooses GREASE or a signal.
bool is_negotiable(CipherSuite suite, ProtocolVersion version) {
    const CipherSuiteInfo* const info = tlsdoctor::find(suite);
    return info != nullptr && info->first_version <= version && info->last_version >= version;
}

std::vector<CipherSuite> suites_offered(const Judge& client, ProtocolVersion version) {
    std::vector<CipherSuite> suites;
    for (const CipherSuite suite : client.fields.cipher_suites) {
        if (is_negotiable(suite, version)) {
            suites.push_back(suite);
        }
    }
    return suites;
}

Forecast failed(Refuser refuser, Hindrance objection) {
    return {.result = ClientResult::fails, .refuser = refuser, .objection = std::move(objection)};
}

Forecast unsure(std::string reason) {
    return {.result = ClientResult::unsure, .objection = {.reason = std::move(reason)}};
}

/// What is known of one version in the words of client/negotiate.hpp. Groups that were not seen may
/// be there all the same, so they count only where all are known.
ServerFacts facts_at(const SeenServer& server, const SeenVersion& at, bool own_order) {
    ServerFacts facts{
        .versions = {.values = {at.version}, .complete = true},
        .cipher_suites = {.values = at.suites, .complete = at.suites_are_all},
        .groups = {.complete = true},
        .secure_renegotiation = server.renegotiation_info,
        .own_order = own_order,
    };
    if (at.groups_are_all) {
        facts.groups.values = at.groups;
    }
    if (server.dh_bits > 0) {
        facts.dh_bits = server.dh_bits;
    }
    for (const std::string& key : server.keys) {
        if (const auto read = certificate_key(key)) {
            facts.certificates.push_back(
                {.key = *read, .chain = chain_digest(server.certificate_signature)}
            );
        }
    }
    return facts;
}

/// Tells whether every group of the client is known not to be there.
bool lacks_every_group(const Judge& client, const SeenVersion& at) {
    return at.groups_are_all && !client.fields.groups.empty() &&
           std::ranges::none_of(client.fields.groups, [&](NamedGroup group) {
               return stands_in(at.groups, group);
           });
}

/// It may list an older version, and has suites for TLS 1.3 alone.
Hindrance nothing_but_tls_1_3(ProtocolVersion version) {
    return {
        .cause = "client_only_tls13",
        .reason = fmt::format("it has no suite of {}: it demands TLS 1.3", name_of(version)),
        .change = "server: enable TLS 1.3",
        .alert = AlertDescription::handshake_failure,
    };
}

Hindrance no_suite(const Judge& client, const SeenServer& facts, ProtocolVersion version) {
    const std::vector<CipherSuite> offered = suites_offered(client, version);
    if (offered.empty() && version < k_newest && !suites_offered(client, k_newest).empty()) {
        return nothing_but_tls_1_3(version);
    }
    const bool by_key = !offered.empty() && std::ranges::none_of(offered, [&](CipherSuite suite) {
        return has_key_for(facts, suite);
    });
    return {
        .cause = by_key ? "cert_key_type_mismatch" : "no_common_cipher",
        .reason = by_key
                      ? fmt::format(
                            "none of its {} suites of {} goes with the server's certificate ({})",
                            offered.size(), name_of(version), facts.keys.front()
                        )
                      : fmt::format(
                            "the server takes none of its {} suites of {}", offered.size(),
                            name_of(version)
                        ),
        .change = by_key            ? "server: a second certificate, with a key of the other kind"
                  : offered.empty() ? std::string("client: newer software")
                                    : fmt::format("server: enable {}", name_of(offered.front())),
        .alert = AlertDescription::handshake_failure,
    };
}

Hindrance no_group(const Judge& client) {
    std::string names;
    for (const NamedGroup group : client.fields.groups) {
        if (tlsdoctor::find(group) != nullptr && names.size() < 60) {
            names += (names.empty() ? "" : ", ") + name_of(group);
        }
    }
    return {
        .cause = "no_common_group",
        .reason = fmt::format("the server takes none of its groups ({})", names),
        .change = "server: enable x25519 and secp256r1",
        .alert = AlertDescription::handshake_failure,
    };
}

Forecast forecast_of(
    const Judge& client, const SeenServer& facts, const SeenVersion& at,
    const Negotiation& negotiated
) {
    switch (negotiated.ending) {
    case Ending::connects:
        return {
            .result = ClientResult::connects,
            .choice =
                Selection{
                    .version = at.version,
                    .cipher_suite = negotiated.choice.cipher_suite.value_or(CipherSuite{}),
                    .group = negotiated.choice.group,
                },
        };
    case Ending::client_refuses:
        return failed(Refuser::client, hindrance_of(*negotiated.refusal));
    case Ending::server_refuses:
        return failed(
            Refuser::server,
            lacks_every_group(client, at) ? no_group(client) : no_suite(client, facts, at.version)
        );
    case Ending::unsure:
        break;
    }
    return unsure("none of its suites was seen in use with this server");
}

/// Tells whether all suites of the client are known not to be taken.
bool lacks_every_suite(const Judge& client, const SeenServer& facts, const SeenVersion& at) {
    const std::vector<CipherSuite> offered = suites_offered(client, at.version);
    return std::ranges::all_of(offered, [&](CipherSuite suite) {
        return stands_in(at.refused, suite) || !has_key_for(facts, suite);
    });
}

/// The oldest client of the same name that speaks a version; empty where none is known.
std::string upgrade_to(const Profile& old, ProtocolVersion version) {
    const auto family = [](const Profile& profile) {
        return profile.name.substr(0, profile.name.find(' '));
    };
    const Profile* best = nullptr;
    for (const Profile& profile : profiles()) {
        const bool fits = !old.name.empty() && family(profile) == family(old) &&
                          profile.highest >= version && profile.released >= old.released;
        if (fits && (best == nullptr || profile.released < best->released)) {
            best = &profile;
        }
    }
    return best == nullptr ? "" : std::string(best->name);
}

/// Old versions are no advice where newer software is there.
std::string
change_for_too_old(const Judge& client, ProtocolVersion newest, ProtocolVersion demanded) {
    const std::string upgrade = upgrade_to(client.profile, demanded);
    return fmt::format(
        "client: {}; server: enable {}{}",
        upgrade.empty() ? "newer software" : upgrade + " or newer", name_of(newest),
        newest < k_newest_but_one ? ", which is deprecated" : ""
    );
}

} // namespace

std::optional<ProtocolVersion>
common_version(const Judge& client, std::span<const ProtocolVersion> accepted) {
    const bool listed = has(client.fields, ExtensionType::supported_versions);
    for (auto at = accepted.rbegin(); at != accepted.rend(); ++at) {
        if (listed ? stands_in(client.fields.versions, *at) : *at <= client.fields.legacy_version) {
            const bool known = listed || *at == client.fields.legacy_version ||
                               client.profile.lowest != ProtocolVersion::none;
            if (!listed && known && *at < client.profile.lowest) {
                return std::nullopt;
            }
            return known ? *at : ProtocolVersion::none;
        }
    }
    return std::nullopt;
}

Hindrance no_common_version(const Judge& client, std::span<const ProtocolVersion> accepted) {
    const std::vector<ProtocolVersion> offered = offered_versions(client.fields);
    const ProtocolVersion newest = offered.empty() ? client.fields.legacy_version : offered.front();
    const ProtocolVersion lowest = client.profile.lowest;
    if (newest < accepted.front()) {
        return {
            .cause = "server_requires_newer_version",
            .reason = fmt::format(
                "it speaks at most {}, the server at least {}", name_of(newest),
                name_of(accepted.front())
            ),
            .change = change_for_too_old(client, newest, accepted.front()),
            .alert = AlertDescription::protocol_version,
        };
    }
    const bool only_1_3 = lowest == k_newest && accepted.back() >= k_newest_but_one;
    const bool gap = lowest != ProtocolVersion::none && lowest < accepted.back();
    return {
        .cause = only_1_3 ? "client_only_tls13"
                 : gap    ? "server_requires_newer_version"
                          : "server_only_legacy",
        .reason = gap ? fmt::format(
                            "it speaks {} to {}, and the server accepts none of these",
                            name_of(lowest), name_of(newest)
                        )
                      : fmt::format(
                            "it demands at least {}, the server speaks at most {}", name_of(lowest),
                            name_of(accepted.back())
                        ),
        .change = fmt::format("server: enable {}", name_of(gap ? newest : lowest)),
        .alert = AlertDescription::protocol_version,
    };
}

Forecast foretell(const Judge& client, const SeenServer& facts) {
    if (facts.accepted.empty()) {
        return unsure("no version was accepted");
    }
    const auto version = common_version(client, facts.accepted);
    if (!version) {
        return failed(Refuser::server, no_common_version(client, facts.accepted));
    }
    if (*version == ProtocolVersion::none) {
        return unsure("nobody recorded whether it goes down to what the server speaks");
    }
    const SeenVersion* const at = find(facts, *version);
    if (client.fields.sslv2 || at == nullptr || *version <= ProtocolVersion::ssl_3_0) {
        return unsure(
            fmt::format("both speak {}; their suites were not compared", name_of(*version))
        );
    }
    if (lacks_every_suite(client, facts, *at)) {
        return failed(Refuser::server, no_suite(client, facts, *version));
    }
    const auto told = [&](bool own_order) {
        const ServerFacts known = facts_at(facts, *at, own_order);
        return forecast_of(client, facts, *at, negotiate(client.profile, client.fields, known));
    };
    Forecast by_the_server = told(true);
    if (by_the_server.result != told(false).result) {
        return unsure("it depends on which of their common suites the server chooses");
    }
    return by_the_server;
}

} // namespace tlsdoctor::client
