// SPDX-License-Identifier: Apache-2.0
// The targets of a run, one after the other: lists and words read as a stream, blocks written out
// one address at a time, ports put to hosts, duplicates folded, the excluded left out.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "evidence/visit.hpp"
#include "fleet/entry.hpp"
#include "fleet/exclusion.hpp"
#include "fleet/input.hpp"
#include "fleet/list_reader.hpp"
#include "fleet/seen.hpp"

namespace tlsdoctor::fleet {

/// Where targets come from and what is done to them.
struct SourceOptions {
    std::vector<std::string> words{};   ///< of the command line, each as a line of a list
    std::vector<std::string> files{};   ///< read after them; `-` is standard input
    std::vector<std::uint16_t> ports{}; ///< where an entry names none; empty: the word's default
    WordReader read_word{};
    const Exclusion* exclusion{};                           ///< null: nobody is excluded
    std::function<bool(const evidence::Target&)> is_done{}; ///< finished by an earlier run
    std::uint64_t key{};                                    ///< random, for the hashes
    bool folds{true};                                       ///< leaves out what came before
};

/// A line that was left out.
struct SourceProblem {
    std::string file{}; ///< for messages; empty: the command line
    ListProblem problem{};
};

/// How many there were of what; may be read from another thread.
struct SourceCounts {
    std::atomic<std::size_t> targets{};
    std::atomic<std::size_t> duplicates{};
    std::atomic<std::size_t> excluded{};
    std::atomic<std::size_t> done_before{};
    std::atomic<std::size_t> problems{};
    std::atomic<std::uint64_t> ahead{};      ///< addresses of the block at hand, still to come
    std::atomic<std::uint64_t> bytes_read{}; ///< of regular files
    std::atomic<bool> ended{};
};

/// Hands out the targets. Reading waits for slow writers.
class TargetSource final {
public:
    using Item = std::variant<evidence::Target, SourceProblem>;

    explicit TargetSource(SourceOptions options) : options_{std::move(options)} {}
    ~TargetSource();
    TargetSource(const TargetSource&) = delete;
    TargetSource& operator=(const TargetSource&) = delete;

    /// Opens every file; once, before anything is read. The error is one line.
    std::expected<void, std::string> open();

    /// Returns the next target or problem; nullopt at the end.
    std::optional<Item> next();

    /// Makes `next` return nullopt soon, even where it waits; from any thread.
    void stop();

    const SourceCounts& counts() const { return counts_; }

    /// Returns the size of the regular files together; 0 where another kind is among them.
    std::uint64_t bytes() const { return bytes_; }

private:
    bool begin_next_list();
    std::optional<ListItem> next_item();
    std::optional<Item> next_of_block();
    std::optional<Item> next_of_word();
    std::optional<Item> checked(evidence::Target target);
    bool is_duplicate(const evidence::Target& target);
    bool is_in_a_block(const evidence::Target& target) const;
    std::optional<Item> read_at(const Word& word, std::size_t line);
    void begin(Entry entry);
    SourceProblem problem(ListProblem what);

    SourceOptions options_;
    SourceCounts counts_{};
    std::uint64_t bytes_{};
    std::atomic<bool> stopped_{};
    int stop_event_{-1};
    std::size_t word_{}; ///< of the command line, the next one
    std::vector<Input> inputs_{};
    std::size_t input_{}; ///< the one after the one that is read
    std::optional<ListReader> reader_{};
    bool ended_{};       ///< the reader has all of its list
    std::string file_{}; ///< where the entry at hand stands

    std::optional<Entry> entry_{};             ///< not written out yet
    std::vector<std::uint16_t> entry_ports_{}; ///< the ports of the entry; empty: its own
    std::size_t port_{};                       ///< the next of them
    Ip address_{};                             ///< the next of its block

    Fingerprints singles_{options_.key};
    std::map<std::uint16_t, IpSet> blocks_{}; ///< by port
};

/// Returns what makes two targets of a list the same question.
std::string identity_of(const evidence::Target& target);

} // namespace tlsdoctor::fleet
