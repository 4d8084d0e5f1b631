// SPDX-License-Identifier: Apache-2.0
// What the messages of a server's first flight say, in clear or out of the cipher: the facts go
// into evidence::Flight, whatever cannot be read is left out.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "evidence/exchange.hpp"
#include "wire/handshake.hpp"
#include "wire/server_hello.hpp"

namespace tlsdoctor::probe {

/// Returns the group of a ServerHello's share, or the one that a HelloRetryRequest asks for.
std::optional<NamedGroup> share_group(const wire::ServerHello& hello);

/// Begins a flight with what its ServerHello says.
evidence::Flight flight_of(const wire::ServerHello& hello);

/// Writes down what a message after the ServerHello says. `selection` is what that chose; a
/// ServerKeyExchange adds its curve. Looking into certificates and names starts OpenSSL, which only
/// `look_inside` does.
void take_down(
    const wire::HandshakeMessage& message, bool look_inside, evidence::Selection& selection,
    evidence::Flight& flight
);

/// Returns the ClientHello, a whole message with its header, in the bytes that were sent; empty
/// where there is none. A header of the PROXY protocol may stand before it.
Bytes client_hello_in(ByteView sent);

} // namespace tlsdoctor::probe
