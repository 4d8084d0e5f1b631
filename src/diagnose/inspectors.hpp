// SPDX-License-Identifier: Apache-2.0
// Products that read TLS along by making up a certificate for each server: their authorities name
// themselves in the issuer.
#pragma once

#include <string_view>

namespace tlsdoctor::diagnose {

/// Words in the issuer of certificates that inspection products make up, and the product.
struct Inspector {
    std::string_view words{};
    std::string_view product{};
};

/// Returns the product whose words stand in the issuer's name (RFC 2253 form), null for none.
const Inspector* inspector_in(std::string_view issuer);

} // namespace tlsdoctor::diagnose
