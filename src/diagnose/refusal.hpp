// SPDX-License-Identifier: Apache-2.0
// Telling a refused version from a refused list of cipher suites: both can be alert 40. What
// decides is how the same server refuses the versions that it certainly does not speak.
#pragma once

#include "diagnose/case.hpp"

#include <array>

namespace tlsdoctor::diagnose {

/// Holds where alert 40 (or 71) to `version` means "no suite in common" and not "no such version":
/// the server refuses other versions in another way, so it has a word for those, and it shows that
/// it is not GnuTLS, which says 40 to the version below its only one (measured: gnutls-serv 3.7.9
/// and Exim with TLS 1.3 alone). Where nothing is accepted GnuTLS counts too, provided that every
/// version was refused, which the caller sees to.
Proof shares_no_suite_in(const Case& visit, ProtocolVersion version);

/// Holds where that is so of one version, and every version of TLS is refused.
Proof shares_no_suite_at_all(const Case& visit);

/// Holds where every version was answered, and another name, or none, where there is one to try. In
/// a run that was cut, the one that is missing may be the one that is accepted.
Proof all_answered(const Case& visit);

/// Tells whether each version of TLS got a "no" that can be relied on.
bool denies_all(const Case& visit);

/// The versions of TLS in the order in which their refusals are worth citing.
inline constexpr std::array k_tls_newest_first = {
    ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3, ProtocolVersion::tls_1_1,
    ProtocolVersion::tls_1_0
};

} // namespace tlsdoctor::diagnose
