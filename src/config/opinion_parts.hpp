// SPDX-License-Identifier: Apache-2.0
// How servers are asked for a second opinion, and how far one can rely on the answer.
#pragma once

#include <cstdint>
#include <string_view>

namespace tlsdoctor::config {

/// What of the configuration the command prints.
enum class Printed : std::uint8_t {
    nothing,      ///< or the files as they are, which compares nothing
    everything,   ///< every directive that counts: one that is missing does not count
    main_file,    ///< what stands in the main file
    what_differs, ///< what differs from the default
};

/// A row of the table.
struct OpinionQuestion {
    std::string_view server;
    std::string_view program;
    std::string_view words;
    bool catches_tls; ///< it refuses wrong versions and suites: where it says nothing, all is well
    Printed printed;
};

/// Returns the first row of a server; null where it has none.
const OpinionQuestion* opinion_question(std::string_view server);

} // namespace tlsdoctor::config
