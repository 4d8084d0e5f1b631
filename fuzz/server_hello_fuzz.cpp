// SPDX-License-Identifier: Apache-2.0
// The body of a ServerHello or HelloRetryRequest, and what is asked of it.
#include <cstdint>

#include "property.hpp"
#include "wire/server_hello.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto hello = wire::read_server_hello({data, size});
    if (hello) {
        const auto sentinel = wire::downgrade_sentinel(hello->random);
        const bool retry = wire::is_hello_retry_request(*hello);
        fuzz::require(!retry || !sentinel, "a HelloRetryRequest warns of no downgrade");
        const auto* versions =
            wire::find(hello->extensions, tlsdoctor::ExtensionType::supported_versions);
        fuzz::require(
            versions != nullptr || wire::selected_version(*hello) == hello->legacy_version,
            "without supported_versions legacy_version counts"
        );
    }
    fuzz::exact({data, size}, wire::read_server_hello, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
