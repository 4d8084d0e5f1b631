// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor report`: one HTML page with everything inside it. It loads nothing, works without
// JavaScript, and runs none but its own: every text of a peer is escaped, and the page's own policy
// forbids whatever would get through.
#pragma once

#include <string>

#include "report/overview.hpp"

namespace tlsdoctor::report {

/// Returns the whole page.
std::string html_report(const Overview& overview);

} // namespace tlsdoctor::report
