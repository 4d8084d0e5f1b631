// SPDX-License-Identifier: Apache-2.0
// Golden files live in tests/golden/report/.
#include "golden.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tlsdoctor::report {

std::string golden(std::string_view file_name, std::string_view text) {
    const std::filesystem::path path =
        std::filesystem::path{TLSDOCTOR_SOURCE_DIR} / "tests/golden/report" / file_name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        std::ofstream{path, std::ios::binary} << text;
    }
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace tlsdoctor::report
