// SPDX-License-Identifier: Apache-2.0
// The option files of MariaDB and its command line: which groups count for the server, in which
// order, and under which of their many spellings options stand there.
#pragma once

#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

/// Reads my.cnf, what it includes, and the command line. Names have underscores and no prefix such
/// as `loose_`; `skip_ssl` is `ssl` with `0`. Options of other programs are there too, ignored.
Settings read_mariadb_options(const Input& input, Reading& reading);

} // namespace tlsdoctor::config
