// SPDX-License-Identifier: Apache-2.0
// What changed between two runs. Only what both of them asked is compared: a thing that one of them
// did not test is "not comparable", never a change. Times are no changes, nor are addresses, which
// come and go with the name's records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/snapshot.hpp"

namespace tlsdoctor::evidence {

/// What kind of thing changed.
enum class ChangeKind : std::uint8_t {
    verdict,
    version,
    suites,
    certificate,
    trust,
    stack,
    starttls
};

/// One change of a target.
struct Change {
    ChangeKind kind{};
    std::string subject{};                ///< the version, where it is about one
    std::string before{};                 ///< words of the results; empty with `suites`
    std::string after{};                  ///< ditto
    std::vector<std::string> added{};     ///< with `suites`
    std::vector<std::string> removed{};   ///< with `suites`
    std::vector<std::string> addresses{}; ///< where it was seen; empty: at all that were compared
};

/// Which way a target went.
enum class Turn : std::uint8_t {
    worse,    ///< by the status of its verdict
    better,   ///< ditto
    other,    ///< changed, and neither
    appeared, ///< only the new run has it
    disappeared,
};

/// The verdict of one run.
struct ShortVerdict {
    std::string status{}; ///< empty: the target is not in this run
    std::string cause{};
    std::string side{};
    std::string summary{};
};

/// A target that changed.
struct TargetChange {
    std::string identity{};
    std::string host{};
    std::uint16_t port{};
    Turn turn{};
    ShortVerdict before{};
    ShortVerdict after{};
    std::vector<Change> changes{};             ///< the verdict first
    std::vector<std::string> not_comparable{}; ///< `TLS 1.3`, `certificate` ...
};

/// Two runs side by side.
struct Difference {
    std::size_t targets{}; ///< in either of them
    std::size_t worse{};
    std::size_t better{};
    std::size_t other{};
    std::size_t appeared{};
    std::size_t disappeared{};
    std::size_t partly{};  ///< targets of which something was not comparable
    std::size_t missing{}; ///< targets that a run which was cut did not come to: not comparable
    std::vector<TargetChange> changed{};     ///< the worst first
    std::vector<TargetChange> only_partly{}; ///< no change in what could be compared

    /// Counts the targets that changed.
    std::size_t changes() const { return changed.size(); }
};

/// One side of a comparison.
struct RunSide {
    const Snapshot& run;
    bool complete{true}; ///< a target that is not in it is not there any more
};

/// Compares two runs, which share their words.
Difference compare(const RunSide& before, const RunSide& after);

/// Returns `verdict`, `version` ... and `worse` ... as results carry them.
std::string_view name_of(ChangeKind kind);
std::string_view name_of(Turn turn);

} // namespace tlsdoctor::evidence
