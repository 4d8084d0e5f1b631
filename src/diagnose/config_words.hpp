// SPDX-License-Identifier: Apache-2.0
// The sentences of the findings about configurations. Private to this module.
#pragma once

#include <string>

#include "diagnose/config_case.hpp"

namespace tlsdoctor::diagnose {

/// Returns the obstacle that matters: that of TLS 1.2 where it is not accepted, else that of TLS
/// 1.3.
evidence::ConfigObstacle main_obstacle(const ConfigCase& open);

/// Each returns the sentence of the row of its name.
std::string says_plain(const ConfigCase& open);
std::string says_starttls_not_offered(const ConfigCase& open);
std::string says_closed_port(const ConfigCase& open);
std::string says_name_needed(const ConfigCase& open);
std::string says_unknown_names(const ConfigCase& open);
std::string says_this_name(const ConfigCase& open);
std::string says_no_certificate(const ConfigCase& open);
std::string says_closes(const ConfigCase& open);
std::string says_key_mismatch(const ConfigCase& open);
std::string says_no_cipher(const ConfigCase& open);
std::string says_no_group(const ConfigCase& open);
std::string says_level(const ConfigCase& open);
std::string says_java(const ConfigCase& open);
std::string says_no_version(const ConfigCase& open);
std::string says_hole(const ConfigCase& open);
std::string says_only_tls13(const ConfigCase& open);
std::string says_only_legacy(const ConfigCase& open);
std::string says_legacy(const ConfigCase& open);
std::string says_no_tls13(const ConfigCase& open);
std::string says_healthy(const ConfigCase& open);
std::string says_unexpected(const ConfigCase& open);

} // namespace tlsdoctor::diagnose
