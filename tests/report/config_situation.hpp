// SPDX-License-Identifier: Apache-2.0
// Configurations that the tests of reports show: an nginx whose default server decides, one that
// does not start, and a healthy one.
#pragma once

#include "advise/config_file.hpp"

namespace tlsdoctor::report {

/// The default server of the socket accepts TLS 1.3 alone, and another block looks as if it
/// decided.
advise::ConfigFile default_server_decides();

/// With this list of suites nginx does not start.
advise::ConfigFile does_not_start();

/// TLS 1.2 and TLS 1.3.
advise::ConfigFile healthy_configuration();

} // namespace tlsdoctor::report
