// SPDX-License-Identifier: Apache-2.0
// Alerts: the one word of explanation that TLS allows a peer. The table data/registry/alerts.tsv
// also tells people who sends each one and why; `tlsdoctor help alert 70` prints it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tlsdoctor {

/// [RFC 8446 6]; open.
enum class AlertLevel : std::uint8_t { warning = 1, fatal = 2 };

/// [IANA TLS Alerts]; open.
enum class AlertDescription : std::uint8_t {
    close_notify = 0,
    unexpected_message = 10,
    bad_record_mac = 20,
    handshake_failure = 40,
    illegal_parameter = 47,
    decode_error = 50,
    protocol_version = 70,
    insufficient_security = 71,
    internal_error = 80,
    inappropriate_fallback = 86,
    missing_extension = 109,
    unrecognized_name = 112,
    certificate_required = 116,
    no_application_protocol = 120,
};

/// A row of the table; the texts live as long as the program.
struct AlertInfo {
    AlertDescription id{};
    std::string_view name{};      ///< `protocol_version`
    std::string_view reference{}; ///< `RFC 8446`
    std::string_view meaning{};   ///< one sentence: what the standard says
    std::string_view sender{};    ///< one sentence: who sends it in practice
    std::string_view causes{};    ///< usual causes, separated by `; `
};

/// Returns the whole table, by number.
std::span<const AlertInfo> alerts();

/// Returns the row, or null for an unknown number.
const AlertInfo* find(AlertDescription alert);

/// Returns `protocol_version`, or `unknown(200)`.
std::string name_of(AlertDescription alert);

/// Returns `fatal`, `warning` or `unknown(3)`.
std::string name_of(AlertLevel level);

/// Finds an alert by its number (`70`) or its name in any case.
std::optional<AlertDescription> alert_named(std::string_view text);

} // namespace tlsdoctor
