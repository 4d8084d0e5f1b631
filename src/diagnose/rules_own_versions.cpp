// SPDX-License-Identifier: Apache-2.0
// Which versions a recorded client offers. Too old is told apart by why: its library cannot, it
// could and nobody switched it on, or a setting holds it back. What shows that it could: things in
// the hello that are younger than the version it stops at.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/client_case.hpp"
#include "diagnose/rule.hpp"

namespace tlsdoctor::diagnose {

namespace {

constexpr auto k_client_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_client_tls_1_3 = ProtocolVersion::tls_1_3;

/// Clients whose library knows TLS 1.2 and leaves it off until it is told otherwise, by a part of
/// the known client's name: Java 7, .NET Framework and WinHTTP before their updates, Android 4.1 to
/// 4.4, Internet Explorer on Windows 7.
constexpr std::string_view k_off_by_default[] = {
    "java 7u",     ".net framework default", "winhttp limited", "android 4.1", "android 4.2",
    "android 4.3", "ie 8-10 win 7",          "ie 10",
};

/// No library that stops at TLS 1.1 sends these: they came with TLS 1.2 or after it.
constexpr ExtensionType k_younger_extensions[] = {
    ExtensionType::signature_algorithms,
    ExtensionType::extended_master_secret,
    ExtensionType::encrypt_then_mac,
    ExtensionType::supported_versions,
    ExtensionType::key_share,
    ExtensionType::psk_key_exchange_modes,
};

bool is_too_old(const ClientCase& client) {
    return client.best != nullptr && newest_offered(client) < k_client_tls_1_2;
}

/// A part of the hello that shows a library with TLS 1.2; empty where there is none.
std::string younger_part(const ClientCase& client) {
    for (const ExtensionType type : k_younger_extensions) {
        if (carries(client, type)) {
            return "the extension " + std::string{name_of(type)};
        }
    }
    const auto& groups = lists_of(client).groups;
    if (std::ranges::find(groups, NamedGroup::x25519) != groups.end()) {
        return "the group x25519";
    }
    for (const CipherSuite suite : lists_of(client).cipher_suites) {
        const CipherSuiteInfo* const info = find(suite);
        if (info != nullptr && info->first_version >= k_client_tls_1_2) {
            return "the suite " + std::string{info->name};
        }
    }
    return "";
}

bool is_off_by_default(const ClientCase& client) {
    const std::string looks = lower(lists_of(client).looks_like_name);
    return !lists_of(client).near_only &&
           std::ranges::any_of(k_off_by_default, [&](std::string_view part) {
               return looks.find(part) != std::string::npos;
           });
}

Proof old_and_off_by_default(const ClientCase& client) {
    return is_too_old(client) && is_off_by_default(client) ? cite_best(client) : std::nullopt;
}

Proof old_and_pinned(const ClientCase& client) {
    const bool pinned =
        is_too_old(client) && !is_off_by_default(client) && !younger_part(client).empty();
    return pinned ? cite_best(client) : std::nullopt;
}

Proof old_for_good(const ClientCase& client) {
    const bool cannot =
        is_too_old(client) && !is_off_by_default(client) && younger_part(client).empty();
    return cannot ? cite_best(client) : std::nullopt;
}

Proof insists_on_tls_1_3(const ClientCase& client) {
    const bool insists =
        newest_offered(client) == k_client_tls_1_3 && lists_of(client).versions.size() == 1;
    return insists ? cite_best(client) : std::nullopt;
}

Proof offers_enough(const ClientCase& client) {
    return newest_offered(client) >= k_client_tls_1_2 ? cite_best(client) : std::nullopt;
}

/// `, and looks like Python 2.7 (OpenSSL 0.9.8)`.
std::string likeness_words(const ClientCase& client) {
    const evidence::HelloLists& lists = lists_of(client);
    if (lists.looks_like_name.empty() || lists.looks_like_name == client.who) {
        return "";
    }
    return fmt::format(
        "; its hello {} {}", lists.near_only ? "is most similar to that of" : "looks like",
        lists.looks_like_name
    );
}

std::string newest_name(const ClientCase& client) {
    return name_of(newest_offered(client));
}

std::string cannot_do_tls_1_2(const ClientCase& client) {
    return fmt::format(
        "{} cannot do TLS 1.2: it stops at {}{}. Upgrade to {}.", client.who, newest_name(client),
        likeness_words(client), upgrade_for(client)
    );
}

std::string has_tls_1_2_switched_off(const ClientCase& client) {
    return fmt::format(
        "{} offers {} at most{}: that one knows TLS 1.2 and leaves it off until a setting enables "
        "it.",
        client.who, newest_name(client), likeness_words(client)
    );
}

std::string is_held_back(const ClientCase& client) {
    return fmt::format(
        "{} is held back at {} by a setting: its hello has {}, which is younger than that.",
        client.who, newest_name(client), younger_part(client)
    );
}

std::string offers_tls_1_3_alone(const ClientCase& client) {
    return fmt::format(
        "{} offers TLS 1.3 alone: servers that stop at TLS 1.2 refuse it.", client.who
    );
}

/// ` It offers TLS 1.1 and TLS 1.0 too, and refuses them.`; empty where it was not walked.
std::string refused_words(const ClientCase& client) {
    std::vector<std::string> refused;
    for (const ProtocolVersion version : lists_of(client).versions) {
        if (refuses(client, version)) {
            refused.push_back(name_of(version));
        }
    }
    return refused.empty() ? ""
                           : fmt::format(
                                 " It offers {} too, and refuses {} when a server takes {}.",
                                 joined(refused, " and "), refused.size() == 1 ? "it" : "them",
                                 refused.size() == 1 ? "it" : "one"
                             );
}

std::string offers_what_servers_want(const ClientCase& client) {
    const evidence::HelloLists& lists = lists_of(client);
    if (newest_offered(client) == k_client_tls_1_2) {
        return fmt::format(
            "{} offers TLS 1.2, not TLS 1.3, with suites that today's servers accept.{}",
            client.who, refused_words(client)
        );
    }
    const bool both = std::ranges::find(lists.versions, k_client_tls_1_2) != lists.versions.end();
    return fmt::format(
        "{} offers {}TLS 1.3, with suites and groups that today's servers accept.{}", client.who,
        both ? "TLS 1.2 and " : "", refused_words(client)
    );
}

Status as_a_warning(const ClientCase&) {
    return Status::warn;
}

constexpr ClientCondition k_client_off[] = {
    {"it stops below TLS 1.2 and is known to have it switched off", old_and_off_by_default},
};
constexpr ClientCondition k_client_pinned[] = {
    {"it stops below TLS 1.2 and its hello is younger", old_and_pinned},
};
constexpr ClientCondition k_client_old[] = {
    {"it stops below TLS 1.2 and nothing in its hello is younger", old_for_good},
};
constexpr ClientCondition k_client_only_13[] = {
    {"it offers TLS 1.3 and nothing else", insists_on_tls_1_3},
};
constexpr ClientCondition k_client_enough[] = {{"it offers TLS 1.2 or newer", offers_enough}};

constexpr ClientRule k_own_version_rules[] = {
    {.cause = "client_tls12_not_enabled",
     .all_of = k_client_off,
     .confidence = Confidence::likely,
     .summary = has_tls_1_2_switched_off,
     .refuted_by = "the same client with TLS 1.2 enabled and still the same hello"},
    {.cause = "client_version_pinned",
     .all_of = k_client_pinned,
     .confidence = Confidence::likely,
     .summary = is_held_back,
     .refuted_by = "no limit in the program, its options and openssl.cnf or java.security"},
    {.cause = "server_requires_newer_version",
     .all_of = k_client_old,
     .confidence = Confidence::proven,
     .summary = cannot_do_tls_1_2,
     .refuted_by = "a hello of this client with TLS 1.2"},
    {.cause = "client_only_tls13",
     .all_of = k_client_only_13,
     .confidence = Confidence::proven,
     .summary = offers_tls_1_3_alone,
     .refuted_by = "a hello of this client that offers TLS 1.2 too",
     .overrides = k_healthy_word,
     .status = as_a_warning},
    {.cause = "healthy",
     .all_of = k_client_enough,
     .confidence = Confidence::proven,
     .summary = offers_what_servers_want,
     .refuted_by = "a hello of this client that offers less"},
};

} // namespace

std::span<const ClientRule> client_version_rules() {
    return k_own_version_rules;
}

} // namespace tlsdoctor::diagnose
