// SPDX-License-Identifier: Apache-2.0
// ServerKeyExchange; the first byte chooses the key exchange, the second the version.
#include <array>
#include <cstdint>

#include "property.hpp"
#include "wire/server_key_exchange.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

namespace {

using Kind = tlsdoctor::KeyExchange;

constexpr std::array k_kinds = {Kind::ecdhe,     Kind::dhe,     Kind::rsa, Kind::psk,
                                Kind::ecdhe_psk, Kind::dhe_psk, Kind::srp};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const tlsdoctor::KeyExchange kind = k_kinds[data[0] % k_kinds.size()];
    const auto version = (data[1] & 1U) != 0 ? tlsdoctor::ProtocolVersion::tls_1_2
                                             : tlsdoctor::ProtocolVersion::tls_1_0;
    const auto read = [=](tlsdoctor::ByteView body) {
        return wire::read_server_key_exchange(body, kind, version);
    };
    fuzz::exact({data + 2, size - 2}, read, [](const auto& message) {
        return wire::write(message);
    });
    return 0;
}
