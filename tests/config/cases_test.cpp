// SPDX-License-Identifier: Apache-2.0
// What the reader and the judge say of each recorded configuration, held against what the real
// server was measured to do.
#include <map>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/text.hpp"
#include "config/case_files.hpp"

namespace tlsdoctor::config {

TEST_CASE("every recorded configuration is judged as the real server was measured") {
    std::map<std::string, std::pair<int, int>> table;
    for (const std::string& name : recorded_cases()) {
        MemoryFiles files;
        const RecordedCase recorded = load_case(name, files);
        const auto faults = differences(recorded, examine_case(recorded, files));
        auto& [right, wrong] = table[recorded.server];
        ++(faults.empty() ? right : wrong);
        CAPTURE(name);
        const std::string said = joined(faults, "\n");
        CHECK_MESSAGE(faults.empty(), said);
    }
    for (const auto& [server, count] : table) {
        fmt::print("{:<12} {:>3} right {:>3} wrong\n", server, count.first, count.second);
    }
}

TEST_CASE("for every recorded configuration a fix is found that leads where the recorded one led") {
    std::map<std::string, std::pair<int, int>> table;
    for (const std::string& name : recorded_cases()) {
        MemoryFiles files;
        const RecordedCase recorded = load_case(name, files);
        const auto faults = fix_faults(recorded, files);
        auto& [right, wrong] = table[recorded.server];
        ++(faults.empty() ? right : wrong);
        CAPTURE(name);
        const std::string said = joined(faults, "\n");
        CHECK_MESSAGE(faults.empty(), said);
    }
    for (const auto& [server, count] : table) {
        fmt::print("fixes {:<12} {:>3} right {:>3} wrong\n", server, count.first, count.second);
    }
}

} // namespace tlsdoctor::config
