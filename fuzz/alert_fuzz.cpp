// SPDX-License-Identifier: Apache-2.0
// Two bytes of an alert.
#include <cstdint>

#include "property.hpp"
#include "wire/alert.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::exact({data, size}, wire::read_alert, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
