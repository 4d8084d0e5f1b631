// SPDX-License-Identifier: Apache-2.0
// The culprit in a minimal pair: small questions about the one factor in which two hellos differ,
// and the words that say what became of the refused one. What it means is for the rules.
#pragma once

#include <string>

#include "diagnose/case.hpp"

namespace tlsdoctor::diagnose {

/// Tells whether a pair shows one kind of culprit.
using Telling = bool (*)(const Case&, const evidence::Pair&);

/// Returns the pair that shows it, a repeated one first; null where there is none. Borrows from the
/// case.
const evidence::Pair* pair_for(const Case& visit, Telling telling);

/// A newer version is offered too, and nothing is negotiated.
bool by_versions(const Case&, const evidence::Pair&);
/// No cipher suite in common.
bool by_suites(const Case&, const evidence::Pair&);
/// No key exchange group in common.
bool by_groups(const Case&, const evidence::Pair&);
/// No signature algorithm in common.
bool by_signatures(const Case&, const evidence::Pair&);
/// The extended master secret is missing.
bool by_missing_ems(const Case&, const evidence::Pair&);
/// No application protocol in common.
bool by_alpn(const Case&, const evidence::Pair&);
/// Segments of 536 bytes get through and larger ones do not.
bool by_path(const Case&, const evidence::Pair&);
/// The length of the message alone.
bool by_size(const Case&, const evidence::Pair&);
/// The cut of the hello into two TCP segments.
bool by_cut(const Case&, const evidence::Pair&);
/// Only what a post-quantum share makes so large fails: by its group, its size or its cut.
bool by_large_hello(const Case&, const evidence::Pair&);
/// The version number of the record.
bool by_record_version(const Case&, const evidence::Pair&);
/// The refused hello says more than the accepted one, and that is all.
bool by_extension(const Case&, const evidence::Pair&);

/// Tells whether TLS 1.3 was chosen, and alert 40 came encrypted when the server had to sign.
bool fails_to_sign(const evidence::Pair& pair);

/// Tells whether the pair differs in this factor.
bool is_by(const evidence::Pair& pair, evidence::Factor factor);

/// Says how the refused hello ends: `reset`, `refused (alert 40 handshake_failure)`.
std::string ends(const evidence::Pair& pair);

/// Says which clients fail for it: `Browsers of today fail.`
std::string whom(const Case& visit, const evidence::Pair& pair);

} // namespace tlsdoctor::diagnose
