// SPDX-License-Identifier: Apache-2.0
// Postfix' parameters: main.cf, beneath the `-o name=value` of a service in master.cf, beneath them
// the built-in defaults; and the expansion of `$name` in all of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

/// A parameter with everything put in.
struct PostfixValue {
    std::string text{};
    const Setting* from{}; ///< null: the built-in default
    std::vector<const Setting*> used{
    }; ///< other parameters of the user whose values are part of it
    bool endless{}; ///< it names itself; Postfix gives up
};

/// The parameters as one service sees them. Borrows both lists.
class PostfixParameters final {
public:
    PostfixParameters(const Settings& main, const Settings& options, std::string_view version)
        : main_{main}, options_{options}, version_{version} {}

    PostfixValue value(std::string_view name) const;
    /// Tells whether it is `yes` (in any case).
    bool yes(std::string_view name) const;
    const Settings& main() const { return main_; }
    const Settings& options() const { return options_; }
    std::string_view version() const { return version_; }

private:
    const Settings& main_;
    const Settings& options_;
    std::string_view version_;
};

/// Splits at commas, colons and white space, as Postfix splits lists.
std::vector<std::string> postfix_list(std::string_view text);

} // namespace tlsdoctor::config
