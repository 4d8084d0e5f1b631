// SPDX-License-Identifier: Apache-2.0
// Signature schemes, and with them the certificates of each kind of key: a hello that accepts one
// scheme alone gets the certificate that can sign so. Schemes go out alone where a key that could
// make them was seen, else as one hello for the family.
#include <algorithm>
#include <array>
#include <string_view>

#include "evidence/facts.hpp"
#include "probe/inventory_parts.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Endpoint;
using evidence::Exchange;
using evidence::Offer;
using evidence::Target;

using Schemes = std::vector<SignatureScheme>;
using SchemeStanding = evidence::Standing<SignatureScheme>;

/// Schemes that one kind of key can make.
struct SchemeFamily {
    std::string_view key{}; ///< how a certificate's key begins; empty: the rare ones, never alone
    Schemes members{};
};

Schemes schemes_listed(std::initializer_list<std::uint16_t> numbers) {
    Schemes list;
    for (const std::uint16_t number : numbers) {
        list.push_back(SignatureScheme{number});
    }
    return list;
}

// clang-format off
/// TLS 1.2: hash and signature are free, DSA apart, which no ECDHE suite has.
std::vector<SchemeFamily> families_of_tls_1_2() {
    return {
        {.key = "EC", .members = schemes_listed({0x0403, 0x0503, 0x0603, 0x0303})},
        {.key = "RSA", .members = schemes_listed({0x0401, 0x0501, 0x0601, 0x0301})},
        {.key = "RSA", .members = schemes_listed({0x0804, 0x0805, 0x0806})},
        {.key = "", .members = schemes_listed({
            0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0203, 0x0201, 0x0103, 0x0101,
            0x081a, 0x081b, 0x081c, 0x0708})},
    };
}

/// TLS 1.3: a curve goes with its hash, and PKCS #1 is gone.
std::vector<SchemeFamily> families_of_tls_1_3() {
    return {
        {.key = "EC P-256", .members = schemes_listed({0x0403})},
        {.key = "EC P-384", .members = schemes_listed({0x0503})},
        {.key = "EC P-521", .members = schemes_listed({0x0603})},
        {.key = "RSA", .members = schemes_listed({0x0804, 0x0805, 0x0806})},
        {.key = "", .members = schemes_listed({
            0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x081a, 0x081b, 0x081c, 0x0708,
            0x0904, 0x0905, 0x0906})},
    };
}
// clang-format on

/// What is to be found out of one version.
struct SchemeQuestion {
    ProtocolVersion version{};
    Offer offer{}; ///< with every scheme of the families in its list
    std::vector<SchemeFamily> families{};
};

SchemeQuestion
scheme_question(ProtocolVersion version, Offer offer, std::vector<SchemeFamily> families) {
    offer.signature_algorithms.clear();
    for (const SchemeFamily& family : families) {
        offer.signature_algorithms.insert(
            offer.signature_algorithms.end(), family.members.begin(), family.members.end()
        );
    }
    return {.version = version, .offer = std::move(offer), .families = std::move(families)};
}

bool saw_key(const Endpoint& seen, std::string_view key) {
    const auto has_key = [&](const Exchange& exchange) {
        return exchange.flight && exchange.flight->certificate_key.starts_with(key);
    };
    return std::ranges::any_of(seen.exchanges, has_key) ||
           std::ranges::any_of(seen.inventory, has_key);
}

void ask_for_schemes(
    const Endpoint& seen, const SchemeQuestion& what, Schemes schemes, std::vector<Ask>& asks
) {
    Offer offer = what.offer;
    offer.signature_algorithms = std::move(schemes);
    if (!offer.signature_algorithms.empty()) {
        add_ask(seen, std::move(offer), asks);
    }
}

std::vector<SchemeQuestion> scheme_questions(const Target& target, const Endpoint& seen) {
    std::vector<SchemeQuestion> questions;
    if (speaks_tls_1_3(seen)) {
        questions.push_back(scheme_question(
            ProtocolVersion::tls_1_3, lean_offer(ProtocolVersion::tls_1_3, target, seen),
            families_of_tls_1_3()
        ));
    }
    if (newest_before_tls_1_3(seen) == ProtocolVersion::tls_1_2) {
        const Offer lean = lean_offer(ProtocolVersion::tls_1_2, target, seen);
        Offer offer = with_signed_suites(lean, KeyExchange::ecdhe);
        if (refuses_suites(seen, offer)) {
            offer = with_signed_suites(lean, KeyExchange::dhe);
        }
        questions.push_back(
            scheme_question(ProtocolVersion::tls_1_2, std::move(offer), families_of_tls_1_2())
        );
    }
    return questions;
}

/// Families whose key was not seen come together in the first round; afterwards each that has an
/// open member is asked for by itself.
void ask_family(
    const Endpoint& seen, const SchemeQuestion& what, const SchemeFamily& family,
    const SchemeStanding& standing, std::vector<Ask>& asks
) {
    constexpr std::size_t k_parts = 4;
    Schemes open = open_in<SignatureScheme>(family.members, standing);
    const bool surprised = any_accepted<SignatureScheme>(family.members, standing);
    if (!family.key.empty() && (surprised || saw_key(seen, family.key))) {
        for (const SignatureScheme scheme : open) {
            ask_for_schemes(seen, what, {scheme}, asks);
        }
        return;
    }
    for (Schemes& part : cut(open, family.key.empty() && surprised ? k_parts : 1)) {
        ask_for_schemes(seen, what, std::move(part), asks);
    }
}

/// A server has at most one key on a curve, as a rule: where one was seen, the other curves go with
/// the rare schemes.
std::vector<SchemeFamily>
likely_families(const Endpoint& seen, std::vector<SchemeFamily> families) {
    Schemes& rare = families.back().members;
    for (SchemeFamily& family : families) {
        if (family.key.starts_with("EC P-") && saw_key(seen, "EC") && !saw_key(seen, family.key)) {
            rare.insert(rare.end(), family.members.begin(), family.members.end());
            family.members.clear();
        }
    }
    return families;
}

/// Tells whether the hello with every scheme was answered with a signature, or has no answer yet.
bool may_answer(const Endpoint& seen, const SchemeQuestion& what) {
    bool asked = false;
    for (const Exchange& exchange : seen.inventory) {
        if (offers_only(exchange.offer, what.version) &&
            exchange.offer.cipher_suites == what.offer.cipher_suites &&
            exchange.offer.key_shares == what.offer.key_shares &&
            exchange.offer.groups == what.offer.groups) {
            asked = true;
            if (exchange.flight && exchange.flight->signature_scheme) {
                return true;
            }
        }
    }
    return !asked;
}

} // namespace

std::vector<Ask> scheme_asks(const Target& target, const Endpoint& seen) {
    std::vector<Ask> asks;
    for (const SchemeQuestion& what : scheme_questions(target, seen)) {
        if (!may_answer(seen, what)) {
            continue; // no hello of this kind gets a signature that can be read
        }
        add_ask(seen, what.offer, asks);
        const SchemeStanding standing = standing_of_schemes(seen, what.version);
        for (const SchemeFamily& family : likely_families(seen, what.families)) {
            ask_family(seen, what, family, standing, asks);
        }
    }
    return asks;
}

} // namespace tlsdoctor::probe
