// SPDX-License-Identifier: Apache-2.0
// A server's side of a negotiation, from what was seen of it.
#include "client/foretell.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace tlsdoctor::client {

namespace {

using evidence::ClientResult;
using evidence::Exchange;
using evidence::Flight;
using evidence::Refuser;
using evidence::Selection;

constexpr auto k_newest_but_one = ProtocolVersion::tls_1_2;
constexpr auto k_newest = ProtocolVersion::tls_1_3;

template <typename T>
bool contains(const std::vector<T>& list, T value) {
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

/// The key of the certificate that goes with a suite.
std::string key_for(const SeenServer& facts, const CipherSuiteInfo& suite) {
    const bool rsa = suite.authentication != Authentication::ecdsa;
    for (const std::string& key : facts.keys) {
        if (key.starts_with("RSA") == rsa) {
            return key;
        }
    }
    return suite.authentication == Authentication::tls13 && !facts.keys.empty() ? facts.keys.front()
                                                                                : "";
}

/// The first of the client's groups that the server was seen to take.
std::optional<NamedGroup> group_for(const Judge& client, const SeenVersion& at) {
    for (const NamedGroup group : client.fields.groups) {
        if (contains(at.groups, group)) {
            return group;
        }
    }
    return std::nullopt;
}

/// The answer that the server would give with this suite.
Exchange answer_with(
    const Judge& client, const SeenServer& facts, const SeenVersion& at, CipherSuite suite
) {
    const CipherSuiteInfo& info = *tlsdoctor::find(suite);
    const bool curves = info.key_exchange == KeyExchange::ecdhe || //
                        info.key_exchange == KeyExchange::tls13;
    return {
        .selection =
            Selection{
                .version = at.version,
                .cipher_suite = suite,
                .group = curves ? group_for(client, at) : std::nullopt,
            },
        .flight =
            Flight{
                .renegotiation_info = facts.renegotiation_info.value_or(true),
                .certificate_key = key_for(facts, info),
                .certificate_signature = facts.certificate_signature,
                .dh_bits = static_cast<std::uint16_t>(
                    info.key_exchange == KeyExchange::dhe ? facts.dh_bits : 0
                ),
            },
    };
}

/// Tells whether every group of the client is known not to be there.
bool lacks_every_group(const Judge& client, const SeenVersion& at) {
    return at.groups_are_all && !client.fields.groups.empty() && !group_for(client, at);
}

Hindrance no_suite(const Judge& client, const SeenServer& facts, ProtocolVersion version) {
    const std::vector<CipherSuite> offered = suites_offered(client, version);
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

/// What the client makes of each suite that the server may choose.
Forecast ask_the_client(
    const Judge& client, const SeenServer& facts, const SeenVersion& at,
    const std::vector<CipherSuite>& common
) {
    std::optional<Hindrance> first;
    std::optional<Selection> choice;
    std::size_t refused = 0;
    for (const CipherSuite suite : common) {
        const Exchange answer = answer_with(client, facts, at, suite);
        auto objection = refusal_of(client, answer);
        refused += objection ? 1U : 0U;
        if (objection && !first) {
            first = std::move(objection);
        } else if (!objection && !choice) {
            choice = answer.selection;
        }
    }
    if (refused == common.size()) {
        return failed(Refuser::client, *std::move(first));
    }
    if (refused > 0 && !at.suites_are_all) {
        return unsure("it depends on which of their common suites the server chooses");
    }
    return {.result = ClientResult::connects, .choice = choice};
}

} // namespace

std::optional<ProtocolVersion>
common_version(const Judge& client, std::span<const ProtocolVersion> accepted) {
    const bool listed = has(client.fields, ExtensionType::supported_versions);
    for (auto at = accepted.rbegin(); at != accepted.rend(); ++at) {
        if (listed ? contains(client.fields.versions, *at) : *at <= client.fields.legacy_version) {
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
            .change = fmt::format("server: enable {}", name_of(newest)),
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
    const std::vector<CipherSuite> offered = suites_offered(client, *version);
    std::vector<CipherSuite> common;
    std::ranges::copy_if(offered, std::back_inserter(common), [&](CipherSuite suite) {
        return contains(at->suites, suite) && has_key_for(facts, suite);
    });
    const bool none_left = std::ranges::all_of(offered, [&](CipherSuite suite) {
        return at->suites_are_all || contains(at->refused, suite) || !has_key_for(facts, suite);
    });
    if (common.empty()) {
        return none_left ? failed(Refuser::server, no_suite(client, facts, *version))
                         : unsure("none of its suites was seen in use with this server");
    }
    if (*version == k_newest && lacks_every_group(client, *at)) {
        return failed(Refuser::server, no_group(client));
    }
    return ask_the_client(client, facts, *at, common);
}

} // namespace tlsdoctor::client
