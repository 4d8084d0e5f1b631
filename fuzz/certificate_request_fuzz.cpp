// SPDX-License-Identifier: Apache-2.0
// CertificateRequest; the lowest bit of the first byte chooses its form.
#include <cstdint>

#include "property.hpp"
#include "wire/certificate_request.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const auto version = (data[0] & 1U) != 0 ? tlsdoctor::ProtocolVersion::tls_1_2
                                             : tlsdoctor::ProtocolVersion::tls_1_1;
    const auto read = [version](tlsdoctor::ByteView body) {
        return wire::read_certificate_request(body, version);
    };
    fuzz::exact({data + 1, size - 1}, read, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
