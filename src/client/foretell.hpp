// SPDX-License-Identifier: Apache-2.0
// How a client would fare with a server of which certain things are known, without asking it; and
// why a server refused a hello that was sent.
#pragma once

#include <optional>

#include "client/change.hpp"
#include "client/hindrance.hpp"
#include "client/seen_server.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::client {

/// What is foretold.
struct Forecast {
    evidence::ClientResult result{};
    std::optional<evidence::Selection> choice{};
    evidence::Refuser refuser{};
    Hindrance objection{}; ///< where it fails; its reason also where it is unsure
};

/// Returns the version that server and client would agree on; nullopt where they have none in
/// common. `none` where nobody recorded whether the client goes down so far.
std::optional<ProtocolVersion>
common_version(const Judge& client, std::span<const ProtocolVersion> accepted);

/// Says why the versions do not meet.
Hindrance no_common_version(const Judge& client, std::span<const ProtocolVersion> accepted);

/// Negotiates as a server does: the version first, then suite, certificate and group; then asks the
/// client. What was not seen of the server makes it unsure.
Forecast foretell(const Judge& client, const SeenServer& facts);

/// Says why the server refused this hello, as far as what is known of it tells.
Hindrance
why_refused(const Judge& client, const evidence::Exchange& answer, const SeenServer& facts);

/// Returns what is known of the server after a change.
SeenServer changed(const SeenServer& facts, const Change& change);

} // namespace tlsdoctor::client
