// SPDX-License-Identifier: Apache-2.0
// The recorded evidence of tests/causes/: what each shows, what was asked, and what must be found.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

/// One file.
struct Recording {
    std::string name{}; ///< `server_only_tls13/gnutls_alert_40`
    std::string what{};
    Question question{};
    std::string verdict{}; ///< empty where any will do
    std::vector<std::string> must{};
    std::vector<std::string> must_not{};
    evidence::Visit visit{};
    std::string visit_text{}; ///< the same as JSON
};

/// Every recording, read once; fails the test where one cannot be read.
const std::vector<Recording>& recordings();

} // namespace tlsdoctor::diagnose
