// SPDX-License-Identifier: Apache-2.0
// What a database could not do. SQLite's own words are kept behind ours: they name the reason.
#pragma once

#include <string>

namespace tlsdoctor::store {

/// One failure. Nothing was changed by what failed.
struct Error {
    std::string what{};  ///< one line without a full stop
    std::string where{}; ///< the file, and what was being done there
};

/// Returns `FILE: what` for people.
std::string in_words(const Error& error);

} // namespace tlsdoctor::store
