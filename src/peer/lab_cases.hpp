// SPDX-License-Identifier: Apache-2.0
// The servers of `tlsdoctor lab`: every way a handshake can fail that one server can show, in one
// table. tests/cli holds each row's cause against what `check` says.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/authority.hpp"
#include "peer/behaviour.hpp"

namespace tlsdoctor::peer {

/// The certificates of a lab; those that take time are made once, when the first server needs one.
class LabCertificates final {
public:
    /// Makes the root with a key of this type. `error` says whether that, or any later
    /// certificate, could not be made.
    explicit LabCertificates(crypto::KeyType root = crypto::KeyType::ecdsa_p256);

    /// Returns a certificate for localhost from the lab's root.
    crypto::Identity issued(const crypto::IssueOptions& options = {});
    /// Returns the one with an RSA key of 2048 bits.
    const crypto::Identity& rsa();
    /// Returns one from a root that nobody knows.
    crypto::Identity from_stranger();
    /// Returns one from the lab's root for another name.
    crypto::Identity for_name(const std::string& name);

    /// Returns the root's certificate, PEM.
    const std::string& root() const { return authority_.certificate_pem; }
    /// Returns what could not be made; empty where all could.
    const std::string& error() const { return error_; }

private:
    template <typename T>
    T noted(std::expected<T, crypto::CryptoError> made);

    std::string error_{};
    crypto::TestAuthority authority_{};
    std::optional<crypto::Identity> rsa_{};
};

/// A server of the lab.
struct LabCase {
    std::string_view name{};
    std::string_view what{};   ///< what the server does
    std::string_view client{}; ///< what a client should report
    std::string_view cause{};  ///< the verdict of `tlsdoctor check`
    std::string_view check{};  ///< options of `check` that the question needs; usually none
    unsigned alert{256};       ///< that the server sends to every hello; above 255: none
    Behaviour (*make)(LabCertificates& certificates){}; ///< null: the alert
};

/// Returns all cases, in the order of the table.
std::span<const LabCase> lab_cases();

/// Finds a case by its name; null where there is none.
const LabCase* find_lab_case(std::string_view name);

/// Returns how the case's server behaves.
Behaviour behaviour_of(const LabCase& lab_case, LabCertificates& certificates);

} // namespace tlsdoctor::peer
