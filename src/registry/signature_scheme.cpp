// SPDX-License-Identifier: Apache-2.0
// Signature schemes; the rows come from data/registry/signature_schemes.tsv.
#include "registry/signature_scheme.hpp"

#include "registry/table.hpp"

namespace tlsdoctor {

namespace {

constexpr SignatureSchemeInfo k_schemes[] = {
#include "signature_schemes.inc"
};
static_assert(registry::strictly_ascending<SignatureSchemeInfo>(k_schemes));

} // namespace

std::span<const SignatureSchemeInfo> signature_schemes() {
    return k_schemes;
}

std::string name_of(SignatureScheme scheme) {
    return registry::name_in<SignatureSchemeInfo>(k_schemes, scheme);
}

} // namespace tlsdoctor
