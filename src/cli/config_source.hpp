// SPDX-License-Identifier: Apache-2.0
// Finds the files of `tlsdoctor config`: what was named on the command line, or what stands where
// the distribution puts it.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "cli/config_settings.hpp"
#include "cli/usage_error.hpp"
#include "config/examine.hpp"
#include "config/files.hpp"

namespace tlsdoctor::cli {

/// Where a configuration is, and what is known of its server.
struct ConfigSource {
    std::unique_ptr<config::Files> files{}; ///< never null
    const config::Server* server{};         ///< never null
    std::string main{};
    std::string command{};      ///< the text that starts the server; empty: not known
    std::string command_path{}; ///< what that text is called
    std::string server_version{};
    std::string version_source{}; ///< `given`, `detected`, `assumed`
    std::string library_version{};

    /// Returns it as readers get it. Borrows.
    config::Input input() const;
};

/// Finds it. An error: no such file, or nobody knows whose files these are.
std::expected<ConfigSource, UsageError> find_config(const ConfigSettings& settings);

} // namespace tlsdoctor::cli
