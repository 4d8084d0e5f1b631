// SPDX-License-Identifier: Apache-2.0
// One judge for each library beneath a server; judge.cpp chooses.
#pragma once

#include "config/judge.hpp"
#include "config/openssl_policy.hpp"

namespace tlsdoctor::config {

/// Everything that a judge may look at.
struct Hearing {
    const Server& server;
    const Service& service;
    const Beneath& beneath;
    const Input& input;
    Reading& reading;          ///< files that are read join its sources
    OpensslPolicies& policies; ///< of all services
};

/// Versions of OpenSSL, its security level and openssl.cnf.
Effective judge_openssl(const Hearing& hearing);
/// GnuTLS: `service.ciphers` is a priority string; beneath it the system's configuration.
Effective judge_gnutls(const Hearing& hearing);
/// Java: jdk.tls.disabledAlgorithms of java.security.
Effective judge_java(const Hearing& hearing);
/// Go: its library has no file of its own.
Effective judge_go(const Hearing& hearing);

/// Returns the system's configuration of GnuTLS: what the environment of the start command names,
/// then the distribution's place; empty where there is none.
std::string gnutls_conf_beneath(const Input& input);

/// The six versions, each accepted where `accepted` has it; what is missing has `obstacle`.
std::vector<VersionState> states_of(VersionSet accepted, Obstacle obstacle);

} // namespace tlsdoctor::config
