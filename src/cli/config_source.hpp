// SPDX-License-Identifier: Apache-2.0
// Finds the files of `tlsdoctor config`: what was named on the command line (a file, a folder, an
// archive, a server's own dump), or what stands where the distribution puts it.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "cli/config_settings.hpp"
#include "cli/usage_error.hpp"
#include "config/examine.hpp"
#include "config/files.hpp"

namespace tlsdoctor::cli {

/// Where a configuration is, and what is known of its server.
struct ConfigSource {
    std::shared_ptr<const config::Files> beneath{}; ///< the disk, or an archive; never null
    std::unique_ptr<const config::Files> files{};   ///< with copies put in place; never null
    const config::Server* server{};                 ///< never null
    std::string main{};
    std::string command{};      ///< the text that starts the server; empty: not known
    std::string command_path{}; ///< what that text is called
    std::string server_version{};
    std::string version_source{}; ///< `given`, `detected`, `assumed`
    std::string library_version{};
    bool on_disk{};   ///< the files can be written
    bool installed{}; ///< they are the ones that this machine's server reads

    /// Returns it as readers get it. Borrows.
    config::Input input() const;
};

/// Finds them; more than one only where a folder or the machine holds several servers' files. An
/// error: no such file, or nobody knows whose files these are.
std::expected<std::vector<ConfigSource>, UsageError> find_configs(const ConfigSettings& settings);

} // namespace tlsdoctor::cli
