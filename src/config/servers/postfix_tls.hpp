// SPDX-License-Identifier: Apache-2.0
// What Postfix' parameters make of TLS for one smtpd: level, versions, suites, and the lines that
// decide.
#pragma once

#include "config/servers/postfix_parameters.hpp"

namespace tlsdoctor::config {

/// One smtpd of master.cf.
struct PostfixDaemon {
    Place line{};       ///< its fields, without the options
    Place statement{};  ///< with them
    Settings options{}; ///< `-o name=value`, in order
};

/// Fills everything of a service but its address and names. `main` are the parameters of main.cf.
Service postfix_service(
    const Input& input, Reading& reading, const Settings& main, const PostfixDaemon& daemon
);

/// Ways to turn STARTTLS on.
std::vector<Proposal> propose_postfix(
    const Input& input, const Reading& reading, const Service& service, VersionSet wanted
);

} // namespace tlsdoctor::config
