// SPDX-License-Identifier: Apache-2.0
// Any bytes as a pasted text: what comes out keeps its promises, and pieces make no difference.
#include <cmath>
#include <cstdint>
#include <string_view>

#include "explain/explain.hpp"
#include "property.hpp"

namespace fuzz = tlsdoctor::fuzz;
namespace explain = tlsdoctor::explain;

namespace {

void check(const explain::Reading& reading) {
    for (const explain::Group& group : reading.groups) {
        double sum = 0;
        for (const explain::Candidate& candidate : group.meaning.candidates) {
            fuzz::require(candidate.cause != nullptr, "a candidate has a cause");
            sum += candidate.weight;
        }
        fuzz::require(std::abs(sum - 1) < 1e-6, "the weights are 1 together");
        fuzz::require(group.count > 0, "a group has a message");
        fuzz::require(group.first_line > 0, "lines are counted from 1");
        fuzz::require(group.first_line <= reading.lines, "a group is inside the text");
        fuzz::require(!group.next.empty(), "there is something to run next");
        fuzz::require(
            group.place.host.find_first_of(" '\";") == std::string::npos, "a host is one"
        );
    }
}

bool same(const explain::Reading& a, const explain::Reading& b) {
    return a.lines == b.lines && a.messages == b.messages && a.unrecognised == b.unrecognised &&
           std::ranges::equal(a.groups, b.groups, [](const auto& x, const auto& y) {
               return x.id == y.id && x.count == y.count && x.sample == y.sample;
           });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static explain::Reader reader; // made once: its patterns are compiled when they are met
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const explain::Reading whole = reader.read(text);
    check(whole);
    for (std::size_t at = 0; at < size; at += 1 + data[at] % 7) {
        reader.feed(text.substr(at, 1 + data[at] % 7));
    }
    fuzz::require(same(whole, reader.finish()), "pieces give the same");
    return 0;
}
