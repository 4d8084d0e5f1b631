// SPDX-License-Identifier: Apache-2.0
// What Java's own policy forbids to every TLS connection: `jdk.tls.disabledAlgorithms` of
// java.security, and of the file that `-Djava.security.properties` names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// A line `key = value` of a properties file, continuations joined.
struct JavaProperty {
    std::string key{};
    std::string value{};
    Place statement{};
    Place place{}; ///< of the value, with its continuations
};

/// Reads a properties file.
std::vector<JavaProperty> java_properties(const Sources& sources, FileId file);

/// The policy in force.
struct JavaPolicy {
    std::vector<std::string> disabled{}; ///< `TLSv1`, `RC4`, `EC keySize < 224`, `TLS_RSA_*`
    std::vector<Line> lines{};           ///< the properties that say so, the last one decides
};

/// Finds the files that count, in order: the JDK's own, then the one of the command line, which
/// takes its place where it is given with `==`.
std::vector<std::string> java_security_files(const Input& input);

/// Reads them; where no file is found, it is what JDK 17 comes with. Files join the sources.
JavaPolicy java_policy(const std::vector<std::string>& files, const Files& tree, Reading& reading);

/// Returns the value of `-Dname=value` of the command line or of JAVA_OPTS and its like; the last
/// one counts, nullopt where there is none.
std::optional<std::string> java_system_property(const StartCommand& start, std::string_view name);

/// Takes the versions out of a list of disabled algorithms that are wanted, and puts those in that
/// are not; see Rewrite.
std::optional<std::string> rewritten_disabled_versions(std::string_view old, VersionSet wanted);

} // namespace tlsdoctor::config
