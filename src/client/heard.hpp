// SPDX-License-Identifier: Apache-2.0
// From the bytes that the recording server kept to the lists that the rules and reports read.
#pragma once

#include "evidence/client_visit.hpp"

namespace tlsdoctor::client {

/// Fills in what follows from the bytes: the lists of a hello with its fingerprints, or the name of
/// the protocol that was spoken instead.
void read_heard(evidence::HeardHello& heard);

/// The same for every connection of a visit.
void read_heard(evidence::ClientVisit& visit);

} // namespace tlsdoctor::client
