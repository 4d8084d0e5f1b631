// SPDX-License-Identifier: Apache-2.0
// Asks a server whether it does what its files say: every address and name, versions alone.
#pragma once

#include <string>

#include "config/trial.hpp"

namespace tlsdoctor::cli {

/// What the wire said.
struct WireAnswer {
    bool as_predicted{};
    bool interrupted{};
    std::size_t asked{};
    std::string detail{}; ///< what differs, or what could not be asked; may be empty
};

/// Asks each service at the address that `addresses` has for it; the others are not asked. Listens
/// for signals in its own way: call it under `Shelter::aside`.
WireAnswer
ask_services(const config::Examination& examination, const config::TrialAddresses& addresses);

/// Returns where the running server is reached: a wildcard by loopback.
config::TrialAddresses running_addresses(const config::Examination& examination);

} // namespace tlsdoctor::cli
