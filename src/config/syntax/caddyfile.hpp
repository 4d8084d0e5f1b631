// SPDX-License-Identifier: Apache-2.0
// The Caddyfile: words on lines, blocks in braces that stand at the end of a line, quotes,
// backquotes and heredocs. `{$NAME}` and `{$NAME:default}` are replaced from the environment before
// anything else.
#pragma once

#include <functional>
#include <optional>

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Returns the value of a variable; nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads a file. A block is a section whose words stand before its brace; the block of global
/// options has none. Never fails: what Caddy would refuse is a fault.
Document read_caddyfile(const Sources& sources, FileId file, const Environment& environment);

} // namespace tlsdoctor::config
