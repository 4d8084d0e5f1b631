// SPDX-License-Identifier: Apache-2.0
// Records of SSL 2.0 in pieces of any size, and its messages.
#include <cstdint>

#include "property.hpp"
#include "wire/ssl2.hpp"
#include "wire/ssl2_record.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace wire = tlsdoctor::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const tlsdoctor::ByteView bytes(data, size);
    const auto write = [](const auto& message) {
        return wire::write(message);
    };
    fuzz::exact(bytes, wire::read_ssl2_client_hello, write);
    fuzz::exact(bytes, wire::read_ssl2_server_hello, write);
    fuzz::exact(bytes, wire::read_ssl2_error, write);
    fuzz::same_in_pieces<wire::Ssl2Record>(wire::Ssl2RecordReader(), bytes, write);

    // What is framed as SSL 2.0 is at least cut into records by its reader.
    if (wire::framing_of(bytes) == wire::Framing::ssl2) {
        wire::Ssl2RecordReader reader;
        reader.feed(bytes);
        fuzz::require(reader.next().has_value(), "the framing and the reader agree");
    }
    return 0;
}
