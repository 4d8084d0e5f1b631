// SPDX-License-Identifier: Apache-2.0
// One EVP context for each record: a first flight has a handful.
#include "crypto/record_opener.hpp"

#include <utility>

#include <openssl/err.h>

#include "crypto/openssl.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::crypto {

namespace {

// RFC 8446 5.2: "The length MUST NOT exceed 2^14 + 256 bytes."
constexpr std::size_t k_most_ciphertext = wire::k_max_fragment + 256;
// RFC 8446 5.4: the content and its type, with the padding, have at most 2^14 + 1 bytes.
constexpr std::size_t k_most_inner = wire::k_max_fragment + 1;

using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;

const EVP_CIPHER* algorithm(Aead aead) {
    switch (aead) {
    case Aead::aes_128_gcm:
        return EVP_aes_128_gcm();
    case Aead::aes_256_gcm:
        return EVP_aes_256_gcm();
    case Aead::chacha20_poly1305:
        return EVP_chacha20_poly1305();
    case Aead::aes_128_ccm:
    case Aead::aes_128_ccm_8:
        return EVP_aes_128_ccm();
    }
    std::unreachable();
}

bool is_ccm(Aead aead) {
    return aead == Aead::aes_128_ccm || aead == Aead::aes_128_ccm_8;
}

std::size_t tag_size_of(Aead aead) {
    return aead == Aead::aes_128_ccm_8 ? 8 : 16;
}

/// RFC 8446 5.3: the record's number, padded to the left to the size of the iv, XOR the iv.
Bytes nonce_of(const Bytes& iv, std::uint64_t number) {
    Bytes nonce = iv;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
    }
    return nonce;
}

/// The parts of a protected record.
struct Sealed {
    Bytes header{}; ///< is authenticated with the rest
    ByteView text{};
    Bytes tag{};
};

std::optional<Sealed> parts_in(const wire::Record& record, std::size_t tag_size) {
    const ByteView fragment = record.fragment;
    if (fragment.size() <= tag_size || fragment.size() > k_most_ciphertext) {
        return std::nullopt;
    }
    wire::Writer header;
    header.number(record.type);
    header.number(record.version);
    header.number(static_cast<std::uint16_t>(fragment.size()));
    const ByteView text = fragment.first(fragment.size() - tag_size);
    const ByteView tag = fragment.last(tag_size);
    return Sealed{.header = header.take(), .text = text, .tag = Bytes(tag.begin(), tag.end())};
}

/// Gives the context the key, the nonce and what the tag must be.
bool prepare(
    EVP_CIPHER_CTX* context, Aead aead, const TrafficKey& key, const Bytes& nonce, Sealed& sealed
) {
    // CCM wants the tag before the key, the others do not mind.
    return EVP_DecryptInit_ex(context, algorithm(aead), nullptr, nullptr, nullptr) == 1 &&
           EVP_CIPHER_CTX_ctrl(
               context, EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(nonce.size()), nullptr
           ) == 1 &&
           EVP_CIPHER_CTX_ctrl(
               context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(sealed.tag.size()),
               sealed.tag.data()
           ) == 1 &&
           EVP_DecryptInit_ex(context, nullptr, nullptr, key.key.data(), nonce.data()) == 1;
}

/// Returns the text where the tag is right. All sizes are below 2^15.
std::optional<Bytes> decrypt(EVP_CIPHER_CTX* context, Aead aead, const Sealed& sealed) {
    Bytes text(sealed.text.size());
    const int size = static_cast<int>(text.size());
    int written = 0;
    if (is_ccm(aead) && EVP_DecryptUpdate(context, nullptr, &written, nullptr, size) !=
                            1) { // its length comes first
        return std::nullopt;
    }
    const int header = static_cast<int>(sealed.header.size());
    if (EVP_DecryptUpdate(context, nullptr, &written, sealed.header.data(), header) != 1 ||
        EVP_DecryptUpdate(context, text.data(), &written, sealed.text.data(), size) != 1 ||
        written != size) {
        return std::nullopt;
    }
    // CCM has judged the tag above and has no end.
    int rest = 0;
    if (!is_ccm(aead) && EVP_DecryptFinal_ex(context, nullptr, &rest) != 1) {
        return std::nullopt;
    }
    return text;
}

/// RFC 8446 5.4: the last byte that is not zero is the type.
std::optional<InnerPlaintext> without_padding(Bytes inner) {
    while (!inner.empty() && inner.back() == 0) {
        inner.pop_back();
    }
    if (inner.empty()) {
        return std::nullopt;
    }
    const auto type = wire::ContentType{inner.back()};
    inner.pop_back();
    return InnerPlaintext{.type = type, .content = std::move(inner)};
}

} // namespace

RecordOpener::RecordOpener(Aead aead, TrafficKey key) : aead_(aead), key_(std::move(key)) {}

std::optional<InnerPlaintext> RecordOpener::open(const wire::Record& record) {
    start_crypto();
    const Bytes nonce = nonce_of(key_.iv, number_);
    ++number_;
    auto sealed = parts_in(record, tag_size_of(aead_));
    const CipherContextPtr context{sealed ? EVP_CIPHER_CTX_new() : nullptr};
    if (!context || !prepare(context.get(), aead_, key_, nonce, *sealed)) {
        drain_errors();
        return std::nullopt;
    }
    auto inner = decrypt(context.get(), aead_, *sealed);
    drain_errors(); // a wrong tag leaves one
    if (!inner || inner->size() > k_most_inner) {
        return std::nullopt;
    }
    return without_padding(std::move(*inner));
}

} // namespace tlsdoctor::crypto
