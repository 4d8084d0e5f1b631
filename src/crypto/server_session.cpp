// SPDX-License-Identifier: Apache-2.0
// The server's settings and its choice by name.
#include "crypto/server_session.hpp"

#include <algorithm>
#include <utility>

#include <openssl/dh.h>

#include "base/text.hpp"
#include "crypto/context.hpp"
#include "crypto/engine.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

struct ServerContext::State {
    ContextPtr context{};
    Identity identity{};
    std::vector<std::string> only_names{};
    std::vector<std::string> alpn{};
};

namespace {

/// Makes the parameters of DHE from a well-known group; OpenSSL serves no prime below 1024 bits.
KeyPtr dh_parameters(unsigned bits) {
    const char* const group = bits == 1024 ? "dh_1024_160" : bits == 2048 ? "ffdhe2048" : nullptr;
    const KeyContextPtr context{EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr)};
    EVP_PKEY* made = nullptr;
    if (group == nullptr || !context || EVP_PKEY_paramgen_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_group_name(context.get(), group) != 1 ||
        EVP_PKEY_paramgen(context.get(), &made) != 1) {
        return nullptr;
    }
    return KeyPtr{made};
}

bool use_dh(SSL_CTX* context, unsigned bits) {
    if (bits == 0) {
        SSL_CTX_set_dh_auto(context, 1);
        return true;
    }
    KeyPtr parameters = dh_parameters(bits);
    if (!parameters || SSL_CTX_set0_tmp_dh_pkey(context, parameters.get()) != 1) {
        return false;
    }
    static_cast<void>(parameters.release()); // the context owns it now
    return true;
}

std::expected<Identity, CryptoError> identity_for(const ServerOptions& options) {
    if (!options.identity.certificate_pem.empty() || !options.identity.key_pem.empty()) {
        return options.identity;
    }
    return self_signed(options.names, {.key_type = options.key_type});
}

bool use_identity(SSL_CTX* context, const Identity& identity) {
    const BioPtr certificates = reading(identity.certificate_pem);
    const BioPtr keys = reading(identity.key_pem);
    const CertificatePtr leaf = certificate_in(certificates.get());
    const KeyPtr key = key_in(keys.get());
    if (!leaf || !key || SSL_CTX_use_certificate(context, leaf.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return false;
    }
    while (const CertificatePtr issuer = certificate_in(certificates.get())) {
        if (SSL_CTX_add1_chain_cert(context, issuer.get()) != 1) {
            return false;
        }
    }
    drain_errors(); // the end of the chain is "no start line"
    return true;
}

bool demand_certificates(SSL_CTX* context, const std::string& ca_pem) {
    const BioPtr input = reading(ca_pem);
    const CertificatePtr ca = certificate_in(input.get());
    if (!ca || SSL_CTX_add_client_CA(context, ca.get()) != 1 || !trust_pem(context, ca_pem)) {
        return false;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return true;
}

/// Applies what only a server has. Returns what could not be done, empty if all could.
std::string configure(SSL_CTX* context, const ServerOptions& options, const Identity& identity) {
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN); // only the given chain is sent
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (!options.tls13_suites.empty() &&
        SSL_CTX_set_ciphersuites(context, options.tls13_suites.c_str()) != 1) {
        return "cannot use the TLS 1.3 suites " + options.tls13_suites;
    }
    if (!options.groups.empty() && SSL_CTX_set1_groups_list(context, options.groups.c_str()) != 1) {
        return "cannot use the groups " + options.groups;
    }
    if (!use_dh(context, options.dh_bits)) {
        return "cannot use a Diffie-Hellman prime of " + std::to_string(options.dh_bits) + " bits";
    }
    if (!options.signature_algorithms.empty() &&
        SSL_CTX_set1_sigalgs_list(context, options.signature_algorithms.c_str()) != 1) {
        return "cannot use the signature algorithms " + options.signature_algorithms;
    }
    if (!use_identity(context, identity)) {
        return "cannot use the certificate and its key";
    }
    if (!options.other_identity.key_pem.empty() && !use_identity(context, options.other_identity)) {
        return "cannot use the other certificate and its key";
    }
    if (!options.client_ca_pem.empty() && !demand_certificates(context, options.client_ca_pem)) {
        return "cannot use the CA for client certificates";
    }
    return {};
}

/// Chooses the first protocol of ours that the client offers.
int choose_protocol(
    SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
    unsigned offered_size, void* ours
) {
    const std::string_view list(reinterpret_cast<const char*>(offered), offered_size);
    for (const std::string& name : *static_cast<const std::vector<std::string>*>(ours)) {
        for (std::size_t at = 0; at < list.size(); at += 1U + static_cast<std::uint8_t>(list[at])) {
            if (list.substr(at + 1, static_cast<std::uint8_t>(list[at])) == name) {
                *chosen = offered + at + 1;
                *size = static_cast<std::uint8_t>(list[at]);
                return SSL_TLSEXT_ERR_OK;
            }
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

int check_name(SSL* ssl, int* alert, void* names) {
    const auto& only_names = *static_cast<const std::vector<std::string>*>(names);
    const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const bool known = asked != nullptr && std::ranges::any_of(only_names, [&](const auto& name) {
                           return same_ignoring_case(name, asked);
                       });
    if (known || only_names.empty()) {
        return SSL_TLSEXT_ERR_OK;
    }
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace

std::expected<ServerContext, CryptoError> ServerContext::create(const ServerOptions& options) {
    auto context =
        make_context(Role::server, options.min_version, options.max_version, options.cipher_list);
    if (!context) {
        return std::unexpected(std::move(context.error()));
    }
    auto identity = identity_for(options);
    if (!identity) {
        return std::unexpected(std::move(identity.error()));
    }
    std::string refused = configure(context->get(), options, *identity);
    if (!refused.empty()) {
        return std::unexpected(error_about(std::move(refused)));
    }
    auto state = std::make_shared<State>(State{
        .context = std::move(*context),
        .identity = std::move(*identity),
        .only_names = options.only_names,
        .alpn = options.alpn
    });
    if (!state->alpn.empty()) {
        SSL_CTX_set_alpn_select_cb(state->context.get(), choose_protocol, &state->alpn);
    }
    // SSL_CTX_set_tlsext_servername_callback is a macro with an old-style cast.
    SSL_CTX_callback_ctrl(
        state->context.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
        reinterpret_cast<void (*)()>(check_name)
    );
    SSL_CTX_set_tlsext_servername_arg(state->context.get(), &state->only_names);
    ServerContext made;
    made.state_ = std::move(state);
    return made;
}

std::expected<ServerSession, CryptoError> ServerContext::accept() const {
    auto engine = Engine::make(state_->context.get(), Role::server, state_);
    if (!engine) {
        return std::unexpected(error_about("cannot start TLS"));
    }
    return ServerSession{std::move(engine)};
}

const Identity& ServerContext::identity() const {
    return state_->identity;
}

std::string ServerSession::server_name() const {
    const char* name = SSL_get_servername(engine().ssl(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string{} : harmless(name);
}

} // namespace tlsdoctor::crypto
