// SPDX-License-Identifier: Apache-2.0
// How STARTTLS is turned on in Postfix: a level that says no is written anew, else the parameter is
// inserted behind the certificate's.
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/postfix_tls.hpp"

namespace tlsdoctor::config {

std::vector<Proposal> propose_postfix(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    std::vector<Proposal> proposals;
    if (service.door == Door::tls) {
        return proposals;
    }
    const Sources& sources = reading.sources;
    const Line* place = nullptr;
    for (const Line& line : service.lines) {
        const std::string_view text = sources.text(line.statement);
        if (text.contains("smtpd_tls_security_level") && line.role == Role::effective) {
            proposals.push_back({{{line.value, "may"}}, "offer STARTTLS"});
        }
        const bool better = text.starts_with("smtpd_tls_key_file") ||
                            (place == nullptr && text.starts_with("smtpd_tls_cert_file"));
        place = better ? &line : place;
    }
    if (proposals.empty() && place != nullptr) {
        const std::size_t end =
            sources
                .line({place->statement.file, std::max(place->statement.end, std::size_t{1}) - 1, 0}
                )
                .end;
        proposals.push_back(
            {{{{place->statement.file, end, end}, "\nsmtpd_tls_security_level = may"}},
             "offer STARTTLS"}
        );
    }
    return proposals;
}

} // namespace tlsdoctor::config
