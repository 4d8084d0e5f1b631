// SPDX-License-Identifier: Apache-2.0
// The reports about the TLS clients of this machine (`client --local`): schema
// schema/client_local.schema.json.
#pragma once

#include <string>

#include "advise/client_file.hpp"
#include "report/json.hpp"
#include "report/screen.hpp"

namespace tlsdoctor::report {

/// Returns the report for a terminal, ending with a newline.
std::string screen(const advise::LocalFile& file, const ScreenOptions& options);

/// Returns one line for each program.
std::string quiet_lines(const advise::LocalFile& file, bool utf8);

/// Returns the document.
json::object to_json(const advise::LocalFile& file, const JsonOptions& options);

} // namespace tlsdoctor::report
