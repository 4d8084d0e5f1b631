// SPDX-License-Identifier: Apache-2.0
// The JSON document of `config`, schema `tlsdoctor/1`: schema/config.schema.json and
// docs/manual/json.md describe it.
#pragma once

#include "advise/config_file.hpp"
#include "report/json.hpp"

namespace tlsdoctor::report {

/// Returns the document; complete whatever the files were.
json::object to_json(const advise::ConfigFile& file, const JsonOptions& options);

} // namespace tlsdoctor::report
