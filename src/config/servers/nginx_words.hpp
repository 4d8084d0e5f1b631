// SPDX-License-Identifier: Apache-2.0
// Writing the values of nginx's version directives anew: only the words that must go or come are
// touched, so quotes, order and comments between the words stay as somebody wrote them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/service.hpp"

namespace tlsdoctor::config {

/// Writes the words of `ssl_protocols`. `old` may be empty: a new list, oldest first.
std::optional<std::string> rewrite_nginx_protocols(std::string_view old, VersionSet wanted);

/// Writes the words of `ssl_conf_command` that bound the versions: `MinProtocol TLSv1.2`,
/// `MaxProtocol`; nullopt for other commands.
std::optional<std::string> rewrite_nginx_command(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
