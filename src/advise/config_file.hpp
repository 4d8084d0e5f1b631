// SPDX-License-Identifier: Apache-2.0
// Everything known about one server's configuration; what its reports render.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advise/fix.hpp"
#include "diagnose/config_case.hpp"
#include "evidence/configuration.hpp"

namespace tlsdoctor::advise {

/// One edit in whole lines.
struct ConfigEdit {
    std::string file{};
    std::size_t line{}; ///< in the file as it is, from 1
    std::string before{};
    std::optional<std::string> after{}; ///< maybe several lines; nullopt: the line goes
};

/// A fix with the bytes that it changes. `fix.text` is the lines that are new.
struct ConfigFix {
    Fix fix{};
    std::vector<ConfigEdit> edits{};
    std::string diff{};           ///< unified
    std::string cause{};          ///< the finding that it is for
    std::size_t finding{};        ///< its number
    std::string goal{};           ///< `127.0.0.1:443 accepts TLS 1.2, TLS 1.3`
    std::size_t others_changed{}; ///< endpoints beyond the finding's that change as well
};

/// One thing that `--apply` or `--verify` did.
struct ConfigStep {
    std::string what{};    ///< `nginx tests its configuration`
    std::string state{};   ///< `done`, `failed`, `skipped`
    std::string command{}; ///< empty where none was run
    std::string detail{};
    std::string output{};
};

/// What came of `--apply` or `--verify`, of the first fix.
struct ConfigAction {
    std::string asked{}; ///< `apply` or `verify`
    bool applied{};      ///< the fix stands
    bool rolled_back{};
    bool verified{};
    bool interrupted{};
    std::vector<ConfigStep> steps{};
    std::vector<std::string> backups{};
};

/// One configuration's evidence, findings and fixes.
struct ConfigFile {
    evidence::Configuration configuration{};
    diagnose::ConfigDiagnosis diagnosis{};
    std::vector<ConfigFix> fixes{};
    std::optional<ConfigAction> action{};
};

/// Returns what a change of versions costs in security, one sentence.
std::string cost_of_versions(
    const std::vector<ProtocolVersion>& added, const std::vector<ProtocolVersion>& removed
);

/// Returns the commands that test a server's files and make it take them: `nginx -t && nginx -s
/// reload`; empty for a server that is not known.
std::string_view reload_command(std::string_view server);

/// Returns the command that asks the running server: `tlsdoctor check localhost:443 --sni a.test`.
std::string check_command(const evidence::ConfiguredEndpoint& endpoint);

} // namespace tlsdoctor::advise
