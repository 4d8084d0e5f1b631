// SPDX-License-Identifier: Apache-2.0
// Postfix' master.cf: a service on each line, its fields separated by white space, lines that begin
// with white space continue it. A word in braces, `{ name = value }`, is one word.
#pragma once

#include "config/syntax/document.hpp"

namespace tlsdoctor::config {

/// Reads a master.cf. The words of a statement are the service's fields: name, type, private,
/// unprivileged, chroot, wakeup, processes, command and the command's words. Words in braces are
/// `quoted`; their text is what stands between, without the blanks around it.
Document read_master_cf(const Sources& sources, FileId file);

} // namespace tlsdoctor::config
