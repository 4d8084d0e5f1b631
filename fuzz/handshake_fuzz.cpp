// SPDX-License-Identifier: Apache-2.0
// Handshake messages, in fragments of any size and with a low limit.
#include <cstdint>

#include "property.hpp"
#include "wire/handshake.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const wire::HandshakeReader reader(1024);
    fuzz::same_in_pieces<wire::HandshakeMessage>(reader, {data, size}, [](const auto& message) {
        return wire::write(message);
    });
    fuzz::exact({data, size}, wire::read_server_hello_done, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
