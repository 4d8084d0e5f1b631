// SPDX-License-Identifier: Apache-2.0
// Case files made by hand, one for each situation that a report has to tell apart. Nothing here was
// diagnosed: what a report must show does not depend on the rules.
#pragma once

#include <span>
#include <string_view>

#include "advise/case_file.hpp"

namespace tlsdoctor::report {

/// A case file and the name of its golden files.
struct Situation {
    std::string_view name{};
    advise::CaseFile file{};
};

/// Returns all of them; they live as long as the program.
std::span<const Situation> situations();

/// Returns the one of this name.
const advise::CaseFile& situation(std::string_view name);

} // namespace tlsdoctor::report
