// SPDX-License-Identifier: Apache-2.0
// Reading and judging; see the header.
#include "config/examine.hpp"

#include "config/guilt.hpp"
#include "config/judge_parts.hpp"

#include <optional>

namespace tlsdoctor::config {

namespace {

/// A server that refuses its configuration accepts nothing.
void close_all(std::vector<Effective>& effective) {
    for (Effective& one : effective) {
        one.versions = states_of({}, Obstacle::not_starting);
    }
}

/// Tells why the main file cannot be read; a folder is the reader's business.
std::optional<std::string> unreadable(const Input& input) {
    if (input.files.kind_of(input.main) == FileKind::folder) {
        return std::nullopt;
    }
    const auto bytes = input.files.read(input.main);
    return bytes ? std::nullopt : std::optional{bytes.error().what};
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
    if (const auto why = unreadable(input)) {
        const FileId file = reading.sources.add(input.main, "");
        reading.fatal.push_back({{file, 0, 0}, "it cannot be read: " + *why});
        return examination;
    }
    server.read(input, reading);
    examination.beneath = beneath(input, server);
    examination.effective = judge_all(server, examination.beneath, input, reading);
    mark_guilty(reading, examination.effective);
    if (!reading.fatal.empty()) {
        close_all(examination.effective);
    }
    return examination;
}

} // namespace tlsdoctor::config
