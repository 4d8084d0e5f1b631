// SPDX-License-Identifier: Apache-2.0
// Simulated servers for the tests of the plan: a function from an offer to an answer, asked as a
// whole visit would ask it, without a socket.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evidence/pairs.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe::testing {

/// Tells whether a hello meets with something that does not bear it.
using Culprit = std::function<bool(const evidence::Offer&)>;

/// A server, and what stands before it.
struct Server {
    Culprit fails = [](const evidence::Offer&) {
        return false;
    };
    evidence::Outcome how{evidence::Outcome::reset}; ///< the answer to what fails
    int alert{40};                                   ///< with `Outcome::refused`
    std::vector<ProtocolVersion> versions{ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3};
};

/// What a visit came to.
struct Asked {
    evidence::Endpoint endpoint{};
    std::vector<std::vector<Ask>> rounds{};
    bool ended{}; ///< the plan had nothing more to ask
};

/// Returns the answer to one hello; without a culprit, that of OpenSSL 3.
evidence::Exchange answer_of(const Server& server, const evidence::Offer& offer);

/// Asks everything that a full visit of `a.example` asks, but at most 80 questions. The answer may
/// depend on the number of the question.
using Answer = std::function<evidence::Exchange(const evidence::Offer&, std::size_t number)>;
Asked visit(const Answer& answer, const Scope& scope = {.versions_only = false});
Asked visit(const Server& server, const Scope& scope = {.versions_only = false});

/// Returns the pairs whose halves were both repeated.
std::vector<evidence::Pair> proven_pairs(const evidence::Endpoint& endpoint);

/// Holds a visit to its budget: it ends, and asks gently.
void check_is_bounded(const Asked& asked);

/// Everything that was asked, a line for each round.
std::string text_of(const Asked& asked);

} // namespace tlsdoctor::probe::testing
