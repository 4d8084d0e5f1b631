// SPDX-License-Identifier: Apache-2.0
// What a server's first flight said beyond its choice. Before TLS 1.3 it comes in clear; in TLS 1.3
// it is decrypted with our own key share where the visit asked for that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "registry/extension_type.hpp"
#include "registry/signature_scheme.hpp"

namespace tlsdoctor::evidence {

/// The facts of a first flight; what did not come, or could not be read, is left out.
struct Flight {
    std::string stage{};                 ///< the last message read: `ServerHello` ... `Finished`
    bool renegotiation_info{};           ///< RFC 5746 in the ServerHello
    bool extended_master_secret{};       ///< RFC 7627 in the ServerHello
    std::optional<std::string> alpn{};   ///< the protocol chosen
    std::string certificate_key{};       ///< of the leaf: `RSA 2048`, `EC P-256`; empty: not seen
    std::string certificate_issuer{};    ///< of the leaf, RFC 2253 form
    std::string certificate_signature{}; ///< of the leaf: `sha256WithRSAEncryption`
    std::vector<std::string> certificate_names{};       ///< of the leaf: its subjectAltName
    std::uint16_t dh_bits{};                            ///< size of the DHE prime; 0: no DHE
    std::optional<SignatureScheme> signature_scheme{};  ///< of the server's own signature
    bool certificate_requested{};                       ///< a CertificateRequest came
    std::vector<std::string> certificate_authorities{}; ///< the names in it, RFC 2253 form
    std::string failure{}; ///< why it could not be read on: `a record that the keys do not open`
    std::string certificate_subject{}; ///< of the leaf, RFC 2253 form
    std::string certificate_not_before{};
    std::string certificate_not_after{};
    std::string certificate_sha256{};        ///< of the leaf's DER, lower-case hexadecimal
    Bytes dh_prime{};                        ///< of DHE, without leading zeros; at most 16,384 bits
    std::vector<ExtensionType> extensions{}; ///< of the ServerHello, then of EncryptedExtensions
    std::vector<ExtensionType> certificate_extensions{}; ///< beside the leaf in TLS 1.3
    bool certificate_status{};                           ///< a CertificateStatus came [RFC 6066 8]
    bool certificate_compressed{}; ///< a CompressedCertificate came [RFC 8879]
    bool session_id{};             ///< the ServerHello named a session, before TLS 1.3
    std::uint8_t compression{};    ///< the method chosen [RFC 3749]; 0: none

    bool operator==(const Flight&) const = default;
};

} // namespace tlsdoctor::evidence
