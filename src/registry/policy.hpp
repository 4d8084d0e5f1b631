// SPDX-License-Identifier: Apache-2.0
// Policies that are published under a name: which versions, suites, groups and certificates a
// server may use. The table is data/policies.tsv; `check --policy` and `--what-if` read it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tlsdoctor {

/// A row of the table; the texts live as long as the program. Lists stand as in the table.
struct PublishedPolicy {
    std::string_view name{};          ///< `intermediate`
    std::string_view guideline{};     ///< `6.0`
    std::string_view source{};        ///< where it is published
    std::string_view versions{};      ///< `TLSv1.2 TLSv1.3`
    std::string_view cipher_suites{}; ///< OpenSSL's names with colons between them
    std::string_view tls13_suites{};
    std::string_view groups{};
    std::string_view certificate_types{}; ///< `ecdsa:rsa`
    std::string_view certificate_curves{};
    std::string_view certificate_signatures{};
    std::uint16_t rsa_bits{}; ///< at least; 0: nothing is said
    std::uint16_t dh_bits{};
    std::uint16_t certificate_days{}; ///< at most
    bool server_order{};              ///< the server's order of suites must decide
    std::string_view not_judged{};    ///< members of the source that nothing here looks at
};

/// Returns the policies, the newest guideline of each name first.
std::span<const PublishedPolicy> published_policies();

/// Finds `intermediate` (its newest guideline) or `intermediate@5.7`, in any case; null for none.
const PublishedPolicy* find_policy(std::string_view word);

} // namespace tlsdoctor
