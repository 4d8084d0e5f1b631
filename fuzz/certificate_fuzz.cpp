// SPDX-License-Identifier: Apache-2.0
// The Certificate message up to TLS 1.2.
#include <cstdint>

#include "property.hpp"
#include "wire/certificate.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::exact({data, size}, wire::read_certificate, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
