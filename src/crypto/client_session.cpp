// SPDX-License-Identifier: Apache-2.0
// The client's settings, and OpenSSL's verification turned into one word.
#include "crypto/client_session.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "crypto/context.hpp"
#include "crypto/engine.hpp"
#include "crypto/openssl.hpp"
#include "crypto/shared_roots.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_most_objections = 32;
constexpr int k_most_authorities = 100; // some servers send every root that they trust
constexpr std::string_view k_no_roots = "this machine has no trusted root certificates";

struct Meaning {
    int code{};
    Trust trust{};
};

constexpr std::array k_meanings = {
    Meaning{X509_V_ERR_CERT_HAS_EXPIRED, Trust::expired},
    Meaning{X509_V_ERR_CERT_NOT_YET_VALID, Trust::not_yet_valid},
    Meaning{X509_V_ERR_HOSTNAME_MISMATCH, Trust::name_mismatch},
    Meaning{X509_V_ERR_IP_ADDRESS_MISMATCH, Trust::name_mismatch},
    Meaning{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, Trust::self_signed},
    Meaning{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, Trust::unknown_issuer},
    Meaning{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, Trust::unknown_issuer},
    Meaning{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, Trust::unknown_issuer},
    Meaning{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, Trust::unknown_issuer},
};

Trust meaning_of(int code) {
    const auto* row = std::ranges::find(k_meanings, code, &Meaning::code);
    return row == k_meanings.end() ? Trust::other : row->trust;
}

Engine* engine_of(X509_STORE_CTX* store) {
    const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
    const auto* ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, index));
    return ssl == nullptr ? nullptr : &Engine::of(ssl);
}

int note_objection(int accepted, X509_STORE_CTX* store) {
    Engine* engine = engine_of(store);
    if (accepted != 1 && engine != nullptr &&
        engine->seen().objections.size() < k_most_objections) {
        engine->seen().objections.push_back(
            {.code = X509_STORE_CTX_get_error(store), .depth = X509_STORE_CTX_get_error_depth(store)
            }
        );
    }
    return 1;
}

/// Verifies in OpenSSL's place, so that even what it counts as fatal cannot end the handshake.
int verify_and_accept(X509_STORE_CTX* store, void*) {
    Engine* engine = engine_of(store);
    const int result = X509_verify_cert(store);
    if (engine != nullptr) {
        engine->seen().verified = true;
        if (result != 1 && engine->seen().objections.empty()) {
            note_objection(0, store);
        }
    }
    return 1;
}

std::vector<Bytes> authorities_in(const SSL* ssl) {
    std::vector<Bytes> authorities;
    const STACK_OF(X509_NAME)* names = SSL_get_client_CA_list(ssl);
    const int count = std::min(sk_X509_NAME_num(names), k_most_authorities); // -1 for a null stack
    for (int i = 0; i < count; ++i) {
        unsigned char* der = nullptr;
        const int length = i2d_X509_NAME(sk_X509_NAME_value(names, i), &der);
        if (length > 0) {
            authorities.emplace_back(der, der + length);
        }
        OPENSSL_free(der);
    }
    return authorities;
}

/// Called for every CertificateRequest, whether we have a certificate or not.
int note_request(SSL* ssl, void*) {
    Observations& seen = Engine::of(ssl).seen();
    seen.asked_for_certificate = true;
    seen.certificate_authorities = authorities_in(ssl);
    return 1; // go on with what there is
}

/// Without it OpenSSL would ask the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

/// Loads our own certificate and key, if any.
std::expected<void, CryptoError> identify(SSL_CTX* context, const ClientOptions& options) {
    if (options.certificate_file.empty()) {
        return {};
    }
    const std::string& key = options.key_file.empty() ? options.certificate_file : options.key_file;
    SSL_CTX_set_default_passwd_cb(context, no_password);
    if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
        return std::unexpected(
            error_about("cannot read a certificate from " + options.certificate_file)
        );
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        return std::unexpected(error_about("cannot read the certificate's key from " + key));
    }
    return {};
}

/// Returns `name` as it is compared: without the dot that makes it absolute, or an IPv6 zone.
std::string comparable(std::string_view name) {
    if (name.ends_with('.')) {
        name.remove_suffix(1);
    }
    if (name.contains(':')) {
        name = name.substr(0, name.find('%'));
    }
    return std::string(name);
}

bool send_name(SSL* ssl, std::string name) {
    // SSL_set_tlsext_host_name is a macro with an old-style cast.
    return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
}

bool expect_name(SSL* ssl, const std::string& name, bool send) {
    X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
    if (const OctetsPtr address{a2i_IPADDRESS(name.c_str())}) {
        const ByteView bytes{
            ASN1_STRING_get0_data(address.get()),
            static_cast<std::size_t>(ASN1_STRING_length(address.get()))
        };
        return X509_VERIFY_PARAM_set1_ip(wanted, bytes.data(), bytes.size()) == 1;
    }
    // RFC 9525 1.2: the common name "is not used" for the identity of a service.
    X509_VERIFY_PARAM_set_hostflags(
        wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT
    );
    return X509_VERIFY_PARAM_set1_host(wanted, name.c_str(), name.size()) == 1 &&
           (!send || send_name(ssl, name));
}

/// Loads the trusted roots; returns whether there are any.
std::expected<bool, CryptoError> trust_roots(SSL_CTX* context, const ClientOptions& options) {
    if (options.ca_pem.empty()) {
        return trust_shared_roots(context, options.ca_file);
    }
    if (!trust_pem(context, options.ca_pem)) {
        return std::unexpected(error_about("cannot read the trusted certificates"));
    }
    if (!options.ca_file.empty() &&
        SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
        return std::unexpected(error_about("cannot read certificates from " + options.ca_file));
    }
    return true;
}

} // namespace

std::expected<ClientSession, CryptoError> ClientSession::create(const ClientOptions& options) {
    auto context = make_context(Role::client, options.min_version, options.max_version, {});
    if (!context) {
        return std::unexpected(std::move(context.error()));
    }
    const auto has_roots = trust_roots(context->get(), options);
    if (!has_roots) {
        return std::unexpected(has_roots.error());
    }
    SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, note_objection);
    SSL_CTX_set_cert_verify_callback(context->get(), verify_and_accept, nullptr);
    SSL_CTX_set_cert_cb(context->get(), note_request, nullptr);
    if (auto identified = identify(context->get(), options); !identified) {
        return std::unexpected(std::move(identified.error()));
    }
    auto engine = Engine::make(context->get(), Role::client, nullptr);
    if (!engine) {
        return std::unexpected(error_about("cannot start TLS"));
    }
    engine->seen().has_roots = *has_roots;
    const std::string name = comparable(options.server_name);
    if (name.contains('\0') ||
        (!name.empty() && !expect_name(engine->ssl(), name, options.send_server_name))) {
        return std::unexpected(error_about("cannot send the name " + harmless(name)));
    }
    engine->start();
    return ClientSession{std::move(engine)};
}

std::vector<Bytes> ClientSession::chain() const {
    std::vector<Bytes> chain;
    const STACK_OF(X509)* sent = SSL_get_peer_cert_chain(engine().ssl());
    for (int i = 0; i < sk_X509_num(sent); ++i) { // -1 for a null stack
        unsigned char* der = nullptr;
        const int length = i2d_X509(sk_X509_value(sent, i), &der);
        if (length > 0) {
            chain.emplace_back(der, der + length);
        }
        OPENSSL_free(der);
    }
    return chain;
}

Verification ClientSession::verification() const {
    const Observations& seen = engine().seen();
    Verification result;
    if (!seen.verified) {
        return result;
    }
    result.trust = Trust::trusted;
    for (const Objection& objection : seen.objections) {
        TrustProblem problem{
            .trust = meaning_of(objection.code),
            .error = X509_verify_cert_error_string(objection.code),
            .depth = objection.depth,
        };
        if (problem.trust == Trust::unknown_issuer && !seen.has_roots) {
            problem.trust = Trust::not_judged; // nobody's issuer would be known here
            problem.error = k_no_roots;
        }
        result.problems.push_back(std::move(problem));
    }
    // not_judged stands first in the enumeration and must not hide what could be judged.
    const auto rank = [](const TrustProblem& problem) {
        return problem.trust == Trust::not_judged ? Trust::unknown_issuer : problem.trust;
    };
    const auto worst = std::ranges::min_element(result.problems, {}, rank);
    if (worst != result.problems.end()) {
        result.trust = worst->trust;
        result.error = worst->error;
        result.depth = worst->depth;
    }
    return result;
}

bool ClientSession::asked_for_certificate() const {
    return engine().seen().asked_for_certificate;
}

const std::vector<Bytes>& ClientSession::certificate_authorities() const {
    return engine().seen().certificate_authorities;
}

std::string_view name_of(Trust trust) {
    switch (trust) {
    case Trust::not_judged:
        return "not_judged";
    case Trust::trusted:
        return "trusted";
    case Trust::expired:
        return "expired";
    case Trust::not_yet_valid:
        return "not_yet_valid";
    case Trust::name_mismatch:
        return "name_mismatch";
    case Trust::self_signed:
        return "self_signed";
    case Trust::unknown_issuer:
        return "unknown_issuer";
    case Trust::other:
        break;
    }
    return "other";
}

} // namespace tlsdoctor::crypto
