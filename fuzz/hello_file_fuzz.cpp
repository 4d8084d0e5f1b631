// SPDX-License-Identifier: Apache-2.0
// A file that is said to hold a hello, in any form.
#include <cstdint>

#include "client/hello.hpp"
#include "client/hello_file.hpp"
#include "property.hpp"

namespace client = tlsdoctor::client;
namespace fuzz = tlsdoctor::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto hello = client::hello_in_file({data, size});
    if (!hello) {
        fuzz::require(!client::describe(hello.error()).empty(), "an error has words");
        return 0;
    }
    const auto fields = client::read_hello(*hello);
    fuzz::require(fields.has_value(), "what was found is a hello");
    fuzz::require(fields->size == hello->size(), "and nothing more");
    return 0;
}
