// SPDX-License-Identifier: Apache-2.0
// Hellos made once and completed for each connection: the bytes of `make_question`, without making
// them anew. What varies in a hello of a version's shape is its random bytes and the name; where
// those stand is found by making the hello with different ones, so that nothing here knows its
// form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "probe/plan.hpp"

namespace tlsdoctor::probe {

/// Completes hellos for questions of every shape but `Shape::composed`.
class HelloTemplates final {
public:
    /// `random` is asked for as many bytes, in the same order, as `make_question` asks for.
    explicit HelloTemplates(RandomSource random);

    /// Returns the bytes of `make_question(ask, random)`; borrows until the next call.
    ByteView hello(const Ask& ask);

private:
    /// Random bytes in the order in which they are drawn.
    struct Draw {
        std::size_t size{};
        std::size_t at{}; ///< where they stand
        bool shows{};     ///< they stand anywhere at all
    };
    struct Template {
        Bytes bytes{};
        std::vector<Draw> draws{};
        std::size_t name_at{}; ///< where the name stands; the template is for one length of it
    };

    static Template make(const Ask& ask);

    RandomSource random_;
    std::unordered_map<std::uint64_t, Template> made_{};
    Bytes hello_{};
};

/// Returns a source that draws from `random` in large pieces; not for secrets, of which a hello
/// that is never completed has none.
RandomSource in_large_pieces(RandomSource random);

} // namespace tlsdoctor::probe
