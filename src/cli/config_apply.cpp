// SPDX-License-Identifier: Apache-2.0
// Proving and applying fixes; see the header.
#include "cli/config_apply.hpp"

namespace tlsdoctor::cli {

ApplyOutcome apply_fix(const FixContext&, const ApplyWishes&) {
    return {};
}

ApplyOutcome verify_fix(const FixContext&) {
    return {};
}

} // namespace tlsdoctor::cli
