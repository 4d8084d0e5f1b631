// SPDX-License-Identifier: Apache-2.0
// Telling a refused version from a refused list of cipher suites: both can be alert 40. What
// decides is how the same server refuses the versions that it certainly does not speak.
#pragma once

#include "diagnose/case.hpp"

namespace tlsdoctor::diagnose {

/// Holds where alert 40 (or 71) to `version` means "no suite in common" and not "no such version":
/// the server refuses other versions in another way, so it has a word for those, and it shows that
/// it is not GnuTLS, which says 40 to the version below its only one (measured: gnutls-serv 3.7.9
/// and Exim with TLS 1.3 alone). Where nothing is accepted GnuTLS counts too, provided that every
/// version was refused, which the caller sees to.
Proof shares_no_suite_in(const Case& visit, ProtocolVersion version);

} // namespace tlsdoctor::diagnose
