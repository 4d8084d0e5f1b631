// SPDX-License-Identifier: Apache-2.0
// The output of `apache2 -C 'LoadModule info_module .../mod_info.so' -t -D DUMP_CONFIG` as files.
// httpd prints the tree that it made (conditions, variables and macros are gone) with the file and
// line of each directive; the lines of Include, LoadModule and Define are not in it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tlsdoctor::config {

/// Files that lead to the same tree; directives stand on the lines that they have in the real ones.
struct ApacheDump {
    std::string main{}; ///< where to begin; empty: no such dump
    std::vector<std::pair<std::string, std::string>> files{}; ///< path and bytes
};

/// Tells whether a text looks like such a dump.
bool is_apache_dump(std::string_view text);

/// Takes it apart. Includes are put behind the last line before them; a macro's body becomes a file
/// of its own, named after the line that uses it.
ApacheDump files_of_apache_dump(std::string_view text);

} // namespace tlsdoctor::config
