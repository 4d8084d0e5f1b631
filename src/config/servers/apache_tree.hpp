// SPDX-License-Identifier: Apache-2.0
// An Apache configuration as httpd sees it once it is read: includes followed, conditions decided,
// macros and variables put in. Each directive keeps where it stands and, where its value came from
// a `Define`, a macro argument or the environment, where that stands.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/server.hpp"
#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// The place that supplies a value, or a part of it, to a directive elsewhere.
struct ApacheOrigin {
    Place statement{}; ///< `Define tlsver TLSv1.2`, `Use TLSHost a.test ...`, `export X=...`
    Place value{};     ///< the word that supplies
    bool whole{};      ///< the directive's value is nothing but this
};

/// A directive.
struct ApacheDirective {
    std::string name{};               ///< in small letters
    std::string value{};              ///< all after the name, with everything put in
    std::vector<std::string> words{}; ///< of the value
    Place statement{};
    Place place{}; ///< of the value
    std::vector<ApacheOrigin> origins{};
    std::vector<Place> includes{}; ///< the lines that brought its file in, since its scope began
    std::size_t scope{};           ///< of ApacheTree::scopes; 0 is the main server
    std::string within{};          ///< `<Directory /x>`, where it stands in one
    std::string asleep{};          ///< why it does not count: `<IfDefine MODERN> does not apply`
};

/// The main server or a virtual host.
struct ApacheScope {
    std::vector<std::string> addresses{}; ///< words of `<VirtualHost ...>`
    Place opening{};
};

/// The modules that are there.
struct ApacheModules {
    std::set<std::string> loaded{}; ///< `ssl_module`, `mod_ssl.c`
    bool known{};                   ///< a LoadModule was seen: what none named is not there

    /// Takes in `LoadModule` with these words.
    void load(const std::vector<std::string>& words);
    bool has(const std::string& name) const;
};

/// The whole configuration.
struct ApacheTree {
    std::vector<ApacheDirective> directives{};
    std::vector<ApacheScope> scopes{ApacheScope{}};
    ApacheModules modules{};
    std::vector<ApacheOrigin> idle{}; ///< definitions of versions that no directive uses
    std::string server_root{};
};

/// Reads everything from `input.main` on. Remarks and sources go to the reading.
ApacheTree read_apache_tree(const Input& input, Reading& reading);

/// Decides `<IfVersion words>`; nullopt where it is written in a way that is not understood.
std::optional<bool>
apache_version_fits(const std::vector<std::string>& words, std::string_view version);

/// Returns the directives that a `-C` or `-c` gives; their places are in the start command.
std::vector<Statement> apache_command_line(const Sources& sources, const CommandWord& word);

/// Returns the file, or all files of a folder and its subfolders in the order in which they are
/// read.
std::vector<std::string> apache_files_below(const Files& files, const std::string& path);

} // namespace tlsdoctor::config
