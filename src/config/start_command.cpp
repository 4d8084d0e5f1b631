// SPDX-License-Identifier: Apache-2.0
// Reading start scripts; see the header.
#include "config/start_command.hpp"

namespace tlsdoctor::config {

StartCommand
read_start_command(Sources& sources, std::string path, std::string text, const std::string& folder) {
    sources.add(std::move(path), std::move(text));
    return {.folder = folder};
}

} // namespace tlsdoctor::config
