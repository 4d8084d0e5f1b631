// SPDX-License-Identifier: Apache-2.0
// Candidates against what a probe of the server found: which of them it shows, which it rules out,
// and what is left.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "explain/decide.hpp"

namespace tlsdoctor::explain {

/// What a probe says of a candidate.
enum class Ruling : std::uint8_t {
    confirmed, ///< it is the probe's verdict, or among its findings
    excluded,  ///< the probe saw the opposite
    open,      ///< the probe cannot see it from here
};

/// What a probe found, as far as candidates care.
struct Probed {
    std::string_view verdict{};               ///< the cause
    std::vector<std::string_view> findings{}; ///< causes of all findings
    bool reached{};                           ///< a TLS service answered
    bool takes_1_2{};                         ///< it accepted TLS 1.2
    bool takes_1_3{};                         ///< it accepted TLS 1.3
    bool healthy{};                           ///< the verdict is `ok` or `warn`
    bool upgraded{};                          ///< TLS began with STARTTLS
    bool trusted{};                           ///< the certificate was judged, and is trusted here
};

/// A candidate after the probe.
struct Judged {
    Candidate candidate{}; ///< its weight among what is left; 0 where it is excluded
    Ruling ruling{};
};

/// Judges the candidates: confirmed ones first, then open ones, then excluded ones. A verdict of
/// the probe that is no candidate is added as confirmed, unless it is `healthy` or inconclusive.
std::vector<Judged> judge(std::span<const Candidate> candidates, const Probed& probed);

/// Returns `confirmed`, `excluded` or `open`.
std::string_view name_of(Ruling ruling);

} // namespace tlsdoctor::explain
