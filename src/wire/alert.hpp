// SPDX-License-Identifier: Apache-2.0
// Alerts in clear [RFC 8446 6].
#pragma once

#include <expected>

#include "base/bytes.hpp"
#include "registry/alert.hpp"
#include "registry/version.hpp"
#include "wire/reader.hpp"

namespace tlsdoctor::wire {

/// An alert; both numbers are open.
struct Alert {
    AlertLevel level{};
    AlertDescription description{};

    bool operator==(const Alert&) const = default;
};

/// Reads the fragment of an alert record. Anything but two bytes is an error: after the hellos that
/// is usually an alert in cipher.
std::expected<Alert, ParseError> read_alert(ByteView fragment);

/// Returns the fragment.
Bytes write(const Alert& alert);

/// Returns a whole record with a fatal alert in it.
Bytes fatal_alert_record(ProtocolVersion version, AlertDescription description);

} // namespace tlsdoctor::wire
