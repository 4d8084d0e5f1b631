// SPDX-License-Identifier: Apache-2.0
// The one place that ends the process for a bug.
#include "base/assume.hpp"

#include <cstdio>
#include <cstdlib>

namespace tlsdoctor {

void assume(bool holds, const char* what, std::source_location where) {
    if (holds) {
        return;
    }
    std::fprintf(
        stderr, "tlsdoctor: internal error: %s (%s:%u)\n", what, where.file_name(), where.line()
    );
    std::fflush(stderr);
    std::_Exit(5);
}

} // namespace tlsdoctor
