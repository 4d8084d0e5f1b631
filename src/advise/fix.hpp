// SPDX-License-Identifier: Apache-2.0
// What to change: exact lines per product, what they cost in security, and the command that verifies them.
// The knowledge is data/fixes.tsv, one row per cause and product.
#pragma once

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

/// A row of data/fixes.tsv; `{host}`, `{port}` and `{target}` stand for the target's.
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

/// Returns the fixes for the verdict, the product that the evidence points at first (a guess only from
/// what the server itself said, never from its name).
std::vector<Fix> fixes_for(const diagnose::Diagnosis& diagnosis, const evidence::Visit& visit);

} // namespace tlsdoctor::advise
