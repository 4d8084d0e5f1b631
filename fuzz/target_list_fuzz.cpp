// SPDX-License-Identifier: Apache-2.0
// A list of targets in any format: in pieces it gives the same as whole, and its items are bounded.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/list_reader.hpp"
#include "property.hpp"

namespace fleet = tlsdoctor::fleet;
namespace fuzz = tlsdoctor::fuzz;

namespace {

std::string words_of(const fleet::ListItem& item) {
    if (const auto* const problem = std::get_if<fleet::ListProblem>(&item)) {
        fuzz::require(!problem->what.empty(), "a problem has words");
        return "!" + std::to_string(problem->line) + problem->what;
    }
    const auto& entry = std::get<fleet::Entry>(item);
    fuzz::require(entry.line > 0, "an entry knows its line");
    fuzz::require(!entry.word.contains('\n'), "a word is of one line");
    if (entry.block) {
        fuzz::require(
            entry.block->first <= entry.block->last, "a block has a first and a last address"
        );
        fuzz::require(entry.block->first.v6 == entry.block->last.v6, "of one family");
    }
    return (entry.block ? text_of(entry.block->first) + "-" + text_of(entry.block->last)
                        : entry.word) +
           " " + std::to_string(entry.port.value_or(0)) + " " + entry.name + " " + entry.input;
}

std::vector<std::string> read_in_pieces(std::string_view text, std::size_t piece) {
    fleet::ListReader reader;
    std::vector<std::string> items;
    const auto take = [&] {
        while (const auto item = reader.take()) {
            items.push_back(words_of(*item));
        }
    };
    while (!text.empty()) {
        reader.feed(text.substr(0, piece));
        text.remove_prefix(std::min(piece, text.size()));
        take();
    }
    reader.finish();
    take();
    return items;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const auto whole = read_in_pieces(text, text.size() + 1);
    fuzz::require(whole.size() <= size + 1, "no more items than bytes, and one problem");
    fuzz::require(read_in_pieces(text, 7) == whole, "in pieces it is the same list");
    return 0;
}
