// SPDX-License-Identifier: Apache-2.0
// Finds many literals in one pass (Aho and Corasick 1975). Most lines of a log hold none of the
// literals that the patterns need, and are done with after this.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::explain {

/// An automaton for a fixed set of literals in lower case; texts are read without regard to case.
class Literals final {
public:
    explicit Literals(std::span<const std::string> literals);

    /// Puts the numbers of the literals that stand in `text` into `found`, each once.
    void find(std::string_view text, std::vector<int>& found);

private:
    void add(std::string_view literal, int number);
    void connect();
    std::uint32_t& next(std::uint32_t state, std::uint8_t letter);

    std::array<std::uint8_t, 256> letter_of_{}; ///< bytes that stand in no literal are letter 0
    std::size_t letters_{1};
    std::vector<std::uint32_t> next_{};    ///< state x letter
    std::vector<int> literal_of_{};        ///< that ends in the state, -1 for none
    std::vector<std::uint32_t> shorter_{}; ///< the next state on the way of suffixes that ends one
    std::vector<std::uint32_t> seen_{};    ///< the pass that found the literal last
    std::vector<std::vector<int>> same_{}; ///< further numbers of an equal literal
    std::uint32_t pass_{};
};

} // namespace tlsdoctor::explain
