// SPDX-License-Identifier: Apache-2.0
// Versions before and after a change.
#include "client/change.hpp"

#include <algorithm>

namespace tlsdoctor::client {

std::vector<ProtocolVersion>
versions_after(const Change& change, std::span<const ProtocolVersion> now) {
    std::vector<ProtocolVersion> versions =
        change.versions.value_or(std::vector(now.begin(), now.end()));
    versions.insert(versions.end(), change.on.begin(), change.on.end());
    std::erase_if(versions, [&](ProtocolVersion version) {
        return std::ranges::find(change.off, version) != change.off.end();
    });
    std::ranges::sort(versions);
    const auto twice = std::ranges::unique(versions);
    versions.erase(twice.begin(), twice.end());
    return versions;
}

} // namespace tlsdoctor::client
