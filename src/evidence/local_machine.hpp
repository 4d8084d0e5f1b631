// SPDX-License-Identifier: Apache-2.0
// The TLS clients of this machine: what each offered and accepted when it was run, and the settings
// that limit it, with file and line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "evidence/client_visit.hpp"

namespace tlsdoctor::evidence {

/// A setting that decides something about TLS.
struct LocalSetting {
    std::string name{};            ///< `MinProtocol`, `NODE_OPTIONS`
    std::string value{};           ///< as it is written
    std::string file{};            ///< `environment` for a variable
    std::size_t line{};            ///< 0 where there is none
    std::string effect{};          ///< one sentence, without a full stop
    std::string contradicted_by{}; ///< what the program offers against it; empty: nothing
};

/// A program, as it was run.
struct LocalProgram {
    std::string name{};    ///< `curl`
    std::string path{};    ///< as PATH finds it
    std::string version{}; ///< in the program's own words
    std::string library{}; ///< `OpenSSL`, `GnuTLS`, `JSSE`, `crypto/tls`
    ClientVisit visit{};   ///< its hello, and how it ended
    std::vector<LocalSetting> settings{};
};

/// Everything that was found.
struct LocalMachine {
    std::string started{}; ///< RFC 3339
    double elapsed_ms{};
    bool interrupted{};
    std::vector<LocalProgram> programs{};
    std::vector<LocalSetting> settings{}; ///< of the system, for every program
};

} // namespace tlsdoctor::evidence
