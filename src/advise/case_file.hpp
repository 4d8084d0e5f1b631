// SPDX-License-Identifier: Apache-2.0
// Everything known about one target at the end of a visit; what reports render.
#pragma once

#include <optional>
#include <vector>

#include "advise/fix.hpp"
#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::advise {

/// One target's evidence, findings and fixes.
struct CaseFile {
    evidence::Visit visit{};
    diagnose::Diagnosis diagnosis{};
    std::vector<Fix> fixes{};
    std::vector<evidence::ClientOutcome> clients{
    }; ///< empty with `--versions-only` or where nothing is accepted
    std::optional<evidence::WhatIf> what_if{};
};

} // namespace tlsdoctor::advise
