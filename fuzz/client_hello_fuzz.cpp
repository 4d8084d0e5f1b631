// SPDX-License-Identifier: Apache-2.0
// The body of a ClientHello.
#include <cstdint>

#include "property.hpp"
#include "wire/client_hello.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::exact({data, size}, wire::read_client_hello, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
