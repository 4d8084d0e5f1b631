// SPDX-License-Identifier: Apache-2.0
// Extension types and GREASE; the rows come from data/registry/extensions.tsv.
#include "registry/extension_type.hpp"

#include "registry/table.hpp"

namespace tlsdoctor {

namespace {

constexpr ExtensionInfo k_extensions[] = {
#include "extensions.inc"
};
static_assert(registry::strictly_ascending<ExtensionInfo>(k_extensions));

} // namespace

std::span<const ExtensionInfo> extension_types() {
    return k_extensions;
}

std::string name_of(ExtensionType type) {
    return registry::name_in<ExtensionInfo>(k_extensions, type);
}

bool is_grease(std::uint16_t number) {
    // 0x0a0a, 0x1a1a ... 0xfafa: two equal bytes whose low half is 0xa.
    const int high = number >> 8;
    const int low = number & 0xff;
    return high == low && (low & 0x0f) == 0x0a;
}

} // namespace tlsdoctor
