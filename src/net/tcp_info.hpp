// SPDX-License-Identifier: Apache-2.0
// What the kernel knows about a connection beyond its bytes; private to this module. A file of its
// own, because the header with the whole struct and the one that Asio includes exclude each other.
#pragma once

namespace tlsdoctor::net {

/// Tells whether bytes were sent and the peer acknowledged none of them; false where the kernel
/// cannot say.
bool nothing_acknowledged(int socket);

} // namespace tlsdoctor::net
