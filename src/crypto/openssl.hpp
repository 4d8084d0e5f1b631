// SPDX-License-Identifier: Apache-2.0
// Private to this module: owners for OpenSSL's objects and its error queue as text. Nobody else
// includes <openssl/...>, and nothing here runs before the first call: a program that needs no
// handshake must not pay for OpenSSL (docs/adr/0020-openssl.md).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/bytes.hpp"
#include "crypto/error.hpp"

namespace tlsdoctor::crypto {

/// Calls OpenSSL's own function where a unique_ptr would say delete.
template <auto Free>
struct FreeWith {
    template <typename T>
    void operator()(T* object) const {
        Free(object);
    }
};

using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using ContextPtr = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;
using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, FreeWith<ASN1_OCTET_STRING_free>>;
using NamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;

/// Starts OpenSSL without its configuration file, once; every entry of this module calls it. The
/// file may forbid versions or suites, and those limits would be mistaken for the server's.
void start_openssl();

/// Starts the half of OpenSSL that knows no TLS: hashes, ciphers and key shares need no more.
void start_crypto();

/// What OpenSSL's error queue held.
struct OpensslErrors {
    std::string text{}; ///< distinct reasons, first cause first: `wrong version number`
    std::optional<int> peer_alert{}; ///< the alert that the peer ended the connection with
};

/// Empties the error queue and says what was in it.
OpensslErrors drain_errors();

/// Empties the error queue into an error about `what`.
CryptoError error_about(std::string what);

/// Makes a BIO that reads from `text`; borrows from it. Null where memory is short.
BioPtr reading(std::string_view text);

/// Returns everything that was written to a memory BIO.
std::string written_to(BIO* memory);

/// Reads the first PEM certificate; null, with the reason in the error queue, where there is none.
CertificatePtr certificate_in(BIO* pem);

/// Reads a PEM key. An encrypted one is an error: nobody is asked for a pass phrase.
KeyPtr key_in(BIO* pem);

} // namespace tlsdoctor::crypto
