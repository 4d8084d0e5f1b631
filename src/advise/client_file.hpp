// SPDX-License-Identifier: Apache-2.0
// Everything known about one client at the end of a recording; what its reports render.
#pragma once

#include <string>
#include <vector>

#include "advise/fix.hpp"
#include "diagnose/finding.hpp"
#include "evidence/client_visit.hpp"
#include "evidence/local_machine.hpp"

namespace tlsdoctor::advise {

/// One client's evidence, findings and fixes.
struct ClientFile {
    evidence::ClientVisit visit{};
    diagnose::Diagnosis diagnosis{};
    std::vector<Fix> fixes{};
};

/// The clients of this machine, each with its own file, in the order of `machine.programs`.
struct LocalFile {
    evidence::LocalMachine machine{};
    std::vector<ClientFile> clients{};
};

/// Diagnoses every program.
LocalFile local_file(evidence::LocalMachine machine);

/// Returns the worst verdict of all programs; null where there is none.
const diagnose::Finding* worst_of(const LocalFile& file);

/// Diagnoses a client and looks up its fixes. The lists of its hellos must have been read.
ClientFile client_file(evidence::ClientVisit visit);

/// Returns the fixes on the client's side for the verdict: those for the program that was run, and
/// those for any; where the program is not known, all of them.
std::vector<Fix>
fixes_for(const diagnose::Diagnosis& diagnosis, const evidence::ClientVisit& visit);

/// Returns the command that records the same client again.
std::string command_for(const evidence::ClientVisit& visit);

} // namespace tlsdoctor::advise
