// SPDX-License-Identifier: Apache-2.0
// The factors in which two hellos can differ, as one table: how to compare them, how to take one
// over, and what to call it. Factors that only make sense together go together: whoever offers
// TLS 1.3 must have its suites and key shares, so these come with `versions`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/offer.hpp"

namespace tlsdoctor::evidence {

/// One thing that can differ between two hellos while all else stays the same.
enum class Factor : std::uint8_t {
    versions,
    legacy_version,
    record_version,
    cipher_suites,
    groups,
    post_quantum, ///< groups with a post-quantum part, and their shares
    key_shares,
    signature_algorithms,
    server_name,
    alpn,
    extensions,
    extended_master_secret,
    renegotiation,
    grease,
    compression,
    fallback_scsv,
    segmentation,
    proxy_header,
    size, ///< of the message, where nothing but padding makes the difference
};

/// Returns `server_name` ...
std::string_view name_of(Factor factor);

/// Returns the factors in which two offers differ, in the order of the table. Their size counts
/// only where they differ in nothing else: every other factor changes it a little.
std::vector<Factor> differences(const Offer& a, const Offer& b);

/// Takes one factor over; what depends on it follows, so that the result is a hello that makes
/// sense. `size` becomes padding.
void take(Offer& to, const Offer& from, Factor factor);

/// Tells whether two offers have the same of a factor.
bool same_in(const Offer& a, const Offer& b, Factor factor);

/// Says what an offer has of a factor, in a few words: `GREASE`, `no GREASE`, `1790 bytes`.
std::string value_of(const Offer& offer, Factor factor);

/// Tells whether two offers are the same question: their shape may differ.
bool same_question(const Offer& a, const Offer& b);

/// Tells whether a group has a post-quantum part.
bool is_post_quantum(NamedGroup group);

} // namespace tlsdoctor::evidence
