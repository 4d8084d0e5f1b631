// SPDX-License-Identifier: Apache-2.0
// The server's settings and its choice by name.
#include "crypto/server_session.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "crypto/context.hpp"
#include "crypto/engine.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

struct ServerContext::State {
    ContextPtr context{};
    Identity identity{};
    std::vector<std::string> only_names{};
};

namespace {

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
    SSL_CTX_set_dh_auto(context, 1);
    SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN); // only the given chain is sent
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (!options.tls13_suites.empty() &&
        SSL_CTX_set_ciphersuites(context, options.tls13_suites.c_str()) != 1) {
        return "cannot use the TLS 1.3 suites " + options.tls13_suites;
    }
    if (!options.groups.empty() && SSL_CTX_set1_groups_list(context, options.groups.c_str()) != 1) {
        return "cannot use the groups " + options.groups;
    }
    if (!use_identity(context, identity)) {
        return "cannot use the certificate and its key";
    }
    if (!options.client_ca_pem.empty() && !demand_certificates(context, options.client_ca_pem)) {
        return "cannot use the CA for client certificates";
    }
    return {};
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
        .only_names = options.only_names
    });
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
