// SPDX-License-Identifier: Apache-2.0
// A trial: the real server, started from a private copy of its configuration with some files
// changed, on free ports of loopback, asked, and stopped. The running server, its logs, sockets and
// caches are not touched.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "config/apply.hpp"
#include "config/examine.hpp"

namespace tlsdoctor::config {

/// A server on trial that answers: `127.0.0.1:443` of the configuration is reached at ...
using TrialAddresses = std::map<std::string, std::string>;

/// Asks the server on trial.
using TrialProbe = std::function<Step(const TrialAddresses& addresses)>;

/// What came of it.
struct Trial {
    bool possible{}; ///< false: nothing was started, `steps` say why
    bool started{};  ///< the server answered
    bool probed{};   ///< and the probe succeeded
    std::vector<Step> steps{};
};

/// Tells whether this server can be put on trial at all.
bool has_trial(const Server& server);

/// Starts the server from a copy. `examination` is that of the files with the changes, which
/// `input.files` hold; its sources are what the server reads. The copy is deleted at the end.
Trial try_out(
    const Examination& examination, const Input& input, const TrialProbe& probe,
    process::Shelter& shelter
);

} // namespace tlsdoctor::config
