// SPDX-License-Identifier: Apache-2.0
// `--what-if SPEC`: a change of the server in the words of its configuration, or in ours.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "client/change.hpp"

namespace tlsdoctor::cli {

/// Reads `tls1.3`, `tls1.2,tls1.3`, `!tls1.0`, `ssl_protocols TLSv1.3` (nginx), `SSLProtocol -all
/// +TLSv1.2` (Apache), `ssl-min-ver TLSv1.3` (HAProxy), `ssl_ciphers 'HIGH:!aNULL'`, `modern`,
/// `intermediate`, `old` (Mozilla); several with semicolons between them. An error says what was
/// not understood.
std::expected<client::Change, std::string> read_change(std::string_view text);

} // namespace tlsdoctor::cli
