// SPDX-License-Identifier: Apache-2.0
// Foretells which suites a server accepts: lists that servers really have (data/suite_sets.tsv),
// each weighed by what was answered so far. A wrong guess costs connections and nothing else.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

#include "evidence/suite_answers.hpp"

namespace tlsdoctor::probe {

/// A set of suites, by their rows in the registry.
using SuiteRows = std::bitset<512>;

/// One way in which a server may be set up.
struct SuiteBelief {
    std::size_t set{};                                   ///< the row of the table
    bool server_order{};                                 ///< it follows its own order
    std::size_t mistakes{};                              ///< answers that it does not explain
    double weight{};                                     ///< how likely it is, all together 1
    std::array<SuiteRows, k_versions.size()> accepted{}; ///< in each version
};

/// What is foretold of the suites of a server.
class SuiteGuess final {
public:
    /// Weighs all rows by what is known of every version.
    explicit SuiteGuess(std::span<const evidence::SuiteAnswers> seen);

    /// Returns how likely a suite is accepted in a version, 0 to 1.
    [[nodiscard]] double likelihood(ProtocolVersion version, CipherSuite suite) const;

    /// Returns the order of a row that holds most of these suites.
    [[nodiscard]] std::vector<CipherSuite> order(std::span<const CipherSuite> wanted) const;

    /// Tells whether the likeliest row explains every answer so far.
    [[nodiscard]] bool is_right_so_far() const;

    /// Tells whether it explains them but for a few: its order is worth trying.
    [[nodiscard]] bool is_nearly_right() const;

    /// Returns how likely the server follows its own order, 0 to 1.
    [[nodiscard]] double server_order() const;

    /// Returns how many suites are accepted in a version that the likeliest row does not have.
    [[nodiscard]] std::size_t surprises(ProtocolVersion version) const;

private:
    void weigh(std::span<const evidence::SuiteAnswers> seen);
    void normalise();
    void sum_up();
    void note_relatives(std::span<const evidence::SuiteAnswers> seen);

    std::vector<std::vector<CipherSuite>> lists_{};                    ///< the rows of the table
    std::vector<SuiteBelief> beliefs_{};                               ///< the likeliest first
    std::array<std::vector<double>, k_versions.size()> likelihoods_{}; ///< by rows of the registry
    std::vector<std::uint16_t> relatives_{}; ///< kinds of suites that came as a surprise
    std::array<std::size_t, k_versions.size()> surprises_{};
};

/// Returns a number for what servers switch together: all suites with one cipher and one way to
/// agree on the key.
std::uint16_t kind_of(CipherSuite suite);

} // namespace tlsdoctor::probe
