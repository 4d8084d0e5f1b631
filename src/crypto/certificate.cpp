// SPDX-License-Identifier: Apache-2.0
// One certificate's facts through OpenSSL's parser, with every text made harmless.
#include "crypto/certificate.hpp"

#include <array>
#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "base/text.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_most_der = std::size_t{1} << 20U;
constexpr std::size_t k_most_names = 500;
constexpr std::size_t k_most_text = 1024; // of a subject or one name; a DNS name has at most 253

/// Returns what a certificate says, fit for a terminal and of a bearable size.
std::string shown(std::string_view text) {
    if (text.size() <= k_most_text) {
        return harmless(text);
    }
    return harmless(text.substr(0, k_most_text)) + "...";
}

using NamePtr = std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>>;

std::string shown(const X509_NAME* name) {
    // RFC 2253's escapes, but UTF-8 as it is: people read it.
    constexpr unsigned long k_style =
        XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
    const BioPtr memory{BIO_new(BIO_s_mem())};
    if (!memory || X509_NAME_print_ex(memory.get(), name, 0, k_style) < 0) {
        return "unreadable";
    }
    return shown(written_to(memory.get()));
}

std::string shown(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) {
        return {};
    }
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
        parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec
    );
}

ByteView bytes_of(const ASN1_STRING* text) {
    return {ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string ipv4(ByteView address) {
    return fmt::format("{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
}

/// Returns the form of RFC 5952: the longest run of two or more zero groups as `::`.
std::string ipv6(ByteView address) {
    std::array<unsigned, 8> groups{};
    std::size_t run = 0;
    std::size_t best = 0;
    std::size_t best_end = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        groups.at(i) = (unsigned{address[2 * i]} << 8U) | address[2 * i + 1];
        run = groups.at(i) == 0 ? run + 1 : 0;
        if (run > best && run > 1) {
            best = run;
            best_end = i + 1;
        }
    }
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (best > 0 && i == best_end - best) {
            text += "::";
            i = best_end - 1;
            continue;
        }
        text +=
            (text.empty() || text.ends_with(':') ? "" : ":") + fmt::format("{:x}", groups.at(i));
    }
    return text;
}

std::string address_in(ByteView address) {
    if (address.size() == 4) {
        return ipv4(address);
    }
    return address.size() == 16 ? ipv6(address) : "unreadable address " + to_hex(address);
}

void add_names(const X509* certificate, CertificateFacts& facts) {
    const NamesPtr names{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)
    )};
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) { // -1 for a null stack
        int kind = -1;
        const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind);
        if (kind != GEN_DNS && kind != GEN_IPADD) {
            continue;
        }
        if (facts.names.size() == k_most_names) {
            ++facts.names_left_out;
            continue;
        }
        const ByteView bytes = bytes_of(static_cast<const ASN1_STRING*>(value));
        facts.names.push_back(kind == GEN_DNS ? shown(as_text(bytes)) : shown(address_in(bytes)));
    }
}

std::string curve_of(const EVP_PKEY* key) {
    std::array<char, 80> name{};
    if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1) {
        return "with a curve of its own";
    }
    const char* nist = EC_curve_nid2nist(OBJ_sn2nid(name.data()));
    return nist != nullptr ? nist : name.data();
}

std::string key_of(const X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) {
        return "unreadable";
    }
    const int bits = EVP_PKEY_get_bits(key);
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return fmt::format("RSA {}", bits);
    case EVP_PKEY_RSA_PSS:
        return fmt::format("RSA-PSS {}", bits);
    case EVP_PKEY_DSA:
        return fmt::format("DSA {}", bits);
    case EVP_PKEY_EC:
        return "EC " + curve_of(key);
    case EVP_PKEY_ED25519:
        return "Ed25519";
    case EVP_PKEY_ED448:
        return "Ed448";
    default:
        break;
    }
    const char* name = EVP_PKEY_get0_type_name(key);
    return name != nullptr ? name : "unreadable";
}

std::string signature_of(const X509* certificate) {
    const ASN1_OBJECT* algorithm = nullptr;
    X509_ALGOR_get0(&algorithm, nullptr, nullptr, X509_get0_tbs_sigalg(certificate));
    std::array<char, 128> name{};
    if (OBJ_obj2txt(name.data(), static_cast<int>(name.size()), algorithm, 0) <= 0) {
        return "unreadable";
    }
    return name.data();
}

std::string fingerprint_of(ByteView der) {
    Bytes digest(EVP_MAX_MD_SIZE);
    std::size_t length = 0;
    if (EVP_Q_digest(nullptr, "SHA256", nullptr, der.data(), der.size(), digest.data(), &length) !=
        1) {
        return {};
    }
    digest.resize(length);
    return to_hex(digest);
}

} // namespace

std::expected<CertificateFacts, CryptoError> read_certificate(ByteView der) {
    const auto refused = [](std::string cause) {
        return std::unexpected(
            CryptoError{.what = "cannot read the certificate", .cause = std::move(cause)}
        );
    };
    start_crypto();
    if (der.size() > k_most_der) {
        return refused(fmt::format("it has {} bytes", der.size()));
    }
    const unsigned char* next = der.data();
    const CertificatePtr certificate{d2i_X509(nullptr, &next, static_cast<long>(der.size()))};
    if (!certificate) {
        return refused(drain_errors().text);
    }
    if (const auto extra = der.data() + der.size() - next; extra != 0) {
        return refused(fmt::format("{} bytes follow it", extra));
    }
    CertificateFacts facts{
        .subject = shown(X509_get_subject_name(certificate.get())),
        .issuer = shown(X509_get_issuer_name(certificate.get())),
        .not_before = shown(X509_get0_notBefore(certificate.get())),
        .not_after = shown(X509_get0_notAfter(certificate.get())),
        .key = key_of(certificate.get()),
        .signature = signature_of(certificate.get()),
        .sha256 = fingerprint_of(der),
    };
    add_names(certificate.get(), facts);
    drain_errors(); // parts that could not be read say so in their own words
    return facts;
}

Bytes certificate_der(const std::string& pem) {
    start_crypto();
    const BioPtr input = reading(pem);
    const CertificatePtr certificate = certificate_in(input.get());
    unsigned char* der = nullptr;
    const int size = certificate ? i2d_X509(certificate.get(), &der) : 0;
    Bytes bytes;
    if (size > 0) {
        bytes.assign(der, der + size);
    }
    OPENSSL_free(der);
    drain_errors();
    return bytes;
}

std::string read_name(ByteView der) {
    start_crypto();
    const unsigned char* next = der.data();
    const bool small = der.size() <= k_most_der;
    const NamePtr name{
        small ? d2i_X509_NAME(nullptr, &next, static_cast<long>(der.size())) : nullptr
    };
    const bool whole = name && next == der.data() + der.size();
    std::string text = whole ? shown(name.get()) : "unreadable";
    drain_errors();
    return text;
}

} // namespace tlsdoctor::crypto
