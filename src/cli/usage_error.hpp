// SPDX-License-Identifier: Apache-2.0
// What the command line was refused for. The program prints it on stderr and exits with 2.
#pragma once

#include <string>

namespace tlsdoctor::cli {

/// A mistake in the command line.
struct UsageError {
    std::string what{}; ///< one line without a full stop, quoting the word that is wrong
    std::string hint{}; ///< a line that says what to write instead; may be empty
};

} // namespace tlsdoctor::cli
