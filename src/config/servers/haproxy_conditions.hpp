// SPDX-License-Identifier: Apache-2.0
// HAProxy's `.if` expressions, after its src/cfgcond.c.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/syntax/haproxy.hpp"

namespace tlsdoctor::config {

/// What expressions ask about.
struct HaproxyFacts {
    const HaproxyEnvironment& environment;
    std::string server_version{};
    std::string library_version{};
};

/// Returns whether an expression holds; nullopt where HAProxy could not read it.
std::optional<bool> haproxy_condition(std::string_view expression, const HaproxyFacts& facts);

/// The `.if` blocks around a line.
class HaproxyBlocks {
public:
    /// Follows `.if`, `.elif`, `.else`, `.endif` (without the dot in `word`); returns what is
    /// wrong.
    std::optional<std::string>
    follow(std::string_view word, std::string_view expression, const HaproxyFacts& facts);
    /// Tells whether lines count here.
    bool alive() const;
    bool open() const { return !blocks_.empty(); }

private:
    enum class Branch : std::uint8_t { taken, waiting, done };
    struct Block {
        Branch branch{};
        bool last{}; ///< `.else` was there
    };
    Branch judge(std::string_view expression, const HaproxyFacts& facts, bool& readable) const;

    std::vector<Block> blocks_{};
};

} // namespace tlsdoctor::config
