// SPDX-License-Identifier: Apache-2.0
// Reading openssl.cnf; see the header.
#include "config/openssl_policy.hpp"

namespace tlsdoctor::config {

OpensslPolicy read_openssl_policy(
    const Files& /*files*/, const std::string& /*path*/, std::string_view /*name*/,
    Sources& /*sources*/, std::vector<Remark>& /*remarks*/
) {
    return {};
}

} // namespace tlsdoctor::config
