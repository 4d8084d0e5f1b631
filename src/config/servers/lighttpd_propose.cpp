// SPDX-License-Identifier: Apache-2.0
// Edits of lighttpd configurations that rewriting a value cannot make: TLS for a socket that has
// none, and pairs put into a list that is there, as a second list would be an error.
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "config/servers/lighttpd_commands.hpp"
#include "config/servers/lighttpd_model.hpp"

namespace tlsdoctor::config {

namespace {

/// The pairs of a list that the block replaces, put into the block's list.
void propose_whole_list(
    const Reading& reading, const Service& service, const Line& line,
    std::vector<Proposal>& proposals
) {
    const std::string_view text = reading.sources.text(line.statement);
    const std::size_t open = text.find('(');
    if (!text.starts_with(k_lighttpd_commands) || open == text.npos) {
        return;
    }
    for (const Line& other : service.lines) {
        const std::string_view above = reading.sources.text(other.statement);
        const std::size_t begin = above.find('(');
        const std::size_t end = above.rfind(')');
        const bool list = above.starts_with(k_lighttpd_commands) && begin != above.npos &&
                          end != above.npos && begin < end;
        if (other.role == Role::inert && other.statement != line.statement && list) {
            std::string pairs;
            for (const std::string_view pair :
                 split(above.substr(begin + 1, end - begin - 1), ',')) {
                pairs += std::string{trimmed(pair)} + ", ";
            }
            const std::size_t at = line.statement.begin + open + 1;
            proposals.push_back(
                {{{{line.statement.file, at, at}, pairs}},
                 "the block's list replaces all of the file's"}
            );
            return;
        }
    }
}

} // namespace

std::vector<Proposal> propose_lighttpd(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet wanted
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const std::string_view text = reading.sources.text(line.statement);
        if (line.role != Role::effective) {
            continue;
        }
        if (service.door == Door::plain && text.starts_with('$')) {
            const std::string_view bytes = reading.sources.at(line.statement.file).bytes;
            const std::size_t brace = bytes.find('{', line.statement.end);
            const std::string_view between =
                bytes.substr(line.statement.end, brace - line.statement.end);
            if (brace != bytes.npos && trimmed(between).empty()) {
                const Place after{line.statement.file, brace + 1, brace + 1};
                proposals.push_back({{{after, " ssl.engine = \"enable\""}}, "TLS for this socket"});
            }
        }
        const std::size_t open = text.find('(');
        propose_whole_list(reading, service, line, proposals);
        if (service.door == Door::tls && text.starts_with(k_lighttpd_commands) &&
            open != text.npos && !wanted.empty()) {
            const std::size_t at = line.statement.begin + open + 1;
            const std::string list = lighttpd_list("", wanted).value();
            const std::string pairs = list.substr(1, list.size() - 2) + ", ";
            proposals.push_back(
                {{{{line.statement.file, at, at}, pairs}}, "versions in the list that is there"}
            );
        }
    }
    return proposals;
}

} // namespace tlsdoctor::config
