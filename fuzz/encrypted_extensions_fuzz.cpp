// SPDX-License-Identifier: Apache-2.0
// EncryptedExtensions.
#include <cstdint>

#include "property.hpp"
#include "wire/tls13.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace tls13 = tlsdoctor::wire::tls13;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::exact({data, size}, tls13::read_encrypted_extensions, [](const auto& message) {
        return tls13::write(message);
    });
    return 0;
}
