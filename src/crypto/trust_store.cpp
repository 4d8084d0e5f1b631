// SPDX-License-Identifier: Apache-2.0
// Builds the file from its inside out: a bag with the certificate, an encrypted safe, a MAC.
#include "crypto/trust_store.hpp"

#include <openssl/pkcs12.h>

#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

namespace {

// Oracle's ORACLE_TrustedKeyUsage; its value says for which purposes: any.
constexpr const char* k_trusted = "2.16.840.1.113894.746875.1.1";
constexpr int k_rounds = 2048;

void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

void free_safes(STACK_OF(PKCS7) * safes) {
    sk_PKCS7_pop_free(safes, PKCS7_free);
}

using Pkcs12Ptr = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>>;

/// The two lists that OpenSSL grows from null.
struct Lists {
    STACK_OF(PKCS12_SAFEBAG) * bags {};
    STACK_OF(PKCS7) * safes {};

    Lists() = default;
    Lists(const Lists&) = delete;
    Lists& operator=(const Lists&) = delete;
    ~Lists() {
        free_bags(bags);
        free_safes(safes);
    }
};

bool mark_trusted(PKCS12_SAFEBAG* bag) {
    const ObjectPtr any{OBJ_txt2obj("2.5.29.37.0", 1)};
    const ObjectPtr trusted{OBJ_txt2obj(k_trusted, 1)};
    X509_ATTRIBUTE* attribute = nullptr;
    if (!any || !trusted ||
        X509_ATTRIBUTE_create_by_OBJ(&attribute, trusted.get(), V_ASN1_OBJECT, any.get(), -1) ==
            nullptr) {
        return false;
    }
    auto* const attributes =
        const_cast<STACK_OF(X509_ATTRIBUTE)*>(PKCS12_SAFEBAG_get0_attrs(bag)); // NOLINT
    if (attributes == nullptr || sk_X509_ATTRIBUTE_push(attributes, attribute) <= 0) {
        X509_ATTRIBUTE_free(attribute);
        return false;
    }
    return true;
}

Bytes written_out(PKCS12* file) {
    unsigned char* der = nullptr;
    const int size = i2d_PKCS12(file, &der);
    Bytes bytes;
    if (size > 0) {
        bytes.assign(der, der + size);
    }
    OPENSSL_free(der);
    return bytes;
}

} // namespace

std::expected<Bytes, CryptoError>
java_trust_store(const std::string& pem, const std::string& password) {
    start_openssl();
    const BioPtr input = reading(pem);
    const CertificatePtr root = certificate_in(input.get());
    Lists lists;
    PKCS12_SAFEBAG* const bag = root ? PKCS12_add_cert(&lists.bags, root.get()) : nullptr;
    // The name first: it makes the list of attributes that Java's own is added to.
    const bool filled = bag != nullptr && PKCS12_add_friendlyname_utf8(bag, "tlsdoctor", -1) == 1 &&
                        mark_trusted(bag) &&
                        PKCS12_add_safe(
                            &lists.safes, lists.bags, NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
                            k_rounds, password.c_str()
                        ) == 1;
    const Pkcs12Ptr file{filled ? PKCS12_add_safes(lists.safes, 0) : nullptr};
    if (!file ||
        PKCS12_set_mac(file.get(), password.c_str(), -1, nullptr, 0, k_rounds, EVP_sha1()) != 1) {
        return std::unexpected(error_about("cannot make a trust store for Java"));
    }
    return written_out(file.get());
}

} // namespace tlsdoctor::crypto
