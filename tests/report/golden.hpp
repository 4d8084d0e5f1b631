// SPDX-License-Identifier: Apache-2.0
// Compares a report with the file that shows how it should look; `UPDATE_GOLDEN=1` writes the file
// instead, for a person to read the difference before it is committed.
#pragma once

#include <string>
#include <string_view>

namespace tlsdoctor::report {

/// Returns the golden file's text. With `UPDATE_GOLDEN=1` in the environment it writes `text`
/// first.
std::string golden(std::string_view file_name, std::string_view text);

} // namespace tlsdoctor::report
