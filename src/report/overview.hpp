// SPDX-License-Identifier: Apache-2.0
// Many results in figures: what the HTML report shows. Built run by run; of the last run the
// targets themselves are kept, in short, of the ones before it only their figures.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/snapshot.hpp"
#include "registry/cause.hpp"

namespace tlsdoctor::report {

/// The figures of one run.
struct RunFigures {
    std::string name{};    ///< the file, or the number in the database
    std::string started{}; ///< of its first result, RFC 3339; empty: unknown
    bool complete{true};
    std::size_t targets{};
    std::size_t tls{};                      ///< targets that accepted some version
    std::array<std::size_t, 4> by_status{}; ///< by `Status`
    std::array<std::size_t, k_versions.size()> accepted_by{}; ///< targets that accept the version
    std::array<std::size_t, k_versions.size()> tested_by{};   ///< targets that were asked
};

/// A thing and how often it was met.
struct Tally {
    std::string name{};
    std::string status{}; ///< of causes, else empty
    std::size_t count{};
};

/// A certificate that expires soon, or did.
struct Expiry {
    std::string target{};
    std::string expires{}; ///< `2027-01-01`
    std::string key{};
    long days{}; ///< from the run's start; negative: expired
};

/// A row of the table of targets.
struct TargetRow {
    std::string target{};
    std::string status{};
    std::string cause{};
    std::string side{};
    std::string summary{};
    std::string versions{}; ///< those accepted, `TLS 1.2, TLS 1.3`
    std::string stack{};
    std::string expires{};
};

/// Everything that the page shows.
struct Overview {
    std::string tool_version{};
    std::string data_date{};
    std::vector<RunFigures> runs{}; ///< oldest first, at least one
    std::vector<Tally> causes{};    ///< verdicts of the last run, most frequent first
    std::vector<Tally> stacks{};
    std::size_t without_stack{};    ///< targets that accept TLS and whose stack was not named
    std::vector<Expiry> expiries{}; ///< soonest first, bounded
    std::size_t certificates{};     ///< targets of which one was seen
    std::array<std::size_t, 4> expiring{
    }; ///< expired, within 7, 30, 90 days (each without the ones before)
    std::vector<TargetRow> targets{}; ///< the worst first, at most `k_most_rows`
};

/// How many targets the page lists.
inline constexpr std::size_t k_most_rows = 2'000;

/// Collects results into an overview.
class OverviewBuilder final {
public:
    OverviewBuilder();
    OverviewBuilder(const OverviewBuilder&) = delete;
    OverviewBuilder& operator=(const OverviewBuilder&) = delete;
    ~OverviewBuilder();

    /// Begins the next run; what is added from now on belongs to it.
    void begin(std::string name);

    /// Adds a result.
    void add(const evidence::Result& result);

    /// Marks the run as cut.
    void cut();

    /// Returns the overview; the builder is empty then.
    Overview finish(std::string tool_version, std::string data_date);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace tlsdoctor::report
