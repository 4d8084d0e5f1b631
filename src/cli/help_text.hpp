// SPDX-License-Identifier: Apache-2.0
// The texts of --help, one screen each, written by hand: an order of importance is worth more to a
// reader than an order of declaration. tests/cli compares them with the table of options, both
// ways.
#pragma once

#include <string_view>

#include "cli/option_table.hpp"

namespace tlsdoctor::cli {

/// Returns what `tlsdoctor --help` prints.
std::string_view front_page();

/// Returns what `tlsdoctor COMMAND --help` prints.
std::string_view help_text(Command command);

/// Returns what `tlsdoctor help exit-codes` prints.
std::string_view exit_codes_page();

} // namespace tlsdoctor::cli
