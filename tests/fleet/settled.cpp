// SPDX-License-Identifier: Apache-2.0
// Settings with long times, and lines without them: the only thing that may differ between two runs
// over the same servers.
#include "fleet/settled.hpp"

#include <regex>

namespace tlsdoctor::fleet::test {

LaneSettings settings_for_versions() {
    LaneSettings settings;
    settings.visit.versions_only = true;
    settings.visit.answer_timeout = milliseconds(30'000);
    settings.visit.connect_timeout = milliseconds(30'000);
    settings.visit.deadline = milliseconds(60'000);
    settings.json = {.command = "scan", .version = "1.2.3", .data_date = "2026-01-01"};
    settings.wants_text = true;
    settings.connections = 200;
    settings.exit_code = [](const diagnose::Diagnosis& diagnosis, bool interrupted) {
        return interrupted ? 3 : static_cast<int>(diagnosis.findings.front().status);
    };
    return settings;
}

std::string without_times(std::string line) {
    static const std::regex k_times("\"started\": ?\"[^\"]*\"|\"elapsed_ms\": ?[0-9]+");
    return std::regex_replace(line, k_times, "TIME");
}

} // namespace tlsdoctor::fleet::test
