// SPDX-License-Identifier: Apache-2.0
// A capture file, pcap or pcapng.
#include <cstdint>

#include "capture/first_hello.hpp"
#include "client/hello.hpp"
#include "property.hpp"

namespace capture = tlsdoctor::capture;
namespace client = tlsdoctor::client;
namespace fuzz = tlsdoctor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto found = capture::first_hello({data, size});
    if (!found) {
        fuzz::require(!found.error().what.empty(), "an error has words");
        return 0;
    }
    const auto fields = client::read_hello(found->stream);
    fuzz::require(fields.has_value(), "what was found is a hello");
    fuzz::require(fields->size == found->stream.size(), "and nothing more");
    return 0;
}
