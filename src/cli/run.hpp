// SPDX-License-Identifier: Apache-2.0
// The program without its main(), so that tests can call it.
#pragma once

#include <span>
#include <string>

#include "cli/exit_code.hpp"

namespace tlsdoctor::cli {

/// Does what the words after the program's name say.
ExitCode run(std::span<const std::string> words);

} // namespace tlsdoctor::cli
