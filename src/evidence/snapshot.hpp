// SPDX-License-Identifier: Apache-2.0
// The results of one run in little memory: some hundred bytes a target, as the same words (causes,
// stacks, suites, sentences) come back again and again and are kept once. What comparisons and
// statistics of 100,000 targets work on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "evidence/result.hpp"
#include "registry/version.hpp"

namespace tlsdoctor::evidence {

/// The number of a text in `Words`; 0 is the empty text.
using Word = std::uint32_t;

/// Texts, each kept once.
class Words final {
public:
    Words() { static_cast<void>(number_of("")); }
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;

    /// Returns the number of a text, the same for the same text.
    Word number_of(std::string_view text);

    /// Returns the text of a number; it stays where it is.
    const std::string& text(Word word) const { return texts_[word]; }

private:
    std::deque<std::string> texts_{};
    std::unordered_map<std::string_view, Word> numbers_{};
};

/// ResultSuites in short.
struct BriefSuites {
    ProtocolVersion version{};
    bool complete{};
    std::vector<Word> names{}; ///< sorted by number
};

/// ResultEndpoint in short; words as there.
struct BriefAddress {
    Word address{};
    std::uint16_t port{};
    bool handshake{};
    Word state{};
    Word protocol{};
    Word stack{};
    Word trust{};
    Word certificate_sha256{};
    Word certificate_expires{};
    Word certificate_key{};
    std::array<Word, k_versions.size()> outcomes{}; ///< of `k_versions`; 0: not in the result
    std::vector<BriefSuites> suites{};
};

/// Result in short; words as there.
struct Brief {
    Word identity{};
    Word host{};
    std::uint16_t port{};
    bool has_sni{};
    bool has_starttls{};
    bool interrupted{};
    Word sni{};
    Word starttls{};
    Word started{};
    Word question{};
    Word status{};
    Word cause{};
    Word side{};
    Word summary{};
    std::vector<Word> findings{};
    std::vector<BriefAddress> addresses{};
};

/// The results of one run, each target once. Borrows the words, which several may share.
class Snapshot final {
public:
    explicit Snapshot(Words& words) : words_{&words} {}

    /// Adds a result; of several of one target the last one counts.
    void add(const Result& result);

    /// Returns the targets in the order in which they came first.
    const std::vector<Brief>& targets() const { return targets_; }

    /// Finds a target by its identity's number; null where it is not there.
    const Brief* find(Word identity) const;

    const Words& words() const { return *words_; }

private:
    Words* words_;
    std::vector<Brief> targets_{};
    std::unordered_map<Word, std::size_t> places_{};
};

/// Returns 3 for `fail`, 2 for `unsure`, 1 for `warn`, 0 for `ok`: the higher is the verdict.
int rank_of_status(std::string_view status);

/// Returns the place of a version in `k_versions`, or its size where it is none of them.
std::size_t place_of(ProtocolVersion version);

} // namespace tlsdoctor::evidence
