// SPDX-License-Identifier: Apache-2.0
// `--client`: a known client by its id, or a file with the hello of any.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "cli/usage_error.hpp"
#include "doctor/doctor.hpp"

namespace tlsdoctor::cli {

/// Reads the word behind `--client` into the question. What has a slash or the suffix of a
/// recording (`.hex`, `.bin`, `.pcap`, `.pcapng`) is a file, which is opened later; anything else
/// must be a known client.
std::optional<UsageError>
read_client(const std::string& word, doctor::Options& visit, std::string& file);

/// Reads the hello out of the file into `visit.simulation`.
std::optional<UsageError> read_client_file(const std::string& file, doctor::Options& visit);

} // namespace tlsdoctor::cli
