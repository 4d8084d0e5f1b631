// SPDX-License-Identifier: Apache-2.0
// Private to this module: from the plan of a hello to its message, the content of every extension
// as clients fill it.
#pragma once

#include <string_view>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "client/plan.hpp"
#include "client/replay.hpp"
#include "wire/client_hello.hpp"
#include "wire/ssl2.hpp"

namespace tlsdoctor::client {

/// Returns the message, with all its extensions: those that a replay leaves out too, and without a
/// server name the one of recordings, `www.example.com`. Padding is empty.
wire::ClientHello encode(const HelloPlan& plan, const Fresh& fresh);

/// Returns the hello in SSL 2.0's format.
wire::Ssl2ClientHello encode_ssl2(const HelloPlan& plan, const Fresh& fresh);

/// Returns the hello as it was recorded, but for random bytes: nothing is left out or recomputed.
/// For comparisons, not for servers. `id` may be a fallback's.
Bytes canonical_bytes(std::string_view id, const Fresh& fresh);

/// Returns a key_exchange of a group: the caller's where `fresh` has one, GREASE's single zero, or
/// a valid public key that nobody has the secret of.
Bytes share_for(NamedGroup group, const Fresh& fresh);

/// Returns the size of the handshake message with its header.
std::size_t message_size(const wire::ClientHello& message);

/// Fills padding so that the message has `padded_to` bytes, with one byte of it at least
/// [RFC 7685 3]; does nothing to a hello without that extension.
void pad(wire::ClientHello& message, std::size_t padded_to);

} // namespace tlsdoctor::client
