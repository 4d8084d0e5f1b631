// SPDX-License-Identifier: Apache-2.0
// The offers of whole hellos: the two shapes that ask for one version, and the hellos of clients,
// past and present, that every full visit tries beside them.
#include "probe/offers.hpp"

#include <algorithm>

namespace tlsdoctor::probe {

namespace {

using evidence::Offer;
using evidence::Renegotiation;
using evidence::Shape;

constexpr auto k_tls_1_2 = ProtocolVersion::tls_1_2;
constexpr auto k_tls_1_3 = ProtocolVersion::tls_1_3;

template <typename T>
std::vector<T> list_of(std::span<const T> list) {
    return {list.begin(), list.end()};
}

template <typename T>
std::vector<T> numbered(std::initializer_list<std::uint16_t> numbers) {
    std::vector<T> list;
    for (const std::uint16_t number : numbers) {
        list.push_back(static_cast<T>(number));
    }
    return list;
}

} // namespace

Offer version_offer(ProtocolVersion version, Shape shape, const std::optional<std::string>& sni) {
    const bool browser = shape == Shape::browser;
    Offer offer{
        .versions = {version},
        .shape = shape,
        .cipher_suites = list_of(suites_for(version, shape)),
        .legacy_version = std::min(version, k_tls_1_2),
        .record_version = std::min(version, ProtocolVersion::tls_1_0),
        .renegotiation = browser ? Renegotiation::none : Renegotiation::scsv,
    };
    if (version <= ProtocolVersion::ssl_3_0) {
        return offer; // extensions came with TLS
    }
    offer.sni = sni;
    offer.groups = list_of(groups_for(version, shape));
    offer.extended_master_secret = true;
    offer.extensions = {ExtensionType::ec_point_formats, ExtensionType::session_ticket};
    offer.extensions.push_back(
        browser ? ExtensionType::status_request : ExtensionType::encrypt_then_mac
    );
    if (browser) {
        offer.renegotiation = Renegotiation::extension;
        offer.alpn = {"h2", "http/1.1"};
    }
    if (version >= k_tls_1_2) {
        offer.signature_algorithms = list_of(signature_schemes_for(shape));
    }
    if (version >= k_tls_1_3 && shape != Shape::cheap) {
        offer.key_shares = {NamedGroup::x25519};
        if (browser) {
            offer.key_shares.push_back(NamedGroup::secp256r1);
        }
    }
    return offer;
}

Offer browser_of_today(const std::optional<std::string>& sni) {
    return {
        .versions = {k_tls_1_3, k_tls_1_2},
        .shape = Shape::composed,
        .cipher_suites = numbered<CipherSuite>({
            0x1301,
            0x1302,
            0x1303,
            0xc02b,
            0xc02f,
            0xc02c,
            0xc030,
            0xcca9,
            0xcca8,
            0xc013,
            0xc014,
            0x009c,
            0x009d,
            0x002f,
            0x0035,
        }),
        .groups =
            {NamedGroup::X25519MLKEM768, NamedGroup::x25519, NamedGroup::secp256r1,
             NamedGroup::secp384r1},
        .sni = sni,
        .legacy_version = k_tls_1_2,
        .record_version = ProtocolVersion::tls_1_0,
        .key_shares = {NamedGroup::X25519MLKEM768, NamedGroup::x25519},
        .signature_algorithms = numbered<SignatureScheme>({
            0x0403,
            0x0804,
            0x0401,
            0x0503,
            0x0805,
            0x0501,
            0x0806,
            0x0601,
        }),
        .alpn = {"h2", "http/1.1"},
        .extensions =
            {ExtensionType::ec_point_formats, ExtensionType::session_ticket,
             ExtensionType::status_request, ExtensionType::signed_certificate_timestamp,
             ExtensionType::encrypted_client_hello},
        .renegotiation = Renegotiation::extension,
        .extended_master_secret = true,
        .grease = true,
    };
}

Offer browser_of_yesterday(const std::optional<std::string>& sni) {
    Offer offer = browser_of_today(sni);
    std::erase(offer.groups, NamedGroup::X25519MLKEM768);
    std::erase(offer.key_shares, NamedGroup::X25519MLKEM768);
    offer.padded_to = 700;
    return offer;
}

Offer older_client(const std::optional<std::string>& sni) {
    Offer offer = version_offer(k_tls_1_2, Shape::browser, sni);
    offer.shape = Shape::composed;
    offer.record_version = k_tls_1_2;
    offer.groups = list_of(groups_for(k_tls_1_2, Shape::openssl));
    offer.signature_algorithms = list_of(signature_schemes_for(Shape::openssl));
    offer.alpn.clear();
    offer.extensions = {ExtensionType::ec_point_formats};
    offer.renegotiation = Renegotiation::scsv;
    offer.extended_master_secret = false;
    offer.padded_to = 400;
    return offer;
}

Offer dhe_only(const std::optional<std::string>& sni) {
    Offer offer = version_offer(k_tls_1_2, Shape::openssl, sni);
    offer.shape = Shape::composed;
    // Without groups: with RFC 7919's in the list a server may choose one of those instead of the
    // prime that it has for everybody else.
    offer.groups.clear();
    std::erase_if(offer.cipher_suites, [](CipherSuite suite) {
        const CipherSuiteInfo* const info = find(suite);
        return info == nullptr || info->key_exchange != KeyExchange::dhe ||
               info->authentication == Authentication::anonymous;
    });
    return offer;
}

Offer fallback(const std::optional<std::string>& sni) {
    Offer offer = version_offer(k_tls_1_2, Shape::openssl, sni);
    offer.shape = Shape::composed;
    offer.fallback_scsv = true;
    return offer;
}

} // namespace tlsdoctor::probe
