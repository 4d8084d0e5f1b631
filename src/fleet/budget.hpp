// SPDX-License-Identifier: Apache-2.0
// How many connections this process may have at once, as the system's limit of descriptors has it.
#pragma once

#include <cstddef>
#include <optional>

namespace tlsdoctor::fleet {

/// The budget of a run.
struct Budget {
    std::size_t connections{};
    std::size_t descriptors{}; ///< the limit it was made for
    bool lowered{};            ///< fewer connections than were asked for
};

/// In flight without `--concurrency`, where the descriptors suffice.
inline constexpr std::size_t k_usual_connections = 6'000;

/// Returns the budget under a limit of descriptors, `used` of which are taken: lists, outputs,
/// lookups and loops keep a reserve.
Budget budget_for(std::optional<std::size_t> wanted, std::size_t descriptors, std::size_t used);

/// Raises the process's limit of descriptors to the hard limit and returns the budget.
Budget make_budget(std::optional<std::size_t> wanted);

} // namespace tlsdoctor::fleet
