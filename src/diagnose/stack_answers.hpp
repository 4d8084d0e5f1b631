// SPDX-License-Identifier: Apache-2.0
// The answers of an endpoint by which stacks differ, in the spelling of data/stacks.tsv. Private to
// stack.cpp and its tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/visit.hpp"

namespace tlsdoctor::diagnose {

/// The probe whose answer is the newest version accepted.
inline constexpr std::string_view k_accepts = "accepts";

/// One answer that may tell one stack from another.
struct Observation {
    std::string_view probe{};             ///< `tls10`, as in the table
    std::string_view newest{};            ///< the newest version accepted, `-` for none
    std::string answer{};                 ///< `A70/0301`, `FIN`, `ok`, or a version
    const evidence::Exchange* shown_by{}; ///< never null; borrows from the endpoint
};

/// Tells whether the connection ended without a byte: anything on the way may do that.
bool is_wordless(const Observation& observation);

/// Returns them; empty where nothing was answered that could tell. Borrows from `endpoint`, which
/// must outlive them.
std::vector<Observation> observed(const evidence::Endpoint& endpoint);
std::vector<Observation> observed(evidence::Endpoint&&) = delete;

} // namespace tlsdoctor::diagnose
