// SPDX-License-Identifier: Apache-2.0
// A certification authority in memory, for tests and demonstrations. Its keys are new each time,
// are held as plain text and live as long as the program: nothing here is fit to protect anything.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "crypto/error.hpp"

namespace tlsdoctor::crypto {

/// The kind of a certificate's key.
enum class KeyType : std::uint8_t { ecdsa_p256, rsa_2048, ed25519, ecdsa_p384, rsa_1024 };

/// What a server shows: its certificate (with the chain after it, if any) and its key, both PEM.
struct Identity {
    std::string certificate_pem{};
    std::string key_pem{};
};

/// A root certificate and its key, both PEM.
struct TestAuthority {
    std::string certificate_pem{};
    std::string key_pem{};
};

/// What to put into a certificate beside its names.
struct IssueOptions {
    KeyType key_type{};
    int not_before_days{-1
    }; ///< from now; a positive number makes a certificate that is not yet valid
    int not_after_days{30}; ///< from now; a negative number makes an expired one
};

/// Makes a root called `name`, valid for ten years from ten years ago on.
std::expected<TestAuthority, CryptoError>
make_authority(const std::string& name = "Test root", KeyType type = KeyType::ecdsa_p256);

/// Issues a certificate for DNS names and IP addresses; the first one is also its common name.
std::expected<Identity, CryptoError> issue(
    const TestAuthority& authority, const std::vector<std::string>& names,
    const IssueOptions& options = {}
);

/// Makes a certificate that is its own issuer.
std::expected<Identity, CryptoError>
self_signed(const std::vector<std::string>& names, const IssueOptions& options = {});

} // namespace tlsdoctor::crypto
