// SPDX-License-Identifier: Apache-2.0
// What keeps Dovecot from starting, and how TLS is turned on; see dovecot_tls.hpp.
#include "config/servers/dovecot_tls.hpp"
#include "config/servers/listening.hpp"

namespace tlsdoctor::config {

void check_dovecot(const Input& input, Reading& reading, const DovecotSettings& settings) {
    for (const DovecotSetting& one : settings.all) {
        const bool concerns = one.path.starts_with("ssl") && one.is_file;
        if (concerns && is_missing(input, reading, one.value)) {
            reading.fatal.push_back({one.statement, "the file does not exist"});
        }
    }
}

std::vector<Proposal> propose_dovecot(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const std::string_view text = reading.sources.text(line.value);
        if (service.door == Door::tls || line.role != Role::effective) {
            continue;
        }
        if (line.aspect == Aspect::tls && text == "no") {
            proposals.push_back({{{line.value, "yes"}}, "turn TLS on"});
        } else if (line.aspect == Aspect::certificate && text.starts_with('/')) {
            const Place front{line.value.file, line.value.begin, line.value.begin};
            proposals.push_back({{{front, "<"}}, "read the file instead of its name"});
        }
    }
    return proposals;
}

} // namespace tlsdoctor::config
