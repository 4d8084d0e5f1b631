// SPDX-License-Identifier: Apache-2.0
// Finds the TLS alert in an error message that a user pasted, whatever client printed it. Alerts
// only: what else a message can mean is not judged here.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "registry/alert.hpp"

namespace tlsdoctor::explain {

/// A message that stands for an alert without naming it, as one client prints it.
struct ErrorPhrase {
    std::string_view text{};
    AlertDescription alert{};
};

/// Returns the phrases that are recognised beyond the alert's number, its name and OpenSSL's codes.
std::span<const ErrorPhrase> error_phrases();

/// Returns the one alert that the message reports; nullopt where it names none, or where it can
/// stand for several (Chromium's ERR_SSL_VERSION_OR_CIPHER_MISMATCH is 40, 70 or 71, or no alert at
/// all).
std::optional<AlertDescription> alert_in(std::string_view message);

/// Tells whether the message is a TLS port's complaint about a client that speaks clear text, as
/// nginx, Apache, Go and HAProxy word it.
bool is_about_plain_http(std::string_view message);

/// Decodes an OpenSSL error code such as 0x0A00042E or 0x1409442E: reasons from 1000 on are alerts
/// that were received. Nullopt for other libraries' codes and other reasons.
std::optional<AlertDescription> alert_in_openssl_code(std::uint32_t code);

} // namespace tlsdoctor::explain
