// SPDX-License-Identifier: Apache-2.0
// Dovecot's configuration: `key = value` lines in blocks of braces, `!include`, values that
// continue behind a backslash, `<file` values.
#pragma once

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Reads a file. Words of a setting: its key and its value (none where it is empty); of a section:
/// its type and its name; of `!include` and `!include_try`: themselves and the pattern. A value
/// that stood in quotes is `quoted`; continuations are joined with a blank.
Document read_dovecot_syntax(const Sources& sources, FileId file);

} // namespace tlsdoctor::config
