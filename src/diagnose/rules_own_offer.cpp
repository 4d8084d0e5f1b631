// SPDX-License-Identifier: Apache-2.0
// What a recorded client offers beside its versions, held against what servers set up by today's
// advice accept [RFC 9325 4]: a name, suites, groups and signature algorithms.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/client_case.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

using evidence::HelloLists;

constexpr auto k_offer_tls_1_2 = ProtocolVersion::tls_1_2;

/// What servers accept by default: OpenSSL, GnuTLS, Go, Java and SChannel alike.
constexpr NamedGroup k_usual_groups[] = {
    NamedGroup::x25519, NamedGroup::secp256r1, NamedGroup::secp384r1
};

bool offers_today(const ClientCase& client) {
    return newest_offered(client) >= k_offer_tls_1_2;
}

/// Tells whether a suite of the hello is like that.
bool any_suite(const ClientCase& client, bool (*is)(const CipherSuiteInfo&)) {
    return std::ranges::any_of(lists_of(client).cipher_suites, [&](CipherSuite suite) {
        const CipherSuiteInfo* const info = find(suite);
        return info != nullptr && is(*info);
    });
}

bool has_secret_suite(const ClientCase& client) {
    return any_suite(client, [](const CipherSuiteInfo& suite) {
        return suite.forward_secrecy && suite.strength != Strength::broken;
    });
}

Proof offers_old_suites_alone(const ClientCase& client) {
    const bool old = offers_today(client) && !any_suite(client, [](const CipherSuiteInfo& suite) {
                         return suite.strength == Strength::fine;
                     });
    return old ? cite_best(client) : std::nullopt;
}

bool is_sha1_or_older(SignatureScheme scheme) {
    const unsigned hash = static_cast<unsigned>(scheme) >> 8U;
    return hash == 0x01 || hash == 0x02; // MD5, SHA-1 [RFC 5246 7.4.1.4.1]
}

Proof accepts_sha1_alone(const ClientCase& client) {
    if (!offers_today(client)) {
        return std::nullopt;
    }
    std::vector<SignatureScheme> schemes = lists_of(client).signature_algorithms;
    std::erase_if(schemes, [](SignatureScheme scheme) {
        return is_grease(static_cast<std::uint16_t>(scheme));
    });
    return std::ranges::all_of(schemes, is_sha1_or_older) ? cite_best(client) : std::nullopt;
}

/// In TLS 1.2 a suite without curves still connects; in TLS 1.3 every suite needs a group.
bool can_do_without_groups(const ClientCase& client) {
    return newest_offered(client) == k_offer_tls_1_2 &&
           any_suite(client, [](const CipherSuiteInfo& suite) {
               return suite.strength != Strength::broken &&
                      (suite.key_exchange == KeyExchange::rsa ||
                       suite.key_exchange == KeyExchange::dhe);
           });
}

Proof offers_unusual_groups_alone(const ClientCase& client) {
    if (!offers_today(client) || lists_of(client).groups.empty() || can_do_without_groups(client)) {
        return std::nullopt;
    }
    const bool usual = std::ranges::any_of(lists_of(client).groups, [](NamedGroup group) {
        return std::ranges::find(k_usual_groups, group) != std::end(k_usual_groups);
    });
    return usual ? std::nullopt : cite_best(client);
}

/// They send names with a dot alone [sun.security.ssl.Utilities.rawToSNIHostName; is_dNS_name in
/// OpenSSL's apps/s_client.c].
bool leaves_out_short_names(const ClientCase& client) {
    const std::string looks = lower(client.who + " " + lists_of(client).looks_like_name);
    const bool does = looks.find("java") != std::string::npos || client.who == "OpenSSL" ||
                      looks.find("s_client") != std::string::npos;
    return does && client.visit.host.find('.') == std::string::npos;
}

Proof sends_no_name(const ClientCase& client) {
    const bool lacks = client.best != nullptr &&
                       newest_offered(client) > ProtocolVersion::ssl_3_0 &&
                       !client.visit.host.empty() && !carries(client, ExtensionType::server_name) &&
                       !leaves_out_short_names(client);
    return lacks ? cite_best(client) : std::nullopt;
}

/// Why a name may not stand in server_name [RFC 6066 3]; empty where it may.
std::string_view fault_of_name(std::string_view name) {
    const bool ascii = std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f; });
    if (name.empty()) {
        return "it is empty";
    }
    if (!ascii) {
        return "it is not ASCII (xn--... is the form of other names)";
    }
    if (name.find(':') != std::string_view::npos) {
        return "it has a port, or is an IPv6 address";
    }
    if (name.ends_with('.')) {
        return "it ends with a dot";
    }
    const bool digits = name.find_first_not_of("0123456789.") == std::string_view::npos;
    return digits ? "it is an IP address" : "";
}

Proof sends_illegal_name(const ClientCase& client) {
    const bool there = client.best != nullptr && lists_of(client).sni.has_value();
    return there && !fault_of_name(*lists_of(client).sni).empty() ? cite_best(client)
                                                                  : std::nullopt;
}

std::string old_suites_alone(const ClientCase& client) {
    return fmt::format(
        "{} offers TLS 1.2 with old cipher suites alone ({}): servers that are set up by RFC 9325 "
        "have none in common with it.",
        client.who, has_secret_suite(client) ? "no authenticated encryption" : "no forward secrecy"
    );
}

Status status_of_suites(const ClientCase& client) {
    return has_secret_suite(client) ? Status::warn : Status::fail;
}

std::string sha1_alone(const ClientCase& client) {
    if (!carries(client, ExtensionType::signature_algorithms)) {
        return fmt::format(
            "{} names no signature algorithms, which means SHA-1 [RFC 5246 7.4.1.4.1]; many "
            "servers "
            "no longer sign with it.",
            client.who
        );
    }
    return fmt::format(
        "{} accepts signatures with SHA-1 or MD5 alone; servers no longer sign with them "
        "[RFC 9155].",
        client.who
    );
}

/// Without the list servers may still guess.
Status status_of_signatures(const ClientCase& client) {
    return carries(client, ExtensionType::signature_algorithms) ? Status::fail : Status::warn;
}

std::string unusual_groups_alone(const ClientCase& client) {
    std::string names;
    for (const NamedGroup group : lists_of(client).groups) {
        if (!is_grease(static_cast<std::uint16_t>(group))) {
            names += (names.empty() ? "" : ", ") + name_of(group);
        }
    }
    return fmt::format(
        "{} offers the groups {} alone; most servers want x25519, secp256r1 or secp384r1.",
        client.who, names
    );
}

std::string no_name(const ClientCase& client) {
    return fmt::format(
        "{} was given the name {} and sends no server name (SNI): servers with several names "
        "answer "
        "with the wrong certificate or refuse.",
        client.who, harmless(client.visit.host)
    );
}

std::string illegal_name(const ClientCase& client) {
    const std::string& name = *lists_of(client).sni;
    return fmt::format(
        "{} sends the server name \"{}\", which the standard forbids: {}.", client.who,
        harmless(name), fault_of_name(name)
    );
}

Status warns(const ClientCase&) {
    return Status::warn;
}

constexpr ClientCondition k_old_suites[] = {
    {"no suite has forward secrecy and authenticated encryption", offers_old_suites_alone},
};
constexpr ClientCondition k_sha1[] = {{"no signature is newer than SHA-1", accepts_sha1_alone}};
constexpr ClientCondition k_groups[] = {
    {"no group is one that servers have by default", offers_unusual_groups_alone},
};
constexpr ClientCondition k_no_sni[] = {{"a name was given and none is sent", sends_no_name}};
constexpr ClientCondition k_bad_sni[] = {{"the name is no DNS name", sends_illegal_name}};

constexpr ClientRule k_offer_rules[] = {
    {.cause = "sni_illegal",
     .all_of = k_bad_sni,
     .confidence = Confidence::proven,
     .summary = illegal_name,
     .refuted_by = "a hello of this client with a DNS name",
     .overrides = k_healthy_word},
    {.cause = "sni_missing",
     .all_of = k_no_sni,
     .confidence = Confidence::proven,
     .summary = no_name,
     .refuted_by = "a hello of this client with a server name",
     .overrides = k_healthy_word,
     .status = warns},
    {.cause = "no_common_cipher",
     .all_of = k_old_suites,
     .confidence = Confidence::likely,
     .summary = old_suites_alone,
     .refuted_by = "a server of today that accepts this hello",
     .overrides = k_healthy_word,
     .status = status_of_suites},
    {.cause = "sigalg_mismatch",
     .all_of = k_sha1,
     .confidence = Confidence::likely,
     .summary = sha1_alone,
     .refuted_by = "a server of today that accepts this hello",
     .overrides = k_healthy_word,
     .status = status_of_signatures},
    {.cause = "no_common_group",
     .all_of = k_groups,
     .confidence = Confidence::likely,
     .summary = unusual_groups_alone,
     .refuted_by = "a server of today that accepts this hello",
     .overrides = k_healthy_word},
};

} // namespace

std::span<const ClientRule> client_offer_rules() {
    return k_offer_rules;
}

} // namespace tlsdoctor::diagnose
