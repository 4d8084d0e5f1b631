// SPDX-License-Identifier: Apache-2.0
// What to change: exact lines per product, what they cost in security, and the command that
// verifies them. The knowledge is data/fixes.tsv, one row per cause and product.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"
#include "registry/cause.hpp"

namespace tlsdoctor::advise {

/// A fix for one product.
struct Fix {
    Side side{};
    std::string product{}; ///< `nginx`, `Java`, ...
    std::string where{};   ///< file or block
    std::string text{};    ///< the exact lines, separated by newlines
    std::string cost{};    ///< what it means for security
    std::string verify{};  ///< the command that shows whether it worked
    bool verified{};
};

/// A row of data/fixes.tsv. In `where`, `text`, `cost` and `verify` stand for the target's own:
/// `{target}` what the user typed and `{host}` (IPv6 addresses in brackets), both quoted for a
/// shell where they need it; `{port}`; `{name}` the server name that was sent, or `NAME` where
/// there is none.
struct FixRow {
    std::string_view cause{};
    Side side{};
    std::string_view product{};
    std::string_view where{};
    std::string_view text{};
    std::string_view cost{};
    std::string_view verify{};
};

/// Returns the whole table in the file's order.
std::span<const FixRow> fix_rows();

/// Returns the fixes for the verdict: first the product that the server named itself, among the
/// other servers those that stand on the TLS stack that answered (never a guess from the name).
std::vector<Fix> fixes_for(const diagnose::Diagnosis& diagnosis, const evidence::Visit& visit);

/// Returns `most` fixes of a cause where only an error message is known: first the products of the
/// stack that printed it (`java`, `nginx` ...), then what is for any product, of the side that must
/// act before the others.
std::vector<Fix> fixes_for_message(
    std::string_view cause, Side side, std::string_view stack, const evidence::Target& target,
    std::size_t most
);

/// Returns the product that the server itself named in clear text, spelled as in the table: in the
/// `Server:` line of an HTTP answer or in a greeting. Empty where it named none that we know.
std::string_view product_shown_by(const evidence::Visit& visit);

/// Tells whether a server product uses the library as Debian builds it, both spelled as in the
/// tables: nginx uses OpenSSL, Tomcat Java.
bool stands_on(std::string_view product, std::string_view library);

} // namespace tlsdoctor::advise
