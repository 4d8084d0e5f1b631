// SPDX-License-Identifier: Apache-2.0
// Proposals; see the header.
#include "config/servers/nginx_propose.hpp"

namespace tlsdoctor::config {

std::vector<Proposal> propose_nginx(
    const Input& /*input*/, const Reading& /*reading*/, const Service& /*service*/,
    VersionSet /*wanted*/
) {
    return {};
}

} // namespace tlsdoctor::config
