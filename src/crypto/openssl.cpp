// SPDX-License-Identifier: Apache-2.0
// OpenSSL's start, error queue and PEM input.
#include "crypto/openssl.hpp"

#include <array>
#include <vector>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/assume.hpp"

namespace tlsdoctor::crypto {

namespace {

constexpr std::size_t k_most_reasons = 4;

int refuse_to_ask(char*, int, int, void*) {
    return -1;
}

std::string reason_of(unsigned long code) {
    if (const char* reason = ERR_reason_error_string(code); reason != nullptr) {
        return reason;
    }
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

} // namespace

void start_openssl() {
    assume(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1, "OpenSSL does not start");
}

void start_crypto() {
    assume(
        OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr) == 1, "OpenSSL does not start"
    );
}

OpensslErrors drain_errors() {
    OpensslErrors errors;
    std::vector<std::string> reasons;
    while (const unsigned long code = ERR_get_error()) {
        const int reason = ERR_GET_REASON(code);
        if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason >= SSL_AD_REASON_OFFSET &&
            reason < SSL_AD_REASON_OFFSET + 256) {
            errors.peer_alert = reason - SSL_AD_REASON_OFFSET;
        }
        std::string text = reason_of(code);
        if (reasons.size() < k_most_reasons && (reasons.empty() || reasons.back() != text)) {
            reasons.push_back(std::move(text));
        }
    }
    for (const std::string& reason : reasons) {
        errors.text += (errors.text.empty() ? "" : ", ") + reason;
    }
    return errors;
}

CryptoError error_about(std::string what) {
    return {.what = std::move(what), .cause = drain_errors().text};
}

BioPtr reading(std::string_view text) {
    if (text.size() > 1U << 24U) {
        return nullptr; // no PEM of ours comes near; BIO_new_mem_buf takes an int
    }
    return BioPtr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

std::string written_to(BIO* memory) {
    std::string text(BIO_ctrl_pending(memory), '\0');
    std::size_t taken = 0;
    if (!text.empty() && BIO_read_ex(memory, text.data(), text.size(), &taken) != 1) {
        taken = 0;
    }
    text.resize(taken);
    return text;
}

CertificatePtr certificate_in(BIO* pem) {
    return CertificatePtr{PEM_read_bio_X509(pem, nullptr, refuse_to_ask, nullptr)};
}

KeyPtr key_in(BIO* pem) {
    return KeyPtr{PEM_read_bio_PrivateKey(pem, nullptr, refuse_to_ask, nullptr)};
}

} // namespace tlsdoctor::crypto
