// SPDX-License-Identifier: Apache-2.0
// What the hellos that vary nothing but the cipher suites say, suite by suite. A suite is accepted
// by a ServerHello that chose it and refused by an answer; a connection that ended without a word
// is an answer only where it does so twice and the server still answers afterwards.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "evidence/inventory.hpp"
#include "evidence/visit.hpp"

namespace tlsdoctor::evidence {

/// What one hello says of the suites in it.
enum class Says : std::uint8_t {
    nothing,     ///< no answer, or none that can be read
    chosen,      ///< the suite that was chosen is accepted
    chosen_lost, ///< the suite that was chosen was taken back by an alert
    none,        ///< none of them is accepted
    objection,   ///< an alert that a list may cause as such: none of them only where it is one
    wordless,    ///< closed or reset
};

/// A hello with suites of one version; borrows.
struct SuiteHello {
    const Exchange* exchange{};
    Says says{};
    std::optional<CipherSuite> suite{}; ///< that was chosen
};

/// What is known of one suite; borrows.
struct SuiteAnswer {
    CipherSuite suite{};
    Acceptance state{};
    const Exchange* shown_by{}; ///< null where `untested`
};

/// What is known of the suites of one version.
struct SuiteAnswers {
    ProtocolVersion version{};
    std::vector<SuiteHello> hellos{};  ///< in the order of asking
    std::vector<SuiteAnswer> suites{}; ///< by number, all that are possible in this version

    /// Returns the state of a suite; `untested` for one that is not possible.
    [[nodiscard]] Acceptance state_of(CipherSuite suite) const;

    /// Returns the accepted ones by number.
    [[nodiscard]] std::vector<CipherSuite> accepted() const;
};

/// Returns the suites of the registry that are worth offering in a version, by number: those of
/// TLS 1.2 are not possible before it, and those of TLS 1.3 nowhere else.
std::vector<CipherSuite> possible_suites(ProtocolVersion version);

/// Returns what is known of the suites of a version: by the version's own probes and the hellos of
/// the enumeration. Borrows from `endpoint`.
SuiteAnswers suite_answers(const Endpoint& endpoint, ProtocolVersion version);
SuiteAnswers suite_answers(Endpoint&&, ProtocolVersion version) = delete;

/// Returns how often the same is asked where the connection ends without a word: twice, or once
/// more where the server refuses other suites by an alert.
std::size_t times_to_ask(std::span<const SuiteHello> hellos);

/// Counts the hellos with a suite that ended without a word, and not by chance: none of their
/// suites is accepted.
std::size_t
times_wordless(const SuiteAnswers& answers, std::span<const SuiteHello> hellos, CipherSuite suite);

/// Says what one hello, alone, tells of its suites.
SuiteHello hello_with_suites(const Exchange& exchange);

/// Tells whether two hellos offer the same suites, in whatever order.
bool same_suites(std::span<const CipherSuite> one, std::span<const CipherSuite> other);

} // namespace tlsdoctor::evidence
