// SPDX-License-Identifier: Apache-2.0
// The run over a fleet: which target goes next, to whom, and what becomes of its result. One thread
// (the front) decides, workers visit; the front's own loop looks names up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "evidence/visit.hpp"
#include "fleet/exclusion.hpp"
#include "fleet/lane.hpp"
#include "fleet/target_source.hpp"

namespace tlsdoctor::fleet {

/// How a run goes.
struct EngineOptions {
    LaneSettings lane{};                 ///< `connections`: of all lanes together
    std::size_t threads{1};              ///< workers
    std::size_t lookups{100};            ///< names looked up at once
    std::size_t window{4'096};           ///< targets among which the next is drawn
    std::uint64_t seed{};                ///< of the order
    std::optional<std::uint32_t> rate{}; ///< connections a second, over all
    const Exclusion* exclusion{};        ///< null: nobody
    net::ResolverOptions resolver{};
};

/// What the run looks like at a moment.
struct EngineState {
    std::size_t done{};      ///< results handed out
    std::size_t under_way{}; ///< looked up, visited, or waiting for their host
    std::size_t excluded{};  ///< all of whose addresses turned out to be excluded
    std::size_t again{};     ///< visits that were put off and begun again
    std::size_t pauses{};    ///< of hosts and networks that began to refuse
    std::size_t exhausted{}; ///< visits for which this machine had no descriptor or port
};

/// What the caller hears, all on its own thread.
struct EngineHooks {
    /// A target is done. Returning false ends the run: the result could not be written.
    std::function<bool(const evidence::Target&, const Judged&)> on_result{};
    std::function<void(const SourceProblem&)> on_problem{};
    /// An address that a name led to is excluded, and was not connected to.
    std::function<void(const evidence::Target&, const std::string& address)> on_excluded{};
    std::function<void(const EngineState&)> on_tick{}; ///< ten times a second
    std::function<bool()> interrupted{};               ///< asked as often
};

/// How it ended.
struct EngineEnd {
    bool interrupted{};
    bool stopped{};           ///< `on_result` wanted no more
    std::size_t unfinished{}; ///< begun or read, and not done; there may be more in the lists
    EngineState state{};
};

/// Visits every target of the source. Blocks until all are done, or the run was ended.
EngineEnd run(TargetSource& source, const EngineOptions& options, const EngineHooks& hooks);

} // namespace tlsdoctor::fleet
