// SPDX-License-Identifier: Apache-2.0
// The JSON document of `client`, schema `tlsdoctor/1`: schema/client.schema.json and
// docs/manual/json.md describe it.
#pragma once

#include "advise/client_file.hpp"
#include "report/json.hpp"

namespace tlsdoctor::report {

/// Returns the document of one client; complete whatever happened.
json::object to_json(const advise::ClientFile& file, const JsonOptions& options);

} // namespace tlsdoctor::report
