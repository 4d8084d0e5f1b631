// SPDX-License-Identifier: Apache-2.0
// Names a protocol that is not TLS by the first bytes that a server sent. One table; the bytes come
// from a hostile peer and are only compared.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace tlsdoctor::probe {

/// Returns `http`, `ssh`, `smtp`, `ftp`, `imap`, `pop3`, `mysql`, `postgresql`, ... or `unknown`.
/// `port` only decides between protocols that greet alike (FTP, SMTP and LMTP all say 220).
std::string_view protocol_of(ByteView first_bytes, std::uint16_t port);

} // namespace tlsdoctor::probe
