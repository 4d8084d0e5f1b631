// SPDX-License-Identifier: Apache-2.0
// Servers whose rule is: settings have one value each, and the last one that is read counts
// (PostgreSQL, MariaDB, Redis). Readers list what they read, in order; this says which one decides
// and makes lines of all of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// One setting as it was read.
struct Setting {
    std::string name{};  ///< in the spelling that the reader has chosen for all of its names
    std::string value{}; ///< without quotes
    Place statement{};
    Place value_place{};   ///< with its quotes
    std::string ignored{}; ///< why it does not count, as half a sentence; empty: it does
};

/// All settings of a server in the order in which they are read.
class Settings final {
public:
    void add(Setting setting) { all_.push_back(std::move(setting)); }

    /// Returns the one that counts; null where none does.
    const Setting* find(std::string_view name) const;
    /// Returns its value, or what holds where there is none.
    std::string value_or(std::string_view name, std::string_view otherwise) const;
    const std::vector<Setting>& all() const { return all_; }

    /// Adds a line for every setting of that name: the one that counts is effective, the others are
    /// inert.
    void add_lines(
        const Sources& sources, Service& service, std::string_view name, Aspect aspect,
        Rewrite rewrite = nullptr
    ) const;

private:
    std::vector<Setting> all_{};
};

/// Returns the place of `value` within a word of the command line `--name=value`; the whole word
/// where it has no `=`.
Place value_in_word(const Sources& sources, const CommandWord& word);

/// Returns where the bytes of a file come from: where the start script copies `path` from, else
/// `path` itself.
std::string original_of(const StartCommand& start, const std::string& path);

/// Puts a setting among the fatal ones whose OpenSSL cipher list selects nothing; null is none.
void refuse_empty_list(const Input& input, Reading& reading, const Setting* ciphers);

/// Returns `new_text` in the quotes (or none) that `old` is written in.
std::string quoted_as(std::string_view old, std::string_view new_text);

} // namespace tlsdoctor::config
