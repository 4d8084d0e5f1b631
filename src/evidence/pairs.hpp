// SPDX-License-Identifier: Apache-2.0
// Pairs of exchanges, one that went well and one that did not: the nearer their hellos, the nearer
// the cause. A minimal pair differs in one factor, which then is the culprit. The search for it
// (probe) and the rules that rely on it (diagnose) both look here.
#pragma once

#include <optional>
#include <vector>

#include "evidence/factors.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::evidence {

/// Two exchanges and the factors in which their hellos differ; borrows both.
struct Pair {
    const Exchange* accepted{};
    const Exchange* refused{};
    std::vector<Factor> factors{};
    bool same_size{}; ///< the messages are equally long, so that size explains nothing
    bool repeated{};  ///< both were asked twice at least, with the same kind of answer
};

/// Returns every pair that differs in one factor at equal size, or in size alone; of several that
/// say the same, the first whose halves were repeated. Borrows from `endpoint`.
std::vector<Pair> minimal_pairs(const Endpoint& endpoint);
std::vector<Pair> minimal_pairs(Endpoint&&) = delete;

/// Returns the nearest pair with one of the unexplained failures, nullopt where there is none or
/// nothing was accepted. Borrows from `endpoint`.
std::optional<Pair> nearest_pair(const Endpoint& endpoint);
std::optional<Pair> nearest_pair(Endpoint&&) = delete;

/// Returns the failures that no proven minimal pair explains: the hello offers a version that
/// another hello was accepted with, and it was not, or not for long. Borrows from `endpoint`.
std::vector<const Exchange*> unexplained_failures(const Endpoint& endpoint);
std::vector<const Exchange*> unexplained_failures(Endpoint&&) = delete;

/// Tells whether a failure without a word waits for something to go well after it: until then it
/// may be that nobody is served any more.
bool awaits_control(const Endpoint& endpoint);

/// Tells whether this failure is one of those that the pair shows: it has what was refused.
bool explains(const Pair& pair, const Exchange& failure);

/// Returns how often this very hello was answered so: well, or not.
std::size_t times_answered(const Endpoint& endpoint, const Offer& offer, bool well);

} // namespace tlsdoctor::evidence
