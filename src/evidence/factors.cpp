// SPDX-License-Identifier: Apache-2.0
// One row for each factor. The order is that of the search: what comes first is taken over first.
#include "evidence/factors.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::evidence {

namespace {

constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;
constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;

bool offers_tls_1_3(const Offer& offer) {
    return std::ranges::find(offer.versions, k_tls_1_3) != offer.versions.end();
}

bool offers_older(const Offer& offer) {
    return std::ranges::any_of(offer.versions, [](auto version) { return version < k_tls_1_3; });
}

bool signs_by_list(const Offer& offer) {
    return std::ranges::any_of(offer.versions, [](auto version) { return version >= k_tls_1_2; });
}

bool is_tls_1_3_suite(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    return info != nullptr && info->first_version >= k_tls_1_3;
}

template <typename T, typename Keep>
std::vector<T> only(const std::vector<T>& list, Keep keep) {
    std::vector<T> kept;
    std::ranges::copy_if(list, std::back_inserter(kept), keep);
    return kept;
}

std::vector<CipherSuite> suites_of(const Offer& offer, bool tls_1_3) {
    return only(offer.cipher_suites, [=](CipherSuite suite) {
        return is_tls_1_3_suite(suite) == tls_1_3;
    });
}

std::vector<NamedGroup> groups_of(const std::vector<NamedGroup>& groups, bool post_quantum) {
    return only(groups, [=](NamedGroup group) { return is_post_quantum(group) == post_quantum; });
}

template <typename T>
std::vector<T> joined(std::vector<T> first, const std::vector<T>& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

void set_suites(Offer& offer, std::vector<CipherSuite> tls_1_3, std::vector<CipherSuite> older) {
    offer.cipher_suites = joined(
        offers_tls_1_3(offer) ? std::move(tls_1_3) : std::vector<CipherSuite>{},
        offers_older(offer) ? std::move(older) : std::vector<CipherSuite>{}
    );
}

/// A share must be of a group that is offered [RFC 8446 4.2.8].
void drop_orphaned_shares(Offer& offer) {
    std::erase_if(offer.key_shares, [&](NamedGroup group) {
        return !offers_tls_1_3(offer) ||
               std::ranges::find(offer.groups, group) == offer.groups.end();
    });
}

void take_versions(Offer& to, const Offer& from) {
    const auto new_1_3 = suites_of(from, true);
    const auto old_1_3 = suites_of(to, true);
    const auto new_older = suites_of(from, false);
    const auto old_older = suites_of(to, false);
    to.versions = from.versions;
    to.legacy_version = from.legacy_version;
    set_suites(to, old_1_3.empty() ? new_1_3 : old_1_3, old_older.empty() ? new_older : old_older);
    if (to.groups.empty()) {
        to.groups = from.groups;
    }
    if (to.signature_algorithms.empty()) {
        to.signature_algorithms = from.signature_algorithms;
    }
    if (to.key_shares.empty()) {
        to.key_shares = from.key_shares;
    }
    drop_orphaned_shares(to);
    if (!signs_by_list(to)) {
        to.signature_algorithms.clear();
    }
}

void take_suites(Offer& to, const Offer& from) {
    const auto tls_1_3 = suites_of(from, true);
    const auto older = suites_of(from, false);
    set_suites(
        to, tls_1_3.empty() ? suites_of(to, true) : tls_1_3,
        older.empty() ? suites_of(to, false) : older
    );
}

bool same_suites(const Offer& a, const Offer& b) {
    const bool both_1_3 = offers_tls_1_3(a) && offers_tls_1_3(b);
    const bool both_older = offers_older(a) && offers_older(b);
    return (!both_1_3 || suites_of(a, true) == suites_of(b, true)) &&
           (!both_older || suites_of(a, false) == suites_of(b, false));
}

void take_groups(Offer& to, const Offer& from) {
    to.groups = joined(groups_of(to.groups, true), groups_of(from.groups, false));
    drop_orphaned_shares(to);
}

/// The shares of the hybrids go first, as browsers send them.
void take_post_quantum(Offer& to, const Offer& from) {
    to.groups = joined(groups_of(from.groups, true), groups_of(to.groups, false));
    to.key_shares = joined(groups_of(from.key_shares, true), groups_of(to.key_shares, false));
    drop_orphaned_shares(to);
}

bool same_post_quantum(const Offer& a, const Offer& b) {
    const bool both_1_3 = offers_tls_1_3(a) && offers_tls_1_3(b);
    return groups_of(a.groups, true) == groups_of(b.groups, true) &&
           (!both_1_3 || groups_of(a.key_shares, true) == groups_of(b.key_shares, true));
}

bool same_shares(const Offer& a, const Offer& b) {
    const bool both_1_3 = offers_tls_1_3(a) && offers_tls_1_3(b);
    return !both_1_3 || groups_of(a.key_shares, false) == groups_of(b.key_shares, false);
}

void take_shares(Offer& to, const Offer& from) {
    to.key_shares = joined(groups_of(to.key_shares, true), groups_of(from.key_shares, false));
    drop_orphaned_shares(to);
}

bool same_schemes(const Offer& a, const Offer& b) {
    return !signs_by_list(a) || !signs_by_list(b) ||
           a.signature_algorithms == b.signature_algorithms;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + harmless(word);
    }
    return text;
}

template <typename T>
std::string named(const std::vector<T>& list, std::string_view what) {
    if (list.size() > 4) {
        return fmt::format("{} {}", list.size(), what);
    }
    std::vector<std::string> names;
    for (const T& one : list) {
        names.push_back(name_of(one));
    }
    return list.empty() ? fmt::format("no {}", what) : listed(names);
}

std::string with(bool has, std::string_view what) {
    return fmt::format("{}{}", has ? "" : "no ", what);
}

std::string segmentation_text(const Offer& offer) {
    switch (offer.segmentation) {
    case Segmentation::two_segments:
        return "cut in two TCP segments";
    case Segmentation::two_records:
        return "cut in two records";
    case Segmentation::small_segments:
        return "TCP segments of 536 bytes";
    case Segmentation::whole:
        break;
    }
    return "in one piece";
}

std::string renegotiation_text(const Offer& offer) {
    return offer.renegotiation == Renegotiation::none   ? "no renegotiation indication"
           : offer.renegotiation == Renegotiation::scsv ? "renegotiation SCSV"
                                                        : "renegotiation_info";
}

struct Row {
    Factor factor;
    std::string_view name;
    bool (*same)(const Offer&, const Offer&);
    void (*take)(Offer&, const Offer&);
    std::string (*value)(const Offer&);
};

/// A factor that is one member of the offer.
template <auto member>
bool same_member(const Offer& a, const Offer& b) {
    return a.*member == b.*member;
}
template <auto member>
void take_member(Offer& to, const Offer& from) {
    to.*member = from.*member;
}

// clang-format off
constexpr Row k_rows[] = {
    {Factor::proxy_header, "proxy_header", same_member<&Offer::proxy_header>, take_member<&Offer::proxy_header>,
     [](const Offer& offer) { return with(offer.proxy_header, "PROXY header"); }},
    {Factor::record_version, "record_version", same_member<&Offer::record_version>, take_member<&Offer::record_version>,
     [](const Offer& offer) { return fmt::format("record version 0x{:04x}", static_cast<unsigned>(offer.record_version)); }},
    {Factor::versions, "versions", same_member<&Offer::versions>, take_versions,
     [](const Offer& offer) { return named(offer.versions, "versions"); }},
    {Factor::legacy_version, "legacy_version",
     [](const Offer& a, const Offer& b) { return a.versions != b.versions || a.legacy_version == b.legacy_version; },
     take_member<&Offer::legacy_version>,
     [](const Offer& offer) { return fmt::format("legacy_version 0x{:04x}", static_cast<unsigned>(offer.legacy_version)); }},
    {Factor::cipher_suites, "cipher_suites", same_suites, take_suites,
     [](const Offer& offer) { return named(offer.cipher_suites, "cipher suites"); }},
    {Factor::groups, "groups",
     [](const Offer& a, const Offer& b) { return groups_of(a.groups, false) == groups_of(b.groups, false); }, take_groups,
     [](const Offer& offer) { return named(groups_of(offer.groups, false), "groups"); }},
    {Factor::signature_algorithms, "signature_algorithms", same_schemes, take_member<&Offer::signature_algorithms>,
     [](const Offer& offer) { return named(offer.signature_algorithms, "signature algorithms"); }},
    {Factor::server_name, "server_name", same_member<&Offer::sni>, take_member<&Offer::sni>,
     [](const Offer& offer) { return offer.sni ? "SNI " + harmless(*offer.sni) : std::string("no SNI"); }},
    {Factor::alpn, "alpn", same_member<&Offer::alpn>, take_member<&Offer::alpn>,
     [](const Offer& offer) { return offer.alpn.empty() ? std::string("no ALPN") : "ALPN " + listed(offer.alpn); }},
    {Factor::extended_master_secret, "extended_master_secret", same_member<&Offer::extended_master_secret>,
     take_member<&Offer::extended_master_secret>,
     [](const Offer& offer) { return with(offer.extended_master_secret, "extended_master_secret"); }},
    {Factor::renegotiation, "renegotiation", same_member<&Offer::renegotiation>, take_member<&Offer::renegotiation>, renegotiation_text},
    {Factor::extensions, "extensions", same_member<&Offer::extensions>, take_member<&Offer::extensions>,
     [](const Offer& offer) { return named(offer.extensions, "further extensions"); }},
    {Factor::compression, "compression", same_member<&Offer::compression>, take_member<&Offer::compression>,
     [](const Offer& offer) { return with(offer.compression, "compression"); }},
    {Factor::fallback_scsv, "fallback_scsv", same_member<&Offer::fallback_scsv>, take_member<&Offer::fallback_scsv>,
     [](const Offer& offer) { return with(offer.fallback_scsv, "TLS_FALLBACK_SCSV"); }},
    {Factor::key_shares, "key_shares", same_shares, take_shares,
     [](const Offer& offer) { return named(groups_of(offer.key_shares, false), "key shares"); }},
    {Factor::grease, "grease", same_member<&Offer::grease>, take_member<&Offer::grease>,
     [](const Offer& offer) { return with(offer.grease, "GREASE"); }},
    {Factor::post_quantum, "post_quantum", same_post_quantum, take_post_quantum,
     [](const Offer& offer) { return named(groups_of(offer.groups, true), "post-quantum group"); }},
    {Factor::segmentation, "segmentation", same_member<&Offer::segmentation>, take_member<&Offer::segmentation>, segmentation_text},
    {Factor::size, "size", same_member<&Offer::size>,
     [](Offer& to, const Offer& from) { to.padded_to = from.size; },
     [](const Offer& offer) { return fmt::format("{} bytes", offer.size); }},
};
// clang-format on

const Row& row_of(Factor factor) {
    return *std::ranges::find(k_rows, factor, &Row::factor);
}

} // namespace

std::string_view name_of(Factor factor) {
    return row_of(factor).name;
}

std::vector<Factor> differences(const Offer& a, const Offer& b) {
    std::vector<Factor> found;
    for (const Row& row : k_rows) {
        const bool counts = row.factor != Factor::size || found.empty();
        if (counts && !row.same(a, b)) {
            found.push_back(row.factor);
        }
    }
    return found;
}

void take(Offer& to, const Offer& from, Factor factor) {
    row_of(factor).take(to, from);
}

bool same_in(const Offer& a, const Offer& b, Factor factor) {
    return row_of(factor).same(a, b);
}

std::string value_of(const Offer& offer, Factor factor) {
    return row_of(factor).value(offer);
}

bool same_question(const Offer& a, const Offer& b) {
    return differences(a, b).empty();
}

bool is_post_quantum(NamedGroup group) {
    const NamedGroupInfo* const info = find(group);
    return info != nullptr &&
           (info->kind == GroupKind::hybrid || info->kind == GroupKind::post_quantum);
}

} // namespace tlsdoctor::evidence
