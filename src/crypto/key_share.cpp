// SPDX-License-Identifier: Apache-2.0
// The curves through OpenSSL's EVP interface. The hybrid joins what its two parts give, the
// post-quantum one first [draft-ietf-tls-ecdhe-mlkem 3].
#include "crypto/key_share.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "crypto/key_schedule.hpp"
#include "crypto/ml_kem.hpp"
#include "crypto/openssl.hpp"

namespace tlsdoctor::crypto {

struct KeyShare::State {
    NamedGroup group{};
    KeyPtr key{}; ///< of the hybrid, the x25519 key
    Bytes public_bytes{};
};

namespace {

constexpr std::size_t k_x25519_bytes = 32;    // of a key, a share and a secret
constexpr std::uint8_t k_uncompressed = 4;    // RFC 8446 4.2.8.2: "legacy_form = 4"
constexpr std::size_t k_p521_top_bits = 0x01; // what the first of its 66 bytes may hold

/// A group whose keys OpenSSL makes. `curve` is 0 for those whose private key is any bytes.
struct KeyKind {
    NamedGroup group;
    const char* name;
    int curve;
    std::size_t private_bytes;
};

constexpr KeyKind k_kinds[] = {
    {NamedGroup::x25519, "X25519", 0, k_x25519_bytes},
    {NamedGroup::X25519MLKEM768, "X25519", 0, k_x25519_bytes},
    {NamedGroup::x448, "X448", 0, 56},
    {NamedGroup::secp256r1, "P-256", NID_X9_62_prime256v1, 32},
    {NamedGroup::secp384r1, "P-384", NID_secp384r1, 48},
    {NamedGroup::secp521r1, "P-521", NID_secp521r1, 66},
};

using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>;
using CurvePtr = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, FreeWith<OSSL_PARAM_BLD_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>>;

/// Returns the row of a group, null where it has none.
const KeyKind* kind_of(NamedGroup group) {
    const auto* const at = std::ranges::find(k_kinds, group, &KeyKind::group);
    return at == std::end(k_kinds) ? nullptr : at;
}

std::unexpected<CryptoError> refused(NamedGroup group, std::string_view what) {
    CryptoError error = error_about(std::string(what) + " for " + name_of(group));
    if (kind_of(group) == nullptr) {
        error.cause = "no keys of this group are known here";
    }
    return std::unexpected(std::move(error));
}

/// Returns the public half as it stands in key_exchange; empty where OpenSSL cannot say.
Bytes public_half(EVP_PKEY* key) {
    unsigned char* bytes = nullptr;
    const std::size_t length = EVP_PKEY_get1_encoded_public_key(key, &bytes);
    Bytes copy(bytes, bytes + length);
    OPENSSL_free(bytes);
    return copy;
}

/// Returns the uncompressed point of a private key, which OpenSSL does not work out on import;
/// empty where the number is not in [1, order - 1].
Bytes point_of(const KeyKind& kind, const BIGNUM* number) {
    const CurvePtr curve{EC_GROUP_new_by_curve_name(kind.curve)};
    const PointPtr point{curve ? EC_POINT_new(curve.get()) : nullptr};
    if (!point || BN_is_zero(number) == 1 ||
        BN_cmp(number, EC_GROUP_get0_order(curve.get())) >= 0 ||
        EC_POINT_mul(curve.get(), point.get(), number, nullptr, nullptr, nullptr) != 1) {
        return {};
    }
    Bytes bytes(1 + 2 * kind.private_bytes);
    bytes.resize(EC_POINT_point2oct(
        curve.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(), bytes.size(), nullptr
    ));
    return bytes;
}

KeyPtr curve_key(const KeyKind& kind, ByteView secret) {
    const NumberPtr number{BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr)};
    const BuilderPtr builder{OSSL_PARAM_BLD_new()};
    if (!number || !builder) {
        return nullptr;
    }
    const Bytes point = point_of(kind, number.get());
    if (point.empty()) {
        return nullptr;
    }
    const bool named =
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, kind.name, 0) ==
            1 &&
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get()) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(
            builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()
        ) == 1;
    const ParametersPtr parameters{named ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr};
    const KeyContextPtr context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* key = nullptr;
    if (parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1) {
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, parameters.get());
    }
    return KeyPtr{key};
}

/// Returns the peer's key, whose point is checked to be on the curve; null where it is not.
KeyPtr peer_key(EVP_PKEY* ours, ByteView peer) {
    KeyPtr key{EVP_PKEY_new()};
    if (!key || EVP_PKEY_copy_parameters(key.get(), ours) != 1 ||
        EVP_PKEY_set1_encoded_public_key(key.get(), peer.data(), peer.size()) != 1) {
        return nullptr;
    }
    return key;
}

/// Returns the secret that two keys of the same kind share; empty where they share none.
Bytes derived(EVP_PKEY* ours, ByteView peer) {
    const KeyPtr theirs = peer_key(ours, peer);
    const KeyContextPtr context{EVP_PKEY_CTX_new(ours, nullptr)};
    std::size_t length = 0;
    if (!theirs || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1 ||
        EVP_PKEY_derive(context.get(), nullptr, &length) != 1) {
        return {};
    }
    Bytes secret(length);
    if (EVP_PKEY_derive(context.get(), secret.data(), &length) != 1) {
        return {};
    }
    secret.resize(length);
    return secret;
}

/// Returns the secret of the hybrid; empty where the peer's share is none.
Bytes derived_hybrid(EVP_PKEY* ours, ByteView our_share, ByteView peer) {
    if (peer.size() != k_ml_kem_768_ciphertext + k_x25519_bytes) {
        return {};
    }
    auto secret = ml_kem_768_decapsulated(
        our_share.first(k_ml_kem_768_key), peer.first(k_ml_kem_768_ciphertext)
    );
    const Bytes classical = derived(ours, peer.last(k_x25519_bytes));
    if (!secret || classical.empty()) {
        return {};
    }
    secret->insert(secret->end(), classical.begin(), classical.end());
    return std::move(*secret);
}

} // namespace

KeyShare::KeyShare(std::shared_ptr<const State> state) : state_(std::move(state)) {}

std::expected<KeyShare, CryptoError> KeyShare::generate(NamedGroup group) {
    start_crypto();
    const KeyKind* const kind = kind_of(group);
    KeyPtr key;
    if (kind != nullptr && group != NamedGroup::X25519MLKEM768) {
        key.reset(
            kind->curve == 0 ? EVP_PKEY_Q_keygen(nullptr, nullptr, kind->name)
                             : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", kind->name)
        );
    }
    if (!key) {
        return refused(group, "cannot make a key");
    }
    Bytes half = public_half(key.get());
    return KeyShare{std::make_shared<const State>(
        State{.group = group, .key = std::move(key), .public_bytes = std::move(half)}
    )};
}

std::expected<KeyShare, CryptoError> KeyShare::from_private(NamedGroup group, ByteView key) {
    start_crypto();
    const KeyKind* const kind = kind_of(group);
    KeyPtr made;
    if (kind != nullptr && key.size() == kind->private_bytes) {
        made = kind->curve == 0 ? KeyPtr{EVP_PKEY_new_raw_private_key_ex(
                                      nullptr, kind->name, nullptr, key.data(), key.size()
                                  )}
                                : curve_key(*kind, key);
    }
    if (!made) {
        return refused(group, "cannot use this private key");
    }
    Bytes half = public_half(made.get());
    if (group == NamedGroup::X25519MLKEM768) {
        Bytes other = ml_kem_768_key(digest(Hash::sha256, key));
        half.insert(half.begin(), other.begin(), other.end());
    }
    return KeyShare{std::make_shared<const State>(
        State{.group = group, .key = std::move(made), .public_bytes = std::move(half)}
    )};
}

std::expected<KeyShare, CryptoError> KeyShare::drawn(NamedGroup group, const RandomSource& random) {
    const KeyKind* const kind = kind_of(group);
    Bytes key = random_bytes(random, kind == nullptr ? 0 : kind->private_bytes);
    if (group == NamedGroup::secp521r1) {
        key.front() &= k_p521_top_bits;
    }
    return from_private(group, key);
}

NamedGroup KeyShare::group() const {
    return state_->group;
}

const Bytes& KeyShare::public_bytes() const {
    return state_->public_bytes;
}

std::expected<Bytes, CryptoError> KeyShare::shared_secret(ByteView peer) const {
    Bytes secret;
    if (group() == NamedGroup::X25519MLKEM768) {
        secret = derived_hybrid(state_->key.get(), public_bytes(), peer);
    } else if (peer.size() == public_bytes().size() &&
               (kind_of(group())->curve == 0 || peer.front() == k_uncompressed)) {
        // OpenSSL would take compressed and hybrid points too; TLS 1.3 does not.
        secret = derived(state_->key.get(), peer);
    }
    if (secret.empty()) {
        return refused(group(), "cannot use the peer's share");
    }
    return secret;
}

} // namespace tlsdoctor::crypto
