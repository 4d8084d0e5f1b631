// SPDX-License-Identifier: Apache-2.0
// The tables of trials.
#include "walk/trials.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/certificate.hpp"
#include "peer/scripts.hpp"

namespace tlsdoctor::walk {

namespace {

using crypto::KeyType;
using crypto::ServerOptions;
using evidence::WalkGroup;

/// Long enough to see that a client waits for a silent server.
constexpr milliseconds k_silence{3'000};

constexpr std::array k_walk_versions = {
    ProtocolVersion::tls_1_0,
    ProtocolVersion::tls_1_1,
    ProtocolVersion::tls_1_2,
    ProtocolVersion::tls_1_3,
};

struct KeyRow {
    std::string_view name{};
    KeyType type{};
    std::optional<SignatureScheme> scheme{};
};

constexpr std::array k_key_rows = {
    KeyRow{"RSA 2048", KeyType::rsa_2048, std::nullopt},
    KeyRow{"RSA 1024", KeyType::rsa_1024, std::nullopt},
    KeyRow{"ECDSA P-256", KeyType::ecdsa_p256, SignatureScheme::ecdsa_secp256r1_sha256},
    KeyRow{"ECDSA P-384", KeyType::ecdsa_p384, SignatureScheme::ecdsa_secp384r1_sha384},
    KeyRow{"Ed25519", KeyType::ed25519, SignatureScheme::ed25519},
};

/// A family of suites: OpenSSL's names and the numbers of them.
struct SuiteRow {
    std::string_view name{};
    const char* ciphers{};      ///< TLS 1.2 and below
    const char* tls13_suites{}; ///< or TLS 1.3
    unsigned dh_bits{};
    std::array<std::uint16_t, 4> suites{}; ///< 0: none
};

constexpr const char* k_dhe =
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-SHA:DHE-RSA-AES256-SHA";

constexpr std::array k_suite_rows = {
    SuiteRow{"TLS 1.3 AES-128-GCM", "", "TLS_AES_128_GCM_SHA256", 0, {0x1301}},
    SuiteRow{"TLS 1.3 AES-256-GCM", "", "TLS_AES_256_GCM_SHA384", 0, {0x1302}},
    SuiteRow{"TLS 1.3 ChaCha20", "", "TLS_CHACHA20_POLY1305_SHA256", 0, {0x1303}},
    SuiteRow{
        "ECDHE AES-GCM",
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384",
        "",
        0,
        {0xc02f, 0xc030}
    },
    SuiteRow{"ECDHE ChaCha20", "ECDHE-RSA-CHACHA20-POLY1305", "", 0, {0xcca8}},
    SuiteRow{"ECDHE AES-CBC", "ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA", "", 0, {0xc013, 0xc014}},
    SuiteRow{"DHE 2048", k_dhe, "", 2048, {0x9e, 0x9f, 0x33, 0x39}},
    SuiteRow{"DHE 1024", k_dhe, "", 1024, {0x9e, 0x9f, 0x33, 0x39}},
    SuiteRow{
        "static RSA",
        "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA",
        "",
        0,
        {0x9c, 0x9d, 0x2f, 0x35}
    },
};

constexpr std::array k_triple_des = {CipherSuite{0x000a}};
constexpr std::array k_ssl3_suites = {
    CipherSuite{0x0035}, CipherSuite{0x002f}, CipherSuite{0x000a},
    CipherSuite{0x0005}, CipherSuite{0x0004},
};

struct GroupRow {
    std::string_view name{};
    NamedGroup group{};
};

constexpr std::array k_group_rows = {
    GroupRow{"X25519", NamedGroup::x25519},   GroupRow{"P-256", NamedGroup::secp256r1},
    GroupRow{"P-384", NamedGroup::secp384r1}, GroupRow{"P-521", NamedGroup::secp521r1},
    GroupRow{"X448", NamedGroup::x448},
};

/// The cases of the lab that a client meets in practice; the rest differ from one of these in what
/// a server is, not in what a client sees.
constexpr std::array<std::string_view, 24> k_failures = {
    "alert_40",
    "alert_42",
    "alert_48",
    "alert_70",
    "alert_80",
    "alert_112",
    "alert_116",
    "alert_120",
    "close",
    "reset",
    "silent",
    "half_hello_close",
    "http",
    "port_closed",
    "cert_expired",
    "cert_not_yet_valid",
    "cert_self_signed",
    "cert_unknown_ca",
    "cert_wrong_name",
    "client_cert_tls12",
    "client_cert_tls13",
    "weak_dh",
    "bad_signature",
    "oversized_record",
};

ServerOptions with_rsa(peer::LabCertificates& certificates) {
    return {.identity = certificates.rsa()};
}

/// Keys of two types, so that a client is not refused for its suites where versions are asked.
ServerOptions with_both_keys(peer::LabCertificates& certificates) {
    return {.identity = certificates.rsa(), .other_identity = certificates.issued()};
}

/// A server of static RSA that is played by hand.
Trial by_hand(
    WalkGroup group, std::string name, ProtocolVersion version, std::span<const CipherSuite> suites,
    peer::LabCertificates& certificates
) {
    const Bytes certificate = crypto::certificate_der(certificates.rsa().certificate_pem);
    Trial trial{.group = group, .name = std::move(name), .judged = Judged::by_key_exchange};
    trial.behaviour.script = [certificate, version, suites](ByteView hello) {
        return peer::static_rsa_flight(hello, certificate, version, suites);
    };
    return trial;
}

/// A server of one version.
Trial of_version(ProtocolVersion version, peer::LabCertificates& certificates) {
    Trial trial{.group = WalkGroup::versions, .name = name_of(version)};
    trial.behaviour.tls = with_both_keys(certificates);
    trial.behaviour.tls->min_version = version;
    trial.behaviour.tls->max_version = version;
    return trial;
}

/// The same without the server's signature, which TLS 1.0 and 1.1 make with SHA-1: OpenSSL 3
/// refuses that, and speaks these versions all the same.
Trial of_version_with_static_rsa(ProtocolVersion version, peer::LabCertificates& certificates) {
    Trial trial = of_version(version, certificates);
    trial.name = "static RSA";
    trial.behaviour.tls->cipher_list = "AES128-SHA:AES256-SHA";
    trial.suites = {0x2f, 0x35};
    return trial;
}

void add_versions(std::vector<Trial>& all, peer::LabCertificates& certificates) {
    const auto ssl3 = ProtocolVersion::ssl_3_0;
    all.push_back(by_hand(WalkGroup::versions, name_of(ssl3), ssl3, k_ssl3_suites, certificates));
    for (const ProtocolVersion version : k_walk_versions) {
        Trial trial = of_version(version, certificates);
        if (version < ProtocolVersion::tls_1_2) {
            trial.otherwise.push_back(of_version_with_static_rsa(version, certificates));
        }
        all.push_back(std::move(trial));
    }
}

void add_key_types(std::vector<Trial>& all, peer::LabCertificates& certificates) {
    for (const KeyRow& row : k_key_rows) {
        Trial trial{.group = WalkGroup::key_types, .name = std::string(row.name)};
        trial.signature = row.scheme;
        trial.behaviour.tls = ServerOptions{
            .identity = row.type == KeyType::rsa_2048 ? certificates.rsa()
                                                      : certificates.issued({.key_type = row.type})
        };
        all.push_back(std::move(trial));
    }
}

void add_suites(std::vector<Trial>& all, peer::LabCertificates& certificates) {
    for (const SuiteRow& row : k_suite_rows) {
        Trial trial{.group = WalkGroup::suites, .name = std::string(row.name)};
        std::ranges::copy_if(row.suites, std::back_inserter(trial.suites), [](std::uint16_t suite) {
            return suite != 0;
        });
        trial.behaviour.tls = with_rsa(certificates);
        ServerOptions& tls = *trial.behaviour.tls;
        const bool new_suite = *row.tls13_suites != 0;
        tls.min_version = new_suite ? ProtocolVersion::tls_1_3 : ProtocolVersion::tls_1_0;
        tls.max_version = new_suite ? ProtocolVersion::tls_1_3 : ProtocolVersion::tls_1_2;
        tls.cipher_list = row.ciphers;
        tls.tls13_suites = row.tls13_suites;
        tls.dh_bits = row.dh_bits;
        all.push_back(std::move(trial));
    }
    Trial old =
        by_hand(WalkGroup::suites, "3DES", ProtocolVersion::tls_1_2, k_triple_des, certificates);
    old.suites = {0x000a};
    all.push_back(std::move(old));
}

void add_groups(std::vector<Trial>& all, peer::LabCertificates& certificates) {
    for (const GroupRow& row : k_group_rows) {
        Trial trial{.group = WalkGroup::groups, .name = std::string(row.name)};
        trial.named_group = row.group;
        trial.behaviour.tls = with_both_keys(certificates);
        trial.behaviour.tls->cipher_list = "ECDHE";
        trial.behaviour.tls->groups = row.name;
        all.push_back(std::move(trial));
    }
}

void add_failures(std::vector<Trial>& all, peer::LabCertificates& certificates) {
    for (const std::string_view name : k_failures) {
        const peer::LabCase* const found = peer::find_lab_case(name);
        all.push_back({
            .group = WalkGroup::failures,
            .name = std::string(name),
            .judged = Judged::by_text,
            .behaviour = peer::behaviour_of(*found, certificates),
            .deadline = name == "silent" ? k_silence : milliseconds{},
        });
    }
}

template <typename List, typename Value>
bool holds(const List& list, Value value) {
    return std::ranges::find(list, value) != list.end();
}

} // namespace

peer::Behaviour healthy_server(peer::LabCertificates& certificates) {
    return {.tls = with_both_keys(certificates)};
}

std::vector<Trial>
trials(const std::vector<WalkGroup>& groups, peer::LabCertificates& certificates) {
    constexpr std::pair<WalkGroup, void (*)(std::vector<Trial>&, peer::LabCertificates&)> adders[] =
        {
            {WalkGroup::versions, add_versions}, {WalkGroup::key_types, add_key_types},
            {WalkGroup::suites, add_suites},     {WalkGroup::groups, add_groups},
            {WalkGroup::failures, add_failures},
        };
    std::vector<Trial> all;
    for (const auto& [group, add] : adders) {
        if (holds(groups, group)) {
            add(all, certificates);
        }
    }
    return all;
}

bool is_offered(const Trial& trial, const std::optional<client::HelloFields>& hello) {
    if (!hello || hello->sslv2) {
        return true;
    }
    if (!trial.suites.empty() && std::ranges::none_of(trial.suites, [&](std::uint16_t suite) {
            return holds(hello->cipher_suites, CipherSuite{suite});
        })) {
        return false;
    }
    // A client that lists no groups or signatures leaves the choice to the server.
    if (trial.named_group && !hello->groups.empty() && !holds(hello->groups, *trial.named_group)) {
        return false;
    }
    return !trial.signature || hello->signature_algorithms.empty() ||
           holds(hello->signature_algorithms, *trial.signature);
}

} // namespace tlsdoctor::walk
