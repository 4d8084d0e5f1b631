// SPDX-License-Identifier: Apache-2.0
// Whose order decides among the suites that a server accepts, and the server's order itself, as far
// as its choices show them. Servers that put ChaCha20 first for clients that do, or that leave some
// suites to the client, are why a choice counts only where it went against the client's list.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "evidence/suite_answers.hpp"

namespace tlsdoctor::evidence {

/// What is known of the order of the accepted suites of one version.
struct SuiteOrder {
    Preference preference{};
    std::vector<CipherSuite> suites{}; ///< the accepted ones; where the choices do not tell, in the
                                       ///< order of the guess
    bool contradictory{};              ///< it chose one before the other, and the other way round
    bool whole{};                      ///< the server's order is shown from the first to the last

    /// So many stand first for certain: each is known to go before all that stand behind it.
    std::size_t placed{};

    /// Neighbours in `suites` of which no choice tells which one comes first.
    std::vector<std::pair<CipherSuite, CipherSuite>> open{};
};

/// Returns what the choices of a server show. `guess` says how to arrange what they do not tell;
/// suites that are not in it come last.
SuiteOrder order_of(const SuiteAnswers& answers, std::span<const CipherSuite> guess);

/// Tells whether a suite encrypts with ChaCha20.
bool is_chacha(CipherSuite suite);

} // namespace tlsdoctor::evidence
