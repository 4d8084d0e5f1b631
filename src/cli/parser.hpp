// SPDX-License-Identifier: Apache-2.0
// The option library's part: which options were given, how often, with which texts. The library is
// slow to compile, so it is included by parser.cpp alone, and what the texts mean is read in
// options.cpp.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/normalise.hpp"
#include "cli/usage_error.hpp"

namespace tlsdoctor::cli {

/// The options as texts, by their long names without dashes.
class ParsedOptions {
public:
    explicit ParsedOptions(std::map<std::string, std::vector<std::string>, std::less<>> values)
        : values_{std::move(values)} {}

    /// Tells whether an option was given at all.
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }

    /// Returns its texts in the order of the command line; one empty text for each switch.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::vector<std::string>{} : found->second;
    }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// Checks the options against the ones that the command takes; operands are not looked at.
std::expected<ParsedOptions, UsageError> parse(const Normalised& line);

} // namespace tlsdoctor::cli
