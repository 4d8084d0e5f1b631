// SPDX-License-Identifier: Apache-2.0
// Records of TLS, in pieces of any size.
#include <cstdint>

#include "property.hpp"
#include "wire/record.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::same_in_pieces<wire::Record>(wire::RecordReader(), {data, size}, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
