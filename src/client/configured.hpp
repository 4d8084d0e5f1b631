// SPDX-License-Identifier: Apache-2.0
// How known clients would fare with a server as its files describe it: nothing was seen, but
// everything is known.
#pragma once

#include <vector>

#include "client/seen_server.hpp"
#include "evidence/configuration.hpp"

namespace tlsdoctor::client {

/// Returns the settings of an endpoint. Its suites are those that go with its certificates, so no
/// key is named.
SeenServer facts_of(const evidence::ConfiguredEndpoint& endpoint);

/// Returns the known clients that fail there, in the table's order; all of them where nothing is
/// accepted.
std::vector<evidence::ClientOutcome> locked_out_of(const evidence::ConfiguredEndpoint& endpoint);

} // namespace tlsdoctor::client
