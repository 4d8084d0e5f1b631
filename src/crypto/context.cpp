// SPDX-License-Identifier: Apache-2.0
// Contexts without OpenSSL's own limits. Everything is set here and nothing inherited: another
// library of the process may have loaded OpenSSL's configuration file before us.
#include "crypto/context.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace tlsdoctor::crypto {

namespace {

// OpenSSL refuses chains over 100 kB; real ones of 30 kB exist, and what fails must be the server's
// doing.
constexpr long k_most_chain = 512L * 1024;

// SSL_OP_ALL keeps the ClientHello out of the 256-511 bytes that some F5 load balancers hang on.
constexpr std::uint64_t k_options = SSL_OP_ALL | SSL_OP_LEGACY_SERVER_CONNECT |
                                    SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                    SSL_OP_ENABLE_MIDDLEBOX_COMPAT;

// Where the roots are on systems whose OpenSSL looks elsewhere than ours, which may be built in.
constexpr std::array k_bundles = {
    "/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",                  // RHEL 6
    "/etc/ssl/ca-bundle.pem",                            // openSUSE
    "/etc/ssl/cert.pem",                                 // Alpine, BSD, macOS
};

bool holds_something(std::string_view path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) && !std::filesystem::is_empty(path, ignored);
}

/// One of the two places where OpenSSL looks: the environment's, if it names one.
struct Place {
    std::string paths{};
    bool named_by_user{};
};

Place place(const char* variable, const char* otherwise) {
    const char* value = std::getenv(variable);
    return {.paths = value == nullptr ? otherwise : value, .named_by_user = value != nullptr};
}

} // namespace

std::expected<ContextPtr, CryptoError> make_context(
    Role role, ProtocolVersion lowest, ProtocolVersion highest, const std::string& cipher_list
) {
    start_openssl();
    if (lowest < ProtocolVersion::tls_1_0 || highest > ProtocolVersion::tls_1_3 ||
        lowest > highest) {
        return std::unexpected(CryptoError{
            .what = "cannot speak " + name_of(lowest) + " to " + name_of(highest),
            .cause = "OpenSSL has TLS 1.0 to TLS 1.3",
        });
    }
    ContextPtr context{SSL_CTX_new(role == Role::client ? TLS_client_method() : TLS_server_method())
    };
    if (!context) {
        return std::unexpected(error_about("cannot start TLS"));
    }
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_clear_options(context.get(), SSL_CTX_get_options(context.get()));
    // SSL_OP_ALL keeps the ClientHello out of the 256-511 bytes that some F5 load balancers hang
    // on.
    SSL_CTX_set_options(context.get(), k_options);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context.get(), k_most_chain);
    const std::string ciphers = (cipher_list.empty() ? "DEFAULT" : cipher_list) + ":@SECLEVEL=0";
    if (SSL_CTX_set_min_proto_version(context.get(), std::to_underlying(lowest)) != 1 ||
        SSL_CTX_set_max_proto_version(context.get(), std::to_underlying(highest)) != 1) {
        return std::unexpected(error_about("cannot speak " + name_of(lowest)));
    }
    if (SSL_CTX_set_cipher_list(context.get(), ciphers.c_str()) != 1) {
        return std::unexpected(error_about("cannot use the cipher list " + ciphers));
    }
    return context;
}

bool trust_pem(SSL_CTX* context, const std::string& pem) {
    const BioPtr input = reading(pem);
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    bool any = false;
    while (const CertificatePtr root = certificate_in(input.get())) {
        any = X509_STORE_add_cert(store, root.get()) == 1 || any;
    }
    if (any) {
        drain_errors(); // the end of the text is "no start line"
    }
    return any;
}

bool trust_system_roots(SSL_CTX* context) {
    SSL_CTX_set_default_verify_paths(context);
    const Place file = place(X509_get_default_cert_file_env(), X509_get_default_cert_file());
    const Place folders = place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    if (holds_something(file.paths) ||
        std::ranges::any_of(split(folders.paths, ':'), holds_something)) {
        return true;
    }
    if (file.named_by_user || folders.named_by_user) {
        return false; // what the user chose is not replaced
    }
    const bool found = std::ranges::any_of(k_bundles, [&](const char* bundle) {
        return SSL_CTX_load_verify_file(context, bundle) == 1;
    });
    drain_errors(); // each missing bundle left its complaint
    return found;
}

} // namespace tlsdoctor::crypto
