// SPDX-License-Identifier: Apache-2.0
// Which settings of this machine limit which program: variables of the environment, and files.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/local_files.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::cli {

/// What is known of a program before its settings are looked for.
struct LocalPlace {
    std::string_view program{}; ///< `curl`, `java` ...
    std::string_view library{}; ///< `OpenSSL`, `GnuTLS`, `JSSE` ...
    std::string java_home{};
    std::string openssl_folder{}; ///< as `openssl version -d` says it
    std::string openssl_flags{};  ///< as `openssl version -f` says it
};

/// Looks up a variable of the environment; nullopt where it is not set, or empty.
using Variable = std::function<std::optional<std::string>(const char* name)>;

/// Returns what is in this process's environment.
std::optional<std::string> set_variable(const char* name);

/// Returns the settings that limit a program.
std::vector<evidence::LocalSetting>
settings_for(const LocalPlace& place, const FileSource& files, const Variable& variables);

/// Notes at each setting that limits versions which of the offered ones it would forbid: the
/// program has read it nowhere, or its own code overrules it.
void note_contradictions(
    std::vector<evidence::LocalSetting>& settings, std::span<const ProtocolVersion> offered
);

/// Returns the settings of the whole system: its crypto policy.
std::vector<evidence::LocalSetting> system_settings(const FileSource& files);

} // namespace tlsdoctor::cli
