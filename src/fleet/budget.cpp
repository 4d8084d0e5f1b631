// SPDX-License-Identifier: Apache-2.0
// The one place that changes a limit of the process.
#include "fleet/budget.hpp"

#include <algorithm>
#include <limits>

#include <fcntl.h>
#include <sys/resource.h>

namespace tlsdoctor::fleet {

namespace {

/// For the sockets of lookups, epoll, timers and pipes of each loop, files, and whatever a library
/// opens.
constexpr std::size_t k_reserve = 64;

/// Enough to see what the parent left open; what is above is not ours to count.
constexpr int k_looked_at = 256;

std::size_t open_descriptors() {
    std::size_t open = 0;
    for (int file = 0; file < k_looked_at; ++file) {
        open += fcntl(file, F_GETFD) >= 0 ? 1U : 0U;
    }
    return open;
}

} // namespace

Budget budget_for(std::optional<std::size_t> wanted, std::size_t descriptors, std::size_t used) {
    const std::size_t reserve = used + k_reserve;
    const std::size_t most = descriptors > reserve ? descriptors - reserve : 1;
    const std::size_t asked = wanted.value_or(k_usual_connections);
    return {
        .connections = std::min(asked, most), .descriptors = descriptors, .lowered = asked > most
    };
}

Budget make_budget(std::optional<std::size_t> wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return budget_for(wanted, k_looked_at, 0);
    }
    if (limit.rlim_cur < limit.rlim_max) {
        rlimit raised = limit;
        raised.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) {
            limit = raised;
        }
    }
    constexpr rlim_t k_unlimited = std::numeric_limits<int>::max();
    return budget_for(wanted, std::min<rlim_t>(limit.rlim_cur, k_unlimited), open_descriptors());
}

} // namespace tlsdoctor::fleet
