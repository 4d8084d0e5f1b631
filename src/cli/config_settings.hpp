// SPDX-License-Identifier: Apache-2.0
// What `tlsdoctor config` was asked for, and `check --config` for its half of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "diagnose/policy.hpp"

namespace tlsdoctor::cli {

/// The form of the result.
enum class ConfigFormat : std::uint8_t { text, json, sarif, github };

/// The settings.
struct ConfigSettings {
    std::string input{};          ///< file, folder, archive or `-`; empty: found by itself
    std::string server{};         ///< as `--server` names it; empty: recognised from the files
    std::string start_command{};  ///< a file or the text itself; empty: not known
    std::string server_version{}; ///< empty: detected or assumed
    std::string library_version{};
    std::string address{};            ///< `127.0.0.1:443`, or an address, or a port: these alone
    std::optional<std::string> sni{}; ///< this name alone
    bool no_sni{};                    ///< clients that send no name alone
    std::optional<diagnose::Policy> target{};
    ConfigFormat format{};
    bool lint{}; ///< for CI: nothing but the lines
    bool apply{};
    bool reload{};
    bool verify{};
};

} // namespace tlsdoctor::cli
