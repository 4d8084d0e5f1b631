// SPDX-License-Identifier: Apache-2.0
// Makes keys and certificates. Names go in as the bytes they are, so that tests can make hostile
// ones.
#include "crypto/authority.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/pem.h>
#include <openssl/rand.h>

#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr int k_decade_days = 3652;
constexpr std::size_t k_longest_common_name = 64; // RFC 5280 A.1, ub-common-name
constexpr int k_serial_bits = 127;

struct ExtensionText {
    int id{};
    const char* value{};
};

constexpr std::array k_root_extensions = {
    ExtensionText{NID_basic_constraints, "critical,CA:TRUE"},
    ExtensionText{NID_key_usage, "critical,keyCertSign,cRLSign"},
    ExtensionText{NID_subject_key_identifier, "hash"},
};

constexpr std::array k_leaf_extensions = {
    ExtensionText{NID_basic_constraints, "critical,CA:FALSE"},
    ExtensionText{NID_key_usage, "critical,digitalSignature,keyEncipherment"},
    ExtensionText{NID_ext_key_usage, "serverAuth,clientAuth"},
    ExtensionText{NID_subject_key_identifier, "hash"},
    ExtensionText{NID_authority_key_identifier, "keyid"},
};

/// A certificate being made; the first step that fails leaves `good` false.
struct Draft {
    CertificatePtr certificate{X509_new()};
    KeyPtr key{};
    bool good{true};

    void must(bool done) { good = good && done; }
};

KeyPtr new_key(KeyType type) {
    switch (type) {
    case KeyType::rsa_2048:
        return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})};
    case KeyType::rsa_1024:
        return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024})};
    case KeyType::ecdsa_p384:
        return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")};
    case KeyType::ed25519:
        return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
    case KeyType::ecdsa_p256:
        break;
    }
    return KeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
}

bool set_serial(X509* certificate) {
    using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
    const NumberPtr number{BN_new()};
    return number &&
           BN_rand(number.get(), k_serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_common_name(X509* certificate, const std::string& name) {
    const auto length = static_cast<int>(std::min(name.size(), k_longest_common_name));
    return X509_NAME_add_entry_by_NID(
               X509_get_subject_name(certificate), NID_commonName, MBSTRING_UTF8,
               reinterpret_cast<const unsigned char*>(name.data()), length, -1, 0
           ) == 1;
}

/// Begins a certificate with a new key, a serial number, a common name and its validity.
Draft draft(const std::string& name, const IssueOptions& options) {
    Draft made{.key = new_key(options.key_type)};
    made.must(made.certificate && made.key);
    if (!made.good) {
        return made;
    }
    X509* certificate = made.certificate.get();
    made.must(X509_set_version(certificate, X509_VERSION_3) == 1);
    made.must(set_serial(certificate));
    made.must(set_common_name(certificate, name));
    made.must(
        X509_time_adj_ex(X509_getm_notBefore(certificate), options.not_before_days, 0, nullptr) !=
        nullptr
    );
    made.must(
        X509_time_adj_ex(X509_getm_notAfter(certificate), options.not_after_days, 0, nullptr) !=
        nullptr
    );
    made.must(X509_set_pubkey(certificate, made.key.get()) == 1);
    return made;
}

bool add_extensions(X509* certificate, X509* issuer, std::span<const ExtensionText> extensions) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>>;
    return std::ranges::all_of(extensions, [&](const ExtensionText& extension) {
        const ExtensionPtr made{
            X509V3_EXT_conf_nid(nullptr, &context, extension.id, extension.value)
        };
        return made && X509_add_ext(certificate, made.get(), -1) == 1;
    });
}

using GeneralNamePtr = std::unique_ptr<GENERAL_NAME, FreeWith<GENERAL_NAME_free>>;

GeneralNamePtr general_name(const std::string& name) {
    GeneralNamePtr made{GENERAL_NAME_new()};
    OctetsPtr value{a2i_IPADDRESS(name.c_str())};
    const int kind = value ? GEN_IPADD : GEN_DNS;
    if (!value) {
        value.reset(ASN1_STRING_type_new(V_ASN1_IA5STRING));
        if (!value ||
            ASN1_STRING_set(value.get(), name.data(), static_cast<int>(name.size())) != 1) {
            return nullptr;
        }
    }
    if (made) {
        GENERAL_NAME_set0_value(made.get(), kind, value.release());
    }
    return made;
}

bool add_names(X509* certificate, const std::vector<std::string>& names) {
    const NamesPtr list{GENERAL_NAMES_new()};
    for (const std::string& name : names) {
        GeneralNamePtr made = general_name(name);
        if (!list || !made || sk_GENERAL_NAME_push(list.get(), made.get()) <= 0) {
            return false;
        }
        static_cast<void>(made.release()); // the list owns it now
    }
    return names.empty() || X509_add1_ext_i2d(
                                certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT
                            ) == 1;
}

/// Signs; Ed25519 brings its own digest.
bool sign(X509* certificate, EVP_PKEY* key) {
    const bool own_digest = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
    return X509_sign(certificate, key, own_digest ? nullptr : EVP_sha256()) > 0;
}

std::expected<Identity, CryptoError> as_pem(const Draft& made) {
    const BioPtr certificate{BIO_new(BIO_s_mem())};
    const BioPtr key{BIO_new(BIO_s_mem())};
    const bool written = made.good && certificate && key &&
                         PEM_write_bio_X509(certificate.get(), made.certificate.get()) == 1 &&
                         PEM_write_bio_PrivateKey(
                             key.get(), made.key.get(), nullptr, nullptr, 0, nullptr, nullptr
                         ) == 1;
    if (!written) {
        return std::unexpected(error_about("cannot make a certificate"));
    }
    drain_errors(); // a2i_IPADDRESS complains about each DNS name
    return Identity{
        .certificate_pem = written_to(certificate.get()), .key_pem = written_to(key.get())
    };
}

/// Signs with the draft's own key.
std::expected<Identity, CryptoError> finish_own(
    Draft made, std::span<const ExtensionText> extensions, const std::vector<std::string>& names
) {
    if (made.good) {
        X509* certificate = made.certificate.get();
        made.must(X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1);
        made.must(add_extensions(certificate, certificate, extensions));
        made.must(add_names(certificate, names));
        made.must(sign(certificate, made.key.get()));
    }
    return as_pem(made);
}

const std::string& first_of(const std::vector<std::string>& names) {
    static const std::string nameless = "nameless";
    return names.empty() ? nameless : names.front();
}

} // namespace

std::expected<TestAuthority, CryptoError> make_authority(const std::string& name, KeyType type) {
    start_openssl();
    auto root = finish_own(
        draft(
            name,
            {.key_type = type, .not_before_days = -k_decade_days, .not_after_days = k_decade_days}
        ),
        k_root_extensions, {}
    );
    if (!root) {
        return std::unexpected(std::move(root.error()));
    }
    return TestAuthority{
        .certificate_pem = std::move(root->certificate_pem), .key_pem = std::move(root->key_pem)
    };
}

std::expected<Identity, CryptoError> issue(
    const TestAuthority& authority, const std::vector<std::string>& names,
    const IssueOptions& options
) {
    start_openssl();
    const BioPtr root_pem = reading(authority.certificate_pem);
    const BioPtr key_pem = reading(authority.key_pem);
    const CertificatePtr root = certificate_in(root_pem.get());
    const KeyPtr root_key = key_in(key_pem.get());
    if (!root || !root_key) {
        return std::unexpected(error_about("cannot use the authority"));
    }
    Draft made = draft(first_of(names), options);
    if (made.good) {
        X509* certificate = made.certificate.get();
        made.must(X509_set_issuer_name(certificate, X509_get_subject_name(root.get())) == 1);
        made.must(add_extensions(certificate, root.get(), k_leaf_extensions));
        made.must(add_names(certificate, names));
        made.must(sign(certificate, root_key.get()));
    }
    return as_pem(made);
}

std::expected<Identity, CryptoError>
self_signed(const std::vector<std::string>& names, const IssueOptions& options) {
    start_openssl();
    return finish_own(draft(first_of(names), options), k_leaf_extensions, names);
}

} // namespace tlsdoctor::crypto
