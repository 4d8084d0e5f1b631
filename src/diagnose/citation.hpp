// SPDX-License-Identifier: Apache-2.0
// How a claim points at what shows it: no finding comes without.
#pragma once

#include <string>

namespace tlsdoctor::diagnose {

/// One pair "this hello -> this answer" that shows a finding.
struct Citation {
    std::string exchange{}; ///< `e3`
    std::string text{};     ///< `TLS 1.2 hello -> alert 70 protocol_version, then FIN`
};

} // namespace tlsdoctor::diagnose
