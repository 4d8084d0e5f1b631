// SPDX-License-Identifier: Apache-2.0
// The times that a visit waits.
#include "doctor/patience.hpp"

#include <algorithm>

namespace tlsdoctor::doctor {

namespace {

/// Silence means something only after this time, however quick the server was before.
constexpr milliseconds k_least_patience{1'000};

} // namespace

milliseconds usual_answer_time(const evidence::Endpoint& endpoint) {
    double longest = 0;
    for (const evidence::Exchange& exchange : endpoint.exchanges) {
        if (exchange.outcome == evidence::Outcome::accepted) {
            longest = std::max(longest, exchange.ms);
        }
    }
    return milliseconds(static_cast<milliseconds::rep>(longest));
}

probe::Patience patience_for_one_of_many(probe::Patience patience, milliseconds usual) {
    if (usual > milliseconds::zero()) {
        patience.answer = std::min(patience.answer, std::max(k_least_patience, 10 * usual));
    }
    return patience;
}

} // namespace tlsdoctor::doctor
