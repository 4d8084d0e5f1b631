// SPDX-License-Identifier: Apache-2.0
// main(): words in, exit code out. An exception that comes this far is a bug of ours.
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/run.hpp"

int main(int count, char** words) {
    using tlsdoctor::cli::ExitCode;
    tlsdoctor::cli::secure_standard_streams();
    try {
        const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
        return std::to_underlying(tlsdoctor::cli::run(arguments));
    } catch (const std::exception& error) {
        std::fputs("tlsdoctor: internal error: ", stderr);
        std::fputs(error.what(), stderr);
        std::fputs("\n", stderr);
        return std::to_underlying(ExitCode::internal);
    }
}
