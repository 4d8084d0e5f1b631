// SPDX-License-Identifier: Apache-2.0
// Cipher suites and the cipher kinds of SSL 2.0; the rows come from data/registry/, where
// tools/gen_registry.py explains how each property was derived.
#include "registry/cipher_suite.hpp"

#include "registry/table.hpp"

namespace tlsdoctor {

namespace {

constexpr CipherSuiteInfo k_cipher_suites[] = {
#include "cipher_suites.inc"
};
static_assert(registry::strictly_ascending<CipherSuiteInfo>(k_cipher_suites));

constexpr Ssl2CipherKind k_ssl2_cipher_kinds[] = {
#include "ssl2_cipher_kinds.inc"
};
static_assert(registry::strictly_ascending<Ssl2CipherKind>(k_ssl2_cipher_kinds));

} // namespace

std::span<const CipherSuiteInfo> cipher_suites() {
    return k_cipher_suites;
}

const CipherSuiteInfo* find(CipherSuite suite) {
    return registry::find_row<CipherSuiteInfo>(k_cipher_suites, suite);
}

std::string name_of(CipherSuite suite) {
    // Signalling values have names but are no suites, so they are not in the table.
    if (suite == CipherSuite::TLS_EMPTY_RENEGOTIATION_INFO_SCSV) {
        return "TLS_EMPTY_RENEGOTIATION_INFO_SCSV";
    }
    if (suite == CipherSuite::TLS_FALLBACK_SCSV) {
        return "TLS_FALLBACK_SCSV";
    }
    return registry::name_in<CipherSuiteInfo>(k_cipher_suites, suite);
}

std::span<const Ssl2CipherKind> ssl2_cipher_kinds() {
    return k_ssl2_cipher_kinds;
}

} // namespace tlsdoctor
