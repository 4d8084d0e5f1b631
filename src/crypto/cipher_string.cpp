// SPDX-License-Identifier: Apache-2.0
// Cipher strings through an SSL_CTX.
#include "crypto/cipher_string.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

namespace {

void add(std::vector<CipherSuite>& suites, CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    const bool older = info != nullptr && info->first_version < ProtocolVersion::tls_1_3;
    if (older && std::ranges::find(suites, suite) == suites.end()) {
        suites.push_back(suite);
    }
}

/// Adds what the string names by OpenSSL's own names.
void add_named(std::vector<CipherSuite>& suites, std::string_view cipher_string) {
    for (const std::string_view part : split(cipher_string, ':')) {
        const auto rows = cipher_suites();
        const auto named = std::ranges::find_if(rows, [&](const CipherSuiteInfo& row) {
            return !part.empty() && (row.openssl_name == part || row.name == part);
        });
        if (named != rows.end()) {
            add(suites, named->id);
        }
    }
}

/// What the library makes of the string; nothing where it refuses it.
std::vector<CipherSuite> selected_by(const std::string& cipher_string) {
    start_openssl();
    const ContextPtr context{SSL_CTX_new(TLS_method())};
    std::vector<CipherSuite> suites;
    if (context && SSL_CTX_set_cipher_list(context.get(), cipher_string.c_str()) == 1) {
        const STACK_OF(SSL_CIPHER)* const list = SSL_CTX_get_ciphers(context.get());
        for (int i = 0; i < sk_SSL_CIPHER_num(list); ++i) {
            add(suites, CipherSuite{SSL_CIPHER_get_protocol_id(sk_SSL_CIPHER_value(list, i))});
        }
    }
    drain_errors();
    return suites;
}

std::expected<std::vector<CipherSuite>, CryptoError> unless_empty(std::vector<CipherSuite> suites) {
    if (suites.empty()) {
        return std::unexpected(
            CryptoError{.what = "the cipher string selects nothing", .cause = "no cipher match"}
        );
    }
    return suites;
}

} // namespace

std::expected<std::vector<CipherSuite>, CryptoError>
suites_of_a_server(const std::string& cipher_string) {
    return unless_empty(selected_by(cipher_string));
}

std::expected<std::vector<CipherSuite>, CryptoError> suites_in(const std::string& cipher_string) {
    std::vector<CipherSuite> suites = selected_by(cipher_string);
    add_named(suites, cipher_string);
    return unless_empty(std::move(suites));
}

} // namespace tlsdoctor::crypto
