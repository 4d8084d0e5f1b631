// SPDX-License-Identifier: Apache-2.0
// The two definitions come from CMake (src/cli/CMakeLists.txt), to this file alone: a new version
// compiles nothing else again.
#include "cli/version.hpp"

namespace tlsdoctor::cli {

std::string_view version() {
    return TLSDOCTOR_VERSION;
}

std::string_view data_date() {
    return TLSDOCTOR_DATA_DATE;
}

} // namespace tlsdoctor::cli
