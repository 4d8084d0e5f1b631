// SPDX-License-Identifier: Apache-2.0
// Reads the files in which the TLS settings of this machine's clients stand. Texts come from a
// function, so that tests need no files; what is not there has no settings.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/local_machine.hpp"

namespace tlsdoctor::cli {

/// Where the texts of files and the names in folders come from.
struct FileSource {
    std::function<std::optional<std::string>(const std::string& path)> text{};
    std::function<std::vector<std::string>(const std::string& folder)> entries{};
};

/// Returns the source that reads this machine's files; large ones count as absent.
FileSource this_machine();

/// Reads openssl.cnf with what it includes: the settings that `openssl_conf` -> `ssl_conf` ->
/// `system_default` leads to. A section of settings to which nothing leads is told as such.
std::vector<evidence::LocalSetting>
openssl_settings(const std::string& path, const FileSource& files);

/// Reads `name = value` and `name value` lines of a file for these names (in any case): .curlrc,
/// .wgetrc, java.security (with its continuation lines), GnuTLS's config. The last one of a name
/// counts where `last_counts`, else all are returned.
std::vector<evidence::LocalSetting> named_settings(
    const std::string& path, const std::vector<std::string_view>& names, const FileSource& files,
    bool last_counts
);

/// Says in one sentence what an openssl.cnf setting means.
std::string effect_of_openssl(std::string_view name, std::string_view value);

} // namespace tlsdoctor::cli
