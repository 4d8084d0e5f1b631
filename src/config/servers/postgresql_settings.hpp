// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL reads, in its order: postgresql.conf with its includes, postgresql.auto.conf of
// the data directory, the command line. The last one counts.
#pragma once

#include <string>

#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

/// All settings and the folder that relative paths of certificates begin in.
struct PostgresqlSettings {
    Settings settings{};
    std::string data_folder{};
};

/// Reads them; what PostgreSQL would not start with goes to `reading.fatal`.
PostgresqlSettings read_postgresql_settings(const Input& input, Reading& reading);

} // namespace tlsdoctor::config
