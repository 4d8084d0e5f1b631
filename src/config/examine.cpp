// SPDX-License-Identifier: Apache-2.0
// Reading and judging; see the header.
#include "config/examine.hpp"

#include "config/guilt.hpp"
#include "config/judge_parts.hpp"

namespace tlsdoctor::config {

namespace {

/// A server that refuses its configuration accepts nothing.
void close_all(std::vector<Effective>& effective) {
    for (Effective& one : effective) {
        one.versions = states_of({}, Obstacle::not_starting);
    }
}

} // namespace

Examination examine(
    const Server& server, Input input, const std::string& command, const std::string& command_path
) {
    Examination examination{.server = &server};
    Reading& reading = examination.reading;
    if (!command.empty()) {
        input.start =
            read_start_command(reading.sources, command_path, command, folder_of(input.main));
    }
    reading.server_version = input.server_version;
    server.read(input, reading);
    examination.beneath = beneath(input, server);
    for (const Service& service : reading.services) {
        examination.effective.push_back(judge(server, service, examination.beneath, input, reading)
        );
    }
    mark_guilty(reading, examination.effective);
    if (!reading.fatal.empty()) {
        close_all(examination.effective);
    }
    return examination;
}

} // namespace tlsdoctor::config
