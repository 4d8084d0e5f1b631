// SPDX-License-Identifier: Apache-2.0
// A ProFTPD configuration once it is read: the directives of the main server, of <Global>, and of
// each <VirtualHost>, includes and conditions followed.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// A directive that matters here.
struct FtpDirective {
    std::string name{};               ///< in small letters
    std::vector<std::string> words{}; ///< after the name
    Place statement{};
    Place value{};
    Place section_end{};  ///< what closes the section in which it stands; empty: none does
    std::string asleep{}; ///< why it does not count
};

/// The main server, <Global> or a virtual host.
struct FtpServer {
    std::vector<std::string> addresses{}; ///< words of `<VirtualHost ...>`
    Place opening{};
    std::vector<FtpDirective> directives{};

    /// Returns the first one of this name that counts, or the last; null where there is none.
    const FtpDirective* first(std::string_view name) const;
    const FtpDirective* last(std::string_view name) const;
};

/// The whole configuration.
struct FtpTree {
    FtpServer main{};
    FtpServer global{};
    std::deque<FtpServer> hosts{}; ///< whose elements keep their places
};

/// Reads everything from `input.main` on. Remarks and sources go to the reading.
FtpTree read_proftpd_tree(const Input& input, Reading& reading);

} // namespace tlsdoctor::config
