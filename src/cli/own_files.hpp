// SPDX-License-Identifier: Apache-2.0
// The files that a visit needs: trusted roots, a certificate of our own and its key.
#pragma once

#include <optional>

#include "cli/usage_error.hpp"
#include "doctor/doctor.hpp"

namespace tlsdoctor::cli {

/// Tries the files before the first visit begins; says which cannot be read.
std::optional<UsageError> unreadable_files(const doctor::Options& visit);

} // namespace tlsdoctor::cli
