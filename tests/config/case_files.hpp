// SPDX-License-Identifier: Apache-2.0
// The recorded configurations of tests/config/cases (102 of 20 servers, each measured on the real
// server), put into memory with their tokens replaced, and the knowledge of certificates and
// suites that goes with them.
#pragma once

#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "config/examine.hpp"
#include "config/mend.hpp"

namespace tlsdoctor::config {

/// One case, ready to be examined.
struct RecordedCase {
    std::string server{};
    std::string name{};
    boost::json::value expected{}; ///< of expected.json
    std::string main{};            ///< `/case/nginx.conf`
    std::string command{};         ///< the text of start.sh, at `/case/start.sh`
};

/// Returns the names `nginx/protocol-hole` of all cases, sorted; with the environment variable
/// TLSDOCTOR_CASES only those that begin with it.
std::vector<std::string> recorded_cases();

/// Loads a case: its files are put into `files` under `/case`, those of the lab's certificates
/// under `/pki`. Port `P0` is 25000, `P1` 25001 ...
RecordedCase load_case(const std::string& name, MemoryFiles& files);

/// Suites by OpenSSL, certificates by the names of `/pki`.
const Knowledge& lab_knowledge();

/// Examines a case as `tlsdoctor config --server S --start-command start.sh` would.
Examination examine_case(const RecordedCase& recorded, const Files& files);

/// Compares with what was measured; a sentence for each difference: versions, suites, groups,
/// certificate, responsible lines.
std::vector<std::string> differences(const RecordedCase& recorded, const Examination& examination);

/// Asks for the recorded fix's goal (what the probes that it changes accept in the end), and says
/// what is wrong with the answer: no fix, or one that leads elsewhere. Empty where all is well.
std::vector<std::string> fix_faults(const RecordedCase& recorded, const Files& files);

/// Finds the service that answers an address and name: the exact name, else the longest `*.`
/// pattern, else `*`; null where there is none.
const Service* service_for(
    const std::vector<Service>& services, const std::string& address, const std::string* sni,
    const std::string* starttls
);

} // namespace tlsdoctor::config
