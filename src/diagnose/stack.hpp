// SPDX-License-Identifier: Apache-2.0
// Which TLS library answered: the way a server refuses is a fingerprint. The knowledge is
// data/stacks.tsv, learnt from servers that were measured; a library that was not among them
// (SChannel, rustls, LibreSSL) cannot be named, and several that fit are "unknown".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/visit.hpp"
#include "registry/cause.hpp"

namespace tlsdoctor::diagnose {

/// The TLS stack behind an endpoint, as far as its answers show it.
struct Stack {
    std::string name{"unknown"}; ///< `OpenSSL 3.0`; `OpenSSL` where its generations answer alike
    std::optional<Confidence> confidence{}; ///< never `proven`; nullopt where the name is unknown
    std::vector<std::string> candidates{};  ///< the families that fit; none where no known one does
    std::vector<std::string> evidence{};    ///< ids of the exchanges that rule the others out
    std::string product{}; ///< spelled as in data/fixes.tsv, where the server's own text shows it
};

/// Tells whether a family was named.
bool is_named(const Stack& stack);

/// Returns the library without its generation: `OpenSSL` of `OpenSSL 3.0`; borrows from `family`.
std::string_view library_of(std::string_view family);

/// Names the stack; nullopt where nothing was answered that could tell.
std::optional<Stack> likely_stack(const evidence::Endpoint& endpoint);

} // namespace tlsdoctor::diagnose
