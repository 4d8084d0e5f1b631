// SPDX-License-Identifier: Apache-2.0
// CertificateRequest of TLS 1.3; the names in it are an extension (extensions_fuzz.cpp).
#include <cstdint>

#include "property.hpp"
#include "wire/tls13.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace tls13 = tlsdoctor::wire::tls13;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::exact({data, size}, tls13::read_certificate_request, [](const auto& message) {
        return tls13::write(message);
    });
    return 0;
}
