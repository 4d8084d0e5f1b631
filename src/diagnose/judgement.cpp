// SPDX-License-Identifier: Apache-2.0
// Judgement of suites and versions. The tables run from the worst to the best, and the first row
// that fits gives the reason; tests hold the rows to the registry's own word for every suite.
#include "diagnose/judgement.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace tlsdoctor::diagnose {

namespace {

/// What a row looks at.
struct SuiteCase {
    const CipherSuiteInfo& info;
    ProtocolVersion version{};
    std::uint16_t dh_bits{};
};

/// A reason, and when it holds.
struct SuiteReason {
    Strength strength{};
    bool (*holds)(const SuiteCase&){};
    std::string_view reason{};
    std::string_view source{};
};

bool encrypts_with(const SuiteCase& suite, std::string_view beginning) {
    return suite.info.encryption.starts_with(beginning);
}

bool proves_nobody(const SuiteCase& suite) {
    return suite.info.authentication == Authentication::anonymous ||
           suite.info.authentication == Authentication::none;
}

bool is_export(const SuiteCase& suite) {
    return suite.info.bits > 0 && suite.info.bits < 64 &&
           suite.info.name.find("EXPORT") != std::string_view::npos;
}

bool has_short_key(const SuiteCase& suite) {
    return suite.info.bits > 0 && suite.info.bits < 80;
}

bool has_small_blocks(const SuiteCase& suite) {
    constexpr std::string_view k_ciphers[] = {"3DES", "IDEA", "RC2", "FORTEZZA"};
    return std::ranges::any_of(k_ciphers, [&](std::string_view name) {
        return encrypts_with(suite, name);
    });
}

bool is_cbc(const SuiteCase& suite) {
    return suite.info.encryption.find("CBC") != std::string_view::npos;
}

bool lacks_forward_secrecy(const SuiteCase& suite) {
    return !suite.info.forward_secrecy;
}

bool has_dh_below(const SuiteCase& suite, unsigned bits) {
    return suite.dh_bits > 0 && suite.dh_bits < bits;
}

bool has_truncated_tag(const SuiteCase& suite) {
    return suite.info.encryption.ends_with("_CCM_8");
}

// clang-format off
constexpr SuiteReason k_suite_reasons[] = {
    {Strength::broken, [](const SuiteCase& s) { return encrypts_with(s, "NULL"); },
     "no encryption: everybody on the path reads along", "RFC 9325 4.1"},
    {Strength::broken, proves_nobody,
     "anonymous: nothing proves who the server is", "RFC 9325 4.1"},
    {Strength::broken, is_export,
     "export key of at most 56 bits: found in hours (FREAK, Logjam)", "CVE-2015-0204, CVE-2015-4000"},
    {Strength::broken, [](const SuiteCase& s) { return encrypts_with(s, "RC4"); },
     "RC4: its output leaks the plain text, prohibited", "RFC 7465"},
    {Strength::broken, has_short_key,
     "single DES or the like: keys of at most 56 bits are searched in hours", "RFC 9325 4.1"},
    {Strength::broken, [](const SuiteCase& s) { return s.version == ProtocolVersion::ssl_3_0 && is_cbc(s); },
     "CBC in SSL 3.0: the padding is not checked (POODLE)", "RFC 7568, CVE-2014-3566"},
    {Strength::broken, [](const SuiteCase& s) { return has_dh_below(s, 1024); },
     "Diffie-Hellman prime below 1024 bits (Logjam)", "CVE-2015-4000"},
    {Strength::weak, has_small_blocks,
     "blocks of 64 bits: long sessions leak (Sweet32)", "CVE-2016-2183"},
    {Strength::weak, [](const SuiteCase& s) { return has_dh_below(s, 2048); },
     "Diffie-Hellman prime below 2048 bits (Logjam)", "RFC 9325 4.1"},
    {Strength::weak, [](const SuiteCase& s) { return s.info.key_exchange == KeyExchange::rsa; },
     "static RSA: no forward secrecy, prone to ROBOT", "RFC 9325 4.1"},
    {Strength::weak, [](const SuiteCase& s) { return s.info.key_exchange == KeyExchange::dh; },
     "static Diffie-Hellman: no forward secrecy, prone to Raccoon", "RFC 9325 4.1"},
    {Strength::weak, lacks_forward_secrecy,
     "no forward secrecy: a stolen key opens recorded sessions", "RFC 9325 4.1"},
    {Strength::weak, [](const SuiteCase& s) { return is_cbc(s) && s.info.mac == "SHA"; },
     "CBC with SHA-1: padding oracles (Lucky 13)", "CVE-2013-0169"},
    {Strength::weak, is_cbc,
     "CBC, MAC before encryption: padding oracles (Lucky 13)", "RFC 9325 4.2"},
    {Strength::weak, [](const SuiteCase& s) { return s.info.mac != "AEAD" && s.info.mac != "NULL"; },
     "no AEAD: a cipher that was never in wide use", ""},
    {Strength::fine, [](const SuiteCase& s) { return s.version == ProtocolVersion::tls_1_3; },
     "TLS 1.3: AEAD, forward secrecy", "RFC 8446"},
    {Strength::fine, has_truncated_tag,
     "AEAD with a short tag, forward secrecy", "RFC 6655"},
    {Strength::fine, [](const SuiteCase&) { return true; },
     "AEAD, forward secrecy", "RFC 9325 4.2"},
};

struct VersionReason {
    ProtocolVersion version{};
    Strength strength{};
    std::string_view reason{};
    std::string_view source{};
};

constexpr VersionReason k_version_reasons[] = {
    {ProtocolVersion::ssl_2_0, Strength::broken, "prohibited: DROWN opens sessions of newer versions too", "RFC 6176"},
    {ProtocolVersion::ssl_3_0, Strength::broken, "prohibited: POODLE", "RFC 7568"},
    {ProtocolVersion::tls_1_0, Strength::weak,   "deprecated: BEAST, MD5 and SHA-1 inside", "RFC 8996"},
    {ProtocolVersion::tls_1_1, Strength::weak,   "deprecated: MD5 and SHA-1 inside", "RFC 8996"},
    {ProtocolVersion::tls_1_2, Strength::fine,   "sound with AEAD suites", "RFC 9325"},
    {ProtocolVersion::tls_1_3, Strength::fine,   "the newest version", "RFC 8446"},
};
// clang-format on

} // namespace

Judgement judge(ProtocolVersion version) {
    const auto* const row = std::ranges::find(k_version_reasons, version, &VersionReason::version);
    if (row == std::end(k_version_reasons)) {
        return {.strength = Strength::weak, .reason = "no version that is known here"};
    }
    return {.strength = row->strength, .reason = std::string{row->reason}, .source = row->source};
}

Judgement judge(const evidence::AcceptedSuite& suite, ProtocolVersion version) {
    const CipherSuiteInfo* const info = find(suite.suite);
    if (info == nullptr) {
        return {.strength = Strength::weak, .reason = "not a registered suite: nothing is known"};
    }
    const SuiteCase one{.info = *info, .version = version, .dh_bits = suite.dh_bits};
    const auto* const row = std::ranges::find_if(k_suite_reasons, [&](const SuiteReason& reason) {
        return reason.holds(one);
    });
    // The last row holds always. The registry's word is the base: it is never made better.
    return {
        .strength = std::min(row->strength, info->strength),
        .reason = std::string{row->reason},
        .source = row->source,
    };
}

} // namespace tlsdoctor::diagnose
